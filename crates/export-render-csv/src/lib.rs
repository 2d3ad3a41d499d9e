//! The CSV renderer: RFC 4180, safe to open in a spreadsheet.
//!
//! `docs/formats/csv.md` says what the files are, for those who read them; `audit-log.md` says it of the
//! audit trail.

mod dialect;
mod report;
mod summary;
mod trail;

use export_core::catalogue::{ExportType, Format};
use export_core::code::Code;
use export_core::ports::{Brief, Outlet, RenderError, Rendered, Renderer, Snapshot};

use crate::dialect::Dialect;
pub use crate::trail::{AUDIT, TrailColumn};

/// Writes tables: of vulnerabilities, findings and upgrades for a `vulnerability_report`, of scans for a `scan_summary`.
#[derive(Debug, Clone, Copy, Default)]
pub struct CsvRenderer;

impl Renderer for CsvRenderer {
    fn format(&self) -> Format {
        Format::Csv
    }

    fn types(&self) -> &[ExportType] {
        &[ExportType::VulnerabilityReport, ExportType::ScanSummary, ExportType::AuditLog]
    }

    fn render(
        &self,
        brief: &Brief<'_>,
        from: &dyn Snapshot,
        out: &mut dyn Outlet,
    ) -> Result<Rendered, RenderError> {
        let dialect = Dialect::of(brief.request.options.csv)?;
        match brief.request.kind {
            ExportType::VulnerabilityReport => report::write(&dialect, brief, from, out),
            ExportType::ScanSummary => summary::write(&dialect, brief, from, out),
            ExportType::AuditLog => trail::write(brief, from, out, &dialect),
            kind @ (ExportType::ScanReport
            | ExportType::Sbom
            | ExportType::PolicyCompliance
            | ExportType::AiCodeGuardReport
            | ExportType::EvidenceBundle) => {
                Err(RenderError::new(Code::UnsupportedFormat, format!("{kind} has no tables")))
            }
        }
    }
}
