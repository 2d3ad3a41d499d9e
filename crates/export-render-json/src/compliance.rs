//! Policy compliance: what policies come to, by rule and by image, and every verdict (`docs/formats/policy-compliance.md`).

mod numbers;
mod verdict;

use std::collections::HashMap;

use export_core::code::Code;
use export_core::compliance::ComplianceFacts;
use export_core::ports::{Brief, Outlet, RecordKind, RenderError, Rendered, Said, Snapshot, SnapshotFacts};
use export_render_kit::json_stream::{JsonStream, Layout};
use serde::Serialize;

use self::numbers::{ImageJson, OverallJson, PolicySetJson};
use self::verdict::VerdictJson;
use crate::document::{write_begin, write_sources};

/// The schema's name; its number grows when a reader of the old one would be misled.
const SCHEMA: &str = "policy-compliance/v1";
/// Records between two beats.
const BEAT: u64 = 1_000;

/// Writes the whole report.
pub(crate) fn render(
    brief: &Brief<'_>,
    from: &dyn Snapshot,
    out: &mut dyn Outlet,
    layout: Layout,
) -> Result<Rendered, RenderError> {
    let facts = from.facts();
    let Some(compliance) = &facts.compliance else {
        return Err(RenderError::new(
            Code::Internal,
            "the snapshot was made without verdicts as they were read",
        ));
    };
    let mut stream = JsonStream::begin(out, layout);
    write_begin(&mut stream, SCHEMA, brief)?;
    stream.member("snapshot", &SnapshotJson::of(facts))?;
    stream.member("overall", &OverallJson::of(compliance))?;
    let mut sets = stream.array("policy_sets", "policy_set")?;
    for rules in compliance.rules.chunk_by(|one, next| one.policy_set == next.policy_set) {
        sets.item(&PolicySetJson::of(rules))?;
    }
    sets.end();
    let mut images = stream.array("images", "image")?;
    facts
        .scans
        .iter()
        .zip(&compliance.scans)
        .try_for_each(|(scan, standings)| images.item(&ImageJson::of(&scan.scan, standings)))?;
    images.end();
    write_sources(&mut stream, facts)?;
    let rows = verdicts(&mut stream, brief, from, compliance)?;
    if layout == Layout::Lines {
        stream.member("end", &EndJson { verdicts: rows })?;
    }
    stream.end()?;
    Ok(Rendered { rows: Some(rows), lists: vec![(RecordKind::Verdict, rows)], ..Rendered::default() })
}

/// Every verdict, in the order of reading; how many there are.
fn verdicts<W: std::io::Write>(
    stream: &mut JsonStream<W>,
    brief: &Brief<'_>,
    from: &dyn Snapshot,
    compliance: &ComplianceFacts,
) -> Result<u64, RenderError> {
    let facts = from.facts();
    let images: HashMap<&str, &str> =
        facts.scans.iter().map(|it| (it.scan.id.as_str(), &*it.scan.image)).collect();
    let mut list = stream.array("verdicts", "verdict")?;
    let (mut rows, mut read) = (0, 0_u64);
    let mut cursor = from.annotations()?;
    // What is done is told in findings, and none of them is looked at: the beat only asks whether to go on.
    brief.pulse.beat(0)?;
    while let Some(annotation) = cursor.next()? {
        read += 1;
        if read % BEAT == 0 {
            brief.pulse.beat(0)?;
        }
        let Said::Verdict(verdict) = &annotation.said else { continue };
        let image = images.get(annotation.scan_id.as_str()).copied().unwrap_or_default();
        list.item(&VerdictJson::of(&annotation.scan_id, image, verdict, facts.taken_at))?;
        rows += 1;
    }
    list.end();
    brief.pulse.beat(0)?;
    let counted = compliance.verdicts();
    if rows != counted {
        let message = format!("the snapshot gave {rows} verdicts and counts {counted}");
        return Err(RenderError::new(Code::StorageCorrupt, message));
    }
    Ok(rows)
}

#[derive(Serialize)]
struct SnapshotJson {
    taken_at: export_core::time::Timestamp,
    digest: export_core::digest::Digest,
    /// Findings of the scope, whether a verdict is about them or not.
    findings: u64,
    unmatched_verdicts: u64,
}

impl SnapshotJson {
    fn of(facts: &SnapshotFacts) -> Self {
        Self {
            taken_at: facts.taken_at,
            digest: facts.digest,
            findings: facts.totals.findings,
            unmatched_verdicts: facts.unmatched_verdicts,
        }
    }
}

/// The last line of JSON lines.
#[derive(Serialize)]
struct EndJson {
    verdicts: u64,
}
