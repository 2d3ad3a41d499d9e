//! What a report says of records that have no row in it.

use export_core::catalogue::{ExportType, Format};
use export_templates::format::count;

use super::plan::Plan;
use super::words::{counted, findings};

/// Records of one kind: how many there are, and how many have a row.
pub(super) struct Listing {
    /// One of them, and several.
    pub(super) names: (&'static str, &'static str),
    pub(super) all: u64,
    pub(super) listed: u64,
}

/// Tells how many records have no row and where they are; `None` if all have one that should. `asked` is the number of rows
/// that the request asks for.
pub(super) fn told(listing: &Listing, plan: &Plan, asked: Option<u64>) -> Option<String> {
    let Listing { names: (one, many), all, listed } = *listing;
    if listed >= all {
        return None;
    }
    let limit = match asked {
        Some(asked) if asked > plan.most => format!(" A PDF lists {} at most.", count(plan.most)),
        Some(_) | None => String::new(),
    };
    let lines = if plan.lists_findings() { ", and upgrade lines count only what is listed" } else { "" };
    Some(format!(
        "This report lists the {} worst of {}.{limit} The other {} are in every number and chart, but have no row{lines}. {} of \
         the same scope has them all.",
        count(listed),
        counted(all, one, many),
        count(all - listed),
        whole(plan.kind()),
    ))
}

/// Tells of findings in packages for which a report of upgrades has no room.
pub(super) fn unplaced(unplaced: u64, plan: &Plan) -> Option<String> {
    (unplaced > 0).then(|| {
        format!(
            "The upgrades leave out {} in packages for which this report has no room. {} of the same scope has them all.",
            findings(unplaced),
            whole(plan.kind())
        )
    })
}

/// Tells of verdicts that a report has no room for.
pub(super) fn verdicts(unlisted: u64) -> String {
    format!(
        "{} no row: the report lists the worst of them. All are in every number; the JSON of the same scope has them all.",
        counted(
            unlisted,
            "verdict that does not simply allow, or waiver, has",
            "verdicts that do not simply allow, or waivers, have"
        )
    )
}

/// The format of the same type that holds every record.
fn whole(kind: ExportType) -> &'static str {
    if kind.formats().contains(&Format::Csv) { "The CSV" } else { "The JSON" }
}
