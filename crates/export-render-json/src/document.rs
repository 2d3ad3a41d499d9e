//! Everything of the document but its findings.

use std::io::{self, Write};

use export_core::digest::Digest;
use export_core::id::{ExportId, TenantId};
use export_core::ports::{Brief, ScanTotals, SnapshotFacts};
use export_core::request::{Options, Scope};
use export_core::scan::ScanRef;
use export_core::time::Timestamp;
use export_core::totals::{NamedPolicyTotals, NamedTotals};
use export_render_kit::json_stream::JsonStream;
use serde::Serialize;

use crate::baseline::BaselineJson;
use crate::guard::SummaryJson;

/// The head of a document that lists findings.
pub(crate) struct Head<'r> {
    /// The schema's name; its number grows when a reader of the old one would be misled.
    pub(crate) schema: &'static str,
    /// For reports of guards: what they come to.
    pub(crate) summary: Option<SummaryJson<'r>>,
}

/// Writes all members but the findings.
///
/// # Errors
/// What the writer says.
pub(crate) fn write_head<W: Write>(
    stream: &mut JsonStream<W>,
    head: &Head<'_>,
    brief: &Brief<'_>,
    facts: &SnapshotFacts,
) -> io::Result<()> {
    write_begin(stream, head.schema, brief)?;
    stream.member("snapshot", &SnapshotJson::of(facts, head.summary.is_none()))?;
    stream.member("totals", &NamedTotals::from(&facts.totals))?;
    if let Some(baseline) = &facts.baseline {
        stream.member("baseline", &BaselineJson::of(baseline))?;
    }
    if let Some(summary) = &head.summary {
        stream.member("summary", summary)?;
    }
    let mut scans = stream.array("scans", "scan")?;
    facts.scans.iter().try_for_each(|scan| scans.item(&ScanJson::of(scan)))?;
    scans.end();
    let mut policies = stream.array("policies", "policy")?;
    facts.policies.iter().try_for_each(|policy| policies.item(&NamedPolicyTotals::from(policy)))?;
    policies.end();
    write_sources(stream, facts)
}

/// Writes what every document begins with.
///
/// # Errors
/// What the writer says.
pub(crate) fn write_begin<W: Write>(
    stream: &mut JsonStream<W>,
    schema: &str,
    brief: &Brief<'_>,
) -> io::Result<()> {
    stream.member("schema", schema)?;
    stream.member("export", &ExportJson::of(brief))?;
    stream.member("request", &RequestJson::of(brief))
}

/// Writes what was read, and what was wrong with it.
///
/// # Errors
/// What the writer says.
pub(crate) fn write_sources<W: Write>(stream: &mut JsonStream<W>, facts: &SnapshotFacts) -> io::Result<()> {
    let mut sources = stream.array("sources", "source")?;
    facts.sources.iter().try_for_each(|source| sources.item(source))?;
    sources.end();
    let mut warnings = stream.array("warnings", "warning")?;
    facts.warnings.iter().try_for_each(|warning| warnings.item(warning))?;
    warnings.end();
    Ok(())
}

#[derive(Serialize)]
pub(crate) struct ExportJson<'r> {
    id: ExportId,
    #[serde(rename = "type")]
    kind: &'static str,
    format: &'static str,
    tenant: &'r TenantId,
    created_at: Timestamp,
}

impl<'r> ExportJson<'r> {
    pub(crate) fn of(brief: &Brief<'r>) -> Self {
        Self {
            id: brief.export_id,
            kind: brief.request.kind.as_str(),
            format: brief.request.format.as_str(),
            tenant: brief.tenant,
            created_at: brief.created_at,
        }
    }
}

/// What was asked for; not where it is sent, for that may hold credentials.
#[derive(Serialize)]
pub(crate) struct RequestJson<'r> {
    scope: &'r Scope,
    options: &'r Options,
}

impl<'r> RequestJson<'r> {
    pub(crate) fn of(brief: &Brief<'r>) -> Self {
        Self { scope: &brief.request.scope, options: &brief.request.options }
    }
}

#[derive(Serialize)]
struct SnapshotJson {
    taken_at: Timestamp,
    digest: Digest,
    rows: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    unmatched_statements: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    unmatched_verdicts: Option<u64>,
}

impl SnapshotJson {
    /// What meets no finding is told only where all findings are there that it could be about.
    fn of(facts: &SnapshotFacts, holds_all: bool) -> Self {
        Self {
            taken_at: facts.taken_at,
            digest: facts.digest,
            rows: facts.totals.findings,
            unmatched_statements: holds_all.then_some(facts.unmatched_statements),
            unmatched_verdicts: holds_all.then_some(facts.unmatched_verdicts),
        }
    }
}

#[derive(Serialize)]
struct ScanJson<'r> {
    id: &'r str,
    image: &'r str,
    #[serde(skip_serializing_if = "Option::is_none")]
    image_digest: Option<&'r str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    created_at: Option<Timestamp>,
    tool: &'r str,
    totals: NamedTotals,
}

impl<'r> ScanJson<'r> {
    fn of(ScanTotals { scan, totals }: &'r ScanTotals) -> Self {
        let ScanRef { id, image, image_digest, created_at, tool } = scan;
        Self {
            id: id.as_str(),
            image,
            image_digest: image_digest.as_deref(),
            created_at: *created_at,
            tool,
            totals: NamedTotals::from(totals),
        }
    }
}

/// The last line of JSON lines.
#[derive(Serialize)]
pub(crate) struct EndJson {
    pub(crate) findings: u64,
}
