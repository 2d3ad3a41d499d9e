//! What stands on every printed page, and how pages lie.

use export_core::ports::{Brief, SnapshotFacts};
use export_render_kit::brand::Brand;
use rust_xlsxwriter::{Color, Worksheet};

use crate::look;

const A4: u8 = 9;
/// Excel takes 255 characters for all three parts of a header or footer.
const LONGEST: usize = 80;
const INCHES_A_CM: f64 = 1.0 / 2.54;
/// The custom field that is printed on every page.
const CLASSIFICATION: &str = "classification";

/// Header and footer: tenant and title, classification, digest and page number; and the tenant's colour.
pub(crate) struct Page {
    header: String,
    footer: String,
    tenant: String,
    accent: Color,
}

impl Page {
    /// The page of one export.
    pub(crate) fn of(brief: &Brief<'_>, facts: &SnapshotFacts, brand: &Brand) -> Self {
        let (tenant, title) = (brand.name_of(brief.tenant), brief.request.kind.title());
        let header = format!("&L&8{}&R&8{}", literal(&tenant), literal(title));
        let label = classification(brief).unwrap_or_default();
        let digest = facts.digest.short();
        let footer = format!("&L&8{}&C&8Snapshot {digest}&R&8Page &P of &N", literal(label));
        Self { header, footer, tenant, accent: look::accent(brand) }
    }

    /// The tenant's name as it is printed.
    pub(crate) fn tenant(&self) -> &str {
        &self.tenant
    }

    /// The colour of links.
    pub(crate) const fn accent(&self) -> Color {
        self.accent
    }

    /// Sets up `sheet` for A4, with the margins of our reports.
    pub(crate) fn set_up(&self, sheet: &mut Worksheet) {
        let [side, top, edge] = [1.6, 2.0, 1.0].map(|cm| cm * INCHES_A_CM);
        sheet
            .set_paper_size(A4)
            .set_margins(side, side, top, top, edge, edge)
            .set_header(&self.header)
            .set_footer(&self.footer);
    }
}

/// The label that the request gives the export.
pub(crate) fn classification<'b>(brief: &Brief<'b>) -> Option<&'b str> {
    let mut fields = brief.request.options.custom_fields.iter();
    let label = fields.find(|(name, _)| name.eq_ignore_ascii_case(CLASSIFICATION));
    label.map(|(_, label)| label.as_str())
}

/// A text in which `&` begins no code. The space before keeps digits from being read as a font's size.
fn literal(text: &str) -> String {
    let plain = text.chars().filter(|c| !c.is_control()).take(LONGEST).collect::<String>();
    format!(" {}", plain.replace('&', "&&"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_in_a_footer_is_no_code() {
        assert_eq!(literal("R&D &P\n\u{1b}"), " R&&D &&P");
        assert_eq!(literal(&"x".repeat(500)).len(), LONGEST + 1);
    }
}
