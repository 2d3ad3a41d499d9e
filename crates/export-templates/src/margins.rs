//! What is printed into the margins of each page.
//!
//! Chromium renders these by themselves: the page's style does not reach them, and the default type size is
//! next to nothing, so each says its own. Elements of class `pageNumber` and `totalPages` are filled in.

use export_render_kit::charts::tokens;

use crate::tidy::escape;
use crate::view::ReportView;

/// Paper and margins, in millimetres, as the style sheet expects them.
pub mod print {
    /// Width of A4.
    pub const PAPER_WIDTH_MM: f64 = 210.0;
    /// Height of A4.
    pub const PAPER_HEIGHT_MM: f64 = 297.0;
    /// Margins at top and bottom: the header and footer stand in them.
    pub const MARGIN_BLOCK_MM: f64 = 15.0;
    /// Margins at the sides.
    pub const MARGIN_INLINE_MM: f64 = 16.0;
}

/// The header: tenant and report title.
#[must_use]
pub fn header_html(view: &ReportView) -> String {
    let left = format!(
        "<span style=\"font-weight:600;color:{}\">{}</span>",
        tokens::INK,
        escape(&view.cover.tenant)
    );
    strip("padding-top:1.5mm", [&left, "", &escape(&view.cover.title)])
}

/// The footer: classification, snapshot digest, page.
#[must_use]
pub fn footer_html(view: &ReportView) -> String {
    let label = view.cover.classification.as_deref().map(escape).unwrap_or_default();
    let digest =
        format!("<span style=\"font-family:{}\">{}</span>", tokens::MONO_FACES, escape(&view.cover.snapshot));
    let page = "Page <span class=\"pageNumber\"></span> of <span class=\"totalPages\"></span>";
    strip("padding-bottom:1.5mm", [&label, &format!("Snapshot {digest}"), page])
}

/// Three texts over the width of the page; the outer ones are cut with an ellipsis if they are too long.
fn strip(place: &str, [left, middle, right]: [&str; 3]) -> String {
    let cut = "overflow:hidden;white-space:nowrap;text-overflow:ellipsis;min-width:0";
    format!(
        "<div style=\"box-sizing:border-box;width:100%;padding:0 {}mm;{place};display:flex;gap:6mm;\
         font-family:{};font-size:{}pt;line-height:1.4;color:{};font-variant-numeric:tabular-nums;font-variant-ligatures:no-contextual\">\
         <div style=\"flex:1 1 0;{cut}\">{left}</div><div style=\"flex:none\">{middle}</div>\
         <div style=\"flex:1 1 0;text-align:right;{cut}\">{right}</div></div>",
        print::MARGIN_INLINE_MM,
        tokens::TEXT_FACES,
        tokens::SMALL_PT,
        tokens::QUIET,
    )
}
