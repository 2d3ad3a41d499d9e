//! Rendering in one call, and what a reader finds in the result.

use std::path::Path;

use export_contract::corpus::AT;
use export_core::finding::FindingKind;
use export_core::id::{ExportId, TenantId};
use export_core::ports::{Brief, Outlet, Pulse, RenderError, Rendered, Renderer as _, Snapshot};
use export_core::record::FindingRecord;
use export_core::request::ExportRequest;
use export_render_pdf::{PdfRenderer, PdfSettings};

use super::demo::Calm;
use super::support;

/// A request for `kind` with `options`, the members of a JSON object.
pub(crate) fn request(kind: &str, options: &str) -> ExportRequest {
    let body = format!(
        r#"{{"type":"{kind}","format":"pdf","scope":{{"date_range":{{"start":"2026-01-01T00:00:00Z","end":"2026-12-31T00:00:00Z"}}}},
            "options":{{{options}}}}}"#
    );
    ExportRequest::parse(body.as_bytes()).expect("a valid request")
}

/// A renderer with the browser of this machine.
pub(crate) fn renderer(scratch: &Path) -> PdfRenderer {
    PdfRenderer::new(PdfSettings::new(scratch))
}

/// Renders to memory.
pub(crate) fn render(
    renderer: &PdfRenderer,
    request: &ExportRequest,
    from: &dyn Snapshot,
) -> Result<(Rendered, Vec<u8>), RenderError> {
    let mut out = Vec::new();
    let rendered = render_to(renderer, request, from, &Calm, &mut out)?;
    Ok((rendered, out))
}

/// Renders to `out`, watched by `pulse`.
pub(crate) fn render_to(
    renderer: &PdfRenderer,
    request: &ExportRequest,
    from: &dyn Snapshot,
    pulse: &dyn Pulse,
    out: &mut dyn Outlet,
) -> Result<Rendered, RenderError> {
    let tenant: TenantId = "acme".parse().expect("a tenant's id");
    let id = ExportId::new(AT, &[5; 10]);
    renderer.render(
        &Brief { export_id: id, tenant: &tenant, request, created_at: AT, template: None, seal: None, pulse },
        from,
        out,
    )
}

/// The words of a PDF without white space: ids that were broken over lines are whole.
pub(crate) fn squeezed(pdf: &[u8]) -> String {
    without_spaces(&support::tool("pdftotext", &["-raw"], pdf))
}

/// A text without its white space.
pub(crate) fn without_spaces(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

/// Whether each record has a row: its id as often as it has records, and its package.
pub(crate) fn check(pdf: &[u8], records: &[FindingRecord<'static>]) -> Result<(), String> {
    let text = squeezed(pdf);
    for record in records {
        let rule = without_spaces(record.finding.rule());
        let same = records.iter().filter(|it| it.finding.rule() == record.finding.rule()).count();
        let found = text.matches(&rule).count();
        if found < same {
            return Err(format!("{rule} stands {found} times, there are {same}"));
        }
        let component = record.finding.component.as_ref();
        let component = component.filter(|_| record.finding.kind() == FindingKind::Vulnerability);
        let name = component.map_or("", |it| &*it.name);
        // Other text is shaped and turned on its way to the page.
        let plain = name.bytes().all(|byte| byte.is_ascii_graphic() || byte == b' ');
        if plain && !text.contains(&without_spaces(name)) {
            return Err(format!("the package {name:?} of {rule} is missing"));
        }
    }
    Ok(())
}
