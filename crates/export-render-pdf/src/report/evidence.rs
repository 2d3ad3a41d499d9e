//! What an auditor asks: who asked what and when, of which data, and who decided.

use std::collections::BTreeMap;

use export_core::compliance::Standings;
use export_core::finding::VexStatus;
use export_core::manifest::TemplateRecord;
use export_core::ports::{Brief, SnapshotFacts};
use export_core::record::FindingRecord;
use export_core::time::Timestamp;
use export_render_kit::charts::qr_code;
use export_templates::format;
use export_templates::view::{Evidence, Said, Tally};

use super::compliance::tally;
use super::history::scan_row;
use super::plan::Plan;
use super::seal;
use super::words::{NAME, Pen, time};

/// Documents with statements that are kept.
const DOCUMENTS: usize = 500;

/// Who stated what, so far.
#[derive(Default)]
pub(super) struct Statements {
    by: BTreeMap<(String, String), ([u64; 4], Option<Timestamp>)>,
    more: u64,
}

impl Statements {
    /// One more record, with or without a statement.
    pub(super) fn add(&mut self, record: &FindingRecord<'_>, pen: &Pen) {
        let Some(vex) = &record.vex else { return };
        let author = pen.copy_or(&vex.author, NAME, "nobody named");
        let key = (author, pen.copy_or(&vex.document, NAME, "unnamed document"));
        if self.by.len() == DOCUMENTS && !self.by.contains_key(&key) {
            self.more += 1;
            return;
        }
        let (counts, newest) = self.by.entry(key).or_default();
        counts[vex.status as usize] += 1;
        *newest = (*newest).max(vex.timestamp);
    }

    fn finish(self) -> (Vec<Said>, u64) {
        let mut rows: Vec<_> = self.by.into_iter().collect();
        rows.sort_by_key(|(_, (counts, _))| std::cmp::Reverse(counts.iter().sum::<u64>()));
        let said =
            |((author, document), (counts, newest)): ((String, String), ([u64; 4], Option<Timestamp>))| {
                Said {
                    author,
                    document,
                    what: what(&counts),
                    newest: newest.map(|at| format::date(at.to_utc())),
                }
            };
        (rows.into_iter().map(said).collect(), self.more)
    }
}

/// `not affected 3, fixed 1`.
fn what(counts: &[u64; 4]) -> String {
    let counts = VexStatus::ALL.into_iter().zip(counts).filter(|(_, count)| **count > 0);
    let parts: Vec<String> = counts
        .map(|(status, count)| format!("{} {}", status.as_str().replace('_', " "), format::count(*count)))
        .collect();
    parts.join(", ")
}

/// The section.
pub(super) fn section(
    brief: &Brief<'_>,
    facts: &SnapshotFacts,
    (template, plan): (&TemplateRecord, &Plan),
    statements: Statements,
    pen: &Pen,
) -> Evidence {
    let most = usize::try_from(plan.most).unwrap_or(usize::MAX).min(facts.scans.len());
    let (statements, more_statements) = statements.finish();
    let snapshot = format!("sha256:{}", facts.digest);
    Evidence {
        export: brief.export_id.to_string(),
        tenant: brief.tenant.to_string(),
        asked_at: time(brief.created_at),
        code: qr_code(&snapshot, "QR code of the snapshot's digest").map(Into::into),
        snapshot,
        template: format!("sha256:{}", template.digest),
        scans: (0..most).map(|at| scan_row(facts, at, pen)).collect(),
        more_scans: (facts.scans.len() - most) as u64,
        statements,
        more_statements,
        policies: policies(facts, pen),
        seal: brief.seal.map(seal::view),
    }
}

/// The policy sets with what they decided: as verdicts stand now, if that is known.
fn policies(facts: &SnapshotFacts, pen: &Pen) -> Vec<(String, Tally)> {
    let mut sets: BTreeMap<&str, Standings> = BTreeMap::new();
    match &facts.compliance {
        Some(known) => {
            for rule in &known.rules {
                let sum = sets.entry(&rule.policy_set).or_default();
                *sum = sum.plus(&rule.standings);
            }
        }
        None => {
            for policy in &facts.policies {
                let sum = sets.entry(&policy.policy_set).or_default();
                *sum = sum.plus(&Standings { by_decision: policy.by_decision, expired_waivers: 0 });
            }
        }
    }
    sets.into_iter().map(|(set, sum)| (pen.copy_or(set, NAME, "unnamed"), tally(&sum))).collect()
}
