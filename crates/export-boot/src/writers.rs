//! The renderers and packagers of this version.

use std::path::Path;
use std::sync::Arc;

use export_core::ports::{Packager, Renderer};
use export_engine::Writers;
use export_pack::{TarGzPackager, ZipPackager};
use export_render_csv::CsvRenderer;
use export_render_cyclonedx::CyclonedxRenderer;
use export_render_json::JsonRenderer;
use export_render_kit::brand::Branding;
use export_render_pdf::{PdfRenderer, PdfSettings};
use export_render_sarif::SarifRenderer;
use export_render_spdx::SpdxRenderer;
use export_render_xlsx::XlsxRenderer;
use export_templates::sandbox::Sandbox;

use crate::config::PdfConfig;

/// All of them. What they spool lies below `scratch`, the PDF renderer's browser too, which the first report starts. What
/// has pages wears the brands of `branding`; tenants' own templates are rendered in `sandbox`.
#[must_use]
pub fn writers(
    pdf: &PdfConfig,
    branding: &Arc<Branding>,
    sandbox: Option<Arc<Sandbox>>,
    scratch: &Path,
) -> Writers {
    let renderers: Vec<Arc<dyn Renderer>> = vec![
        Arc::new(JsonRenderer),
        Arc::new(CsvRenderer),
        Arc::new(SarifRenderer::new(scratch)),
        Arc::new(XlsxRenderer::new(scratch).branded(Arc::clone(branding))),
        Arc::new(CyclonedxRenderer),
        Arc::new(SpdxRenderer),
        Arc::new(PdfRenderer::new(PdfSettings {
            chromium: pdf.chromium.clone(),
            allow_unsandboxed: pdf.allow_unsandboxed,
            branding: Arc::clone(branding),
            designed_rows: u64::from(pdf.max_rows_chromium),
            print_limit: pdf.print_timeout,
            sandbox,
            ..PdfSettings::new(scratch)
        })),
    ];
    let packagers: Vec<Arc<dyn Packager>> = vec![Arc::new(ZipPackager), Arc::new(TarGzPackager)];
    Writers::new(renderers, packagers)
}
