//! The JSON renderer: one streamed document with a published schema, for each type.
//!
//! `docs/formats/json.md` says what the files are, for those who read them; the schemas beside it say it to programs, and the
//! tests hold what is written here to them.

mod baseline;
mod compliance;
mod document;
mod each;
mod finding;
mod guard;
mod remediation;
mod statement;
mod subject;
mod trail;

use export_core::catalogue::{ExportType, Format};
use export_core::ports::{Brief, Outlet, RenderError, Rendered, Renderer, Snapshot};
use export_render_kit::json_stream::{JsonStream, Layout};
use export_render_kit::rows::for_each_finding;

use crate::document::{EndJson, Head, write_head};
use crate::finding::FindingJson;
use crate::guard::Summary;

/// Writes everything that a snapshot holds: what is short first, the long list last.
#[derive(Debug, Clone, Copy, Default)]
pub struct JsonRenderer;

impl Renderer for JsonRenderer {
    fn format(&self) -> Format {
        Format::Json
    }

    fn types(&self) -> &[ExportType] {
        &[
            ExportType::ScanReport,
            ExportType::AiCodeGuardReport,
            ExportType::PolicyCompliance,
            ExportType::AuditLog,
        ]
    }

    fn render(
        &self,
        brief: &Brief<'_>,
        from: &dyn Snapshot,
        out: &mut dyn Outlet,
    ) -> Result<Rendered, RenderError> {
        let layout = if brief.request.options.json_lines { Layout::Lines } else { Layout::Document };
        match brief.request.kind {
            ExportType::AuditLog => trail::write(brief, from, out, layout),
            ExportType::PolicyCompliance => compliance::render(brief, from, out, layout),
            ExportType::AiCodeGuardReport => {
                let summary = Summary::of(from, brief.pulse)?;
                let head = Head { schema: "ai-code-guard-report/v1", summary: Some(summary.json()) };
                findings(brief, from, out, (layout, head))
            }
            _ => findings(brief, from, out, (layout, Head { schema: "scan-report/v1", summary: None })),
        }
    }
}

/// A document that lists findings.
fn findings(
    brief: &Brief<'_>,
    from: &dyn Snapshot,
    out: &mut dyn Outlet,
    (layout, head): (Layout, Head<'_>),
) -> Result<Rendered, RenderError> {
    let mut stream = JsonStream::begin(out, layout);
    write_head(&mut stream, &head, brief, from.facts())?;
    let remedies = brief.request.options.include_remediation;
    let mut findings = stream.array("findings", "finding")?;
    let rows =
        for_each_finding(from, brief.pulse, |record| Ok(findings.item(&FindingJson::of(record, remedies))?))?;
    findings.end();
    if from.facts().baseline.is_some() {
        let mut absent = stream.array("absent", "absent")?;
        let mut gone = from.absent()?;
        while let Some(record) = gone.next()? {
            absent.item(&FindingJson::of(&record, remedies))?;
        }
        absent.end();
    }
    if layout == Layout::Lines {
        // A document shows by its last bracket that it is whole; lines need one that says so.
        stream.member("end", &EndJson { findings: rows })?;
    }
    stream.end()?;
    Ok(Rendered::of_findings(rows))
}
