//! The renderers of this version.

use std::path::Path;
use std::sync::Arc;

use export_engine::Renderers;
use export_render_csv::CsvRenderer;
use export_render_json::JsonRenderer;
use export_render_pdf::PdfRenderer;

use crate::config::PdfConfig;

/// Every renderer; the browser of the PDF renderer lives below `scratch`, and is started by the first report.
#[must_use]
pub fn renderers(pdf: &PdfConfig, scratch: &Path) -> Renderers {
    Renderers::new(vec![
        Arc::new(JsonRenderer),
        Arc::new(CsvRenderer),
        Arc::new(PdfRenderer::new(scratch, pdf.chromium.clone(), pdf.allow_unsandboxed)),
    ])
}
