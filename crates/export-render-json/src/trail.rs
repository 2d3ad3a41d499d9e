//! The audit trail as a document: what it comes to first, the events last.

use std::collections::BTreeMap;

use export_core::audit::{AuditAction, AuditFacts, FlatEvent};
use export_core::digest::Digest;
use export_core::ports::{Brief, Outlet, RecordKind, RenderError, Rendered, Snapshot, SnapshotFacts};
use export_core::time::Timestamp;
use export_render_kit::json_stream::{JsonStream, Layout};
use export_render_kit::rows::for_each_event;
use serde::Serialize;

use crate::document::{ExportJson, RequestJson};

/// The schema's name; its number grows when a reader of the old one would be misled.
const SCHEMA: &str = "audit-log/v1";

pub(crate) fn write(
    brief: &Brief<'_>,
    from: &dyn Snapshot,
    out: &mut dyn Outlet,
    layout: Layout,
) -> Result<Rendered, RenderError> {
    let facts = from.facts();
    let mut stream = JsonStream::begin(out, layout);
    stream.member("schema", SCHEMA)?;
    stream.member("export", &ExportJson::of(brief))?;
    stream.member("request", &RequestJson::of(brief))?;
    stream.member("snapshot", &TakenJson::of(facts))?;
    stream.member("totals", &TotalsJson::of(facts.audit.as_ref().unwrap_or(&AuditFacts::default())))?;
    let mut sources = stream.array("sources", "source")?;
    facts.sources.iter().try_for_each(|source| sources.item(source))?;
    sources.end();
    let mut warnings = stream.array("warnings", "warning")?;
    facts.warnings.iter().try_for_each(|warning| warnings.item(warning))?;
    warnings.end();
    let mut events = stream.array("events", "event")?;
    let rows = for_each_event(from, brief.pulse, |event| Ok(events.item(&FlatEvent::from(event))?))?;
    events.end();
    if layout == Layout::Lines {
        stream.member("end", &EndJson { events: rows })?;
    }
    stream.end()?;
    Ok(Rendered { rows: Some(rows), lists: vec![(RecordKind::AuditEvent, rows)], ..Rendered::default() })
}

#[derive(Serialize)]
struct TakenJson {
    taken_at: Timestamp,
    digest: Digest,
    rows: u64,
}

impl TakenJson {
    fn of(facts: &SnapshotFacts) -> Self {
        Self { taken_at: facts.taken_at, digest: facts.digest, rows: facts.rows_matched() }
    }
}

#[derive(Serialize)]
struct TotalsJson<'r> {
    events: u64,
    by_action: &'r BTreeMap<AuditAction, u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    first_seq: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_seq: Option<u64>,
}

impl<'r> TotalsJson<'r> {
    fn of(facts: &'r AuditFacts) -> Self {
        let (first_seq, last_seq) = facts.range.unzip();
        Self { events: facts.events, by_action: &facts.by_action, first_seq, last_seq }
    }
}

/// The last line of JSON lines.
#[derive(Serialize)]
struct EndJson {
    events: u64,
}
