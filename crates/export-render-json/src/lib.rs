//! The JSON renderer: one streamed document with a published schema.
//!
//! `docs/formats/json.md` says what the file is, for those who read it; `docs/formats/scan-report.schema.json` says it
//! to programs, and the tests hold what is written here to it. `audit-log.md` and `audit-log.schema.json` do so for the
//! audit trail.

mod document;
mod each;
mod finding;
mod statement;
mod subject;
mod trail;

use export_core::catalogue::{ExportType, Format};
use export_core::ports::{Brief, Outlet, RenderError, Rendered, Renderer, Snapshot};
use export_render_kit::json_stream::{JsonStream, Layout};
use export_render_kit::rows::for_each_finding;

use crate::document::{EndJson, write_head};
use crate::finding::FindingJson;

/// Writes everything that a snapshot holds: what is short first, the findings last.
#[derive(Debug, Clone, Copy, Default)]
pub struct JsonRenderer;

impl Renderer for JsonRenderer {
    fn format(&self) -> Format {
        Format::Json
    }

    fn types(&self) -> &[ExportType] {
        &[ExportType::ScanReport, ExportType::AuditLog]
    }

    fn render(
        &self,
        brief: &Brief<'_>,
        from: &dyn Snapshot,
        out: &mut dyn Outlet,
    ) -> Result<Rendered, RenderError> {
        let layout = if brief.request.options.json_lines { Layout::Lines } else { Layout::Document };
        if brief.request.kind == ExportType::AuditLog {
            return trail::write(brief, from, out, layout);
        }
        let mut stream = JsonStream::begin(out, layout);
        write_head(&mut stream, brief, from.facts())?;
        let mut findings = stream.array("findings", "finding")?;
        let rows =
            for_each_finding(from, brief.pulse, |record| Ok(findings.item(&FindingJson::of(record))?))?;
        findings.end();
        if from.facts().baseline.is_some() {
            let mut absent = stream.array("absent", "absent")?;
            let mut gone = from.absent()?;
            while let Some(record) = gone.next()? {
                absent.item(&FindingJson::of(&record))?;
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
}
