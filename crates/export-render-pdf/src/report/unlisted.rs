//! What a report says of findings that have no row in it.

use export_core::catalogue::{ExportType, Format};
use export_core::ports::SnapshotFacts;
use export_core::request::ExportRequest;
use export_templates::format::count;

use super::gathered::Gathered;
use super::rows::Depth;
use super::words::findings;

/// Tells how many findings have no row and where they are; `None` if all have one that should.
pub(super) fn told(
    gathered: &Gathered<'_>,
    facts: &SnapshotFacts,
    request: &ExportRequest,
) -> Option<String> {
    let all = facts.totals.findings;
    let whole = whole(request.kind);
    match gathered.depth {
        Depth::Findings(most) if gathered.listed < all => {
            let asked = request.options.pdf_max_rows.map_or(most, |rows| u64::from(rows.get()));
            let limit =
                if asked > most { format!(" A PDF lists {} at most.", count(most)) } else { String::new() };
            Some(format!(
                "This report lists the {} worst of {}.{limit} The other {} are in every number and chart, but have no row, \
                 and upgrade lines count only what is listed. {whole} of the same scope has them all.",
                count(gathered.listed),
                findings(all),
                count(all - gathered.listed),
            ))
        }
        Depth::Upgrades if gathered.detail.unplaced > 0 => Some(format!(
            "The upgrades leave out {} in packages for which this report has no room. {whole} of the same scope has them all.",
            findings(gathered.detail.unplaced)
        )),
        Depth::Findings(_) | Depth::Upgrades => None,
    }
}

/// The format of the same type that holds every finding.
fn whole(kind: ExportType) -> &'static str {
    if kind.formats().contains(&Format::Csv) { "The CSV" } else { "The JSON" }
}
