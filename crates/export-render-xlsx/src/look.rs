//! Colours and number formats, the same on every sheet.

use export_core::finding::Severity;
use export_render_kit::brand::Brand;
use export_render_kit::charts::{Mark, tokens};
use rust_xlsxwriter::{Color, Format, FormatAlign, FormatBorder};

/// A date as all our reports write it; the cells hold UTC.
pub(crate) const DATE: &str = "yyyy-mm-dd hh:mm \"UTC\"";
/// Whole numbers with thousands apart.
pub(crate) const COUNT: &str = "#,##0";
/// How many more or fewer, with its sign.
pub(crate) const CHANGE: &str = "+#,##0;-#,##0;0";
/// A CVSS score.
pub(crate) const SCORE: &str = "0.0";
/// A probability, to the precision that EPSS publishes.
pub(crate) const PROBABILITY: &str = "0.000%";

/// A colour of the design tokens.
pub(crate) fn colour(token: &'static str) -> Color {
    Color::from(token)
}

/// The tenant's colour, of links and of what is good.
pub(crate) fn accent(brand: &Brand) -> Color {
    Color::RGB(brand.accent().rgb())
}

/// The severity's word on the severity's colour.
pub(crate) fn severity(severity: Severity) -> Format {
    let mark = Mark::from(severity);
    Format::new().set_background_color(colour(mark.fill())).set_font_color(colour(mark.on_fill())).set_bold()
}

/// The head of a data sheet.
pub(crate) fn head() -> Format {
    Format::new()
        .set_bold()
        .set_font_color(colour(tokens::INK))
        .set_background_color(colour(tokens::RULE))
        .set_border_bottom(FormatBorder::Thin)
        .set_border_bottom_color(colour(tokens::QUIET))
        .set_align(FormatAlign::VerticalCenter)
}

/// An address that can be followed.
pub(crate) fn link(accent: Color) -> Format {
    let underlined = rust_xlsxwriter::FormatUnderline::Single;
    Format::new().set_font_color(accent).set_underline(underlined)
}
