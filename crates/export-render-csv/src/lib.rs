//! The CSV renderer: RFC 4180, safe to open in a spreadsheet.
//!
//! `docs/formats/csv.md` says what the file is, for those who read it; `audit-log.md` says it of the audit trail.

mod dialect;
mod trail;

use export_core::catalogue::{ExportType, Format};
use export_core::ports::{Brief, Outlet, RenderError, Rendered, Renderer, Snapshot};
use export_render_kit::block::BlockWriter;
use export_render_kit::columns::FINDINGS;
use export_render_kit::rows::for_each_finding;

use crate::dialect::Dialect;
pub use crate::trail::{AUDIT, TrailColumn};

/// Writes one row for each finding, in the columns of [`FINDINGS`].
#[derive(Debug, Clone, Copy, Default)]
pub struct CsvRenderer;

impl Renderer for CsvRenderer {
    fn format(&self) -> Format {
        Format::Csv
    }

    fn types(&self) -> &[ExportType] {
        &[ExportType::VulnerabilityReport, ExportType::AuditLog]
    }

    fn render(
        &self,
        brief: &Brief<'_>,
        from: &dyn Snapshot,
        out: &mut dyn Outlet,
    ) -> Result<Rendered, RenderError> {
        let dialect = Dialect::of(brief.request.options.csv)?;
        if brief.request.kind == ExportType::AuditLog {
            return trail::write(brief, from, out, &dialect);
        }
        let mut out = BlockWriter::new(out);
        dialect.begin(out.block());
        dialect.head(FINDINGS, out.block());
        let rows = for_each_finding(from, brief.pulse, |record| {
            dialect.row(FINDINGS.iter().map(|column| (column.cell)(record)), out.block());
            Ok(out.settle()?)
        })?;
        out.finish()?;
        Ok(Rendered::of_findings(rows))
    }
}
