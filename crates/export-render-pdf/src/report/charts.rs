//! The charts of a report, each only where it says what a sentence can't.

use export_core::ports::SnapshotFacts;
use export_render_kit::charts::{Bar, SeverityCounts, severity_by_image, share_with_fix};
use export_templates::format;
use export_templates::view::Chart;

use super::images::{Images, open};

/// Severity by image, if there are several, and the share with a fix.
pub(super) fn charts(facts: &SnapshotFacts, images: &Images<'_>, fixes: &SeverityCounts) -> Vec<Chart> {
    by_image(images).into_iter().chain(with_fix(facts, fixes)).collect()
}

fn by_image(images: &Images<'_>) -> Option<Chart> {
    if images.count() < 2 {
        return None;
    }
    let bar = |index| Bar { name: images.label(index).to_owned(), counts: images.open(index) };
    let bars: Vec<Bar> = (0..images.count()).map(bar).collect();
    Some(Chart {
        title: "Open findings by image".to_owned(),
        caption: Some("Worst first: by critical findings, then high, then medium.".to_owned()),
        picture: severity_by_image(&bars)?.into(),
    })
}

fn with_fix(facts: &SnapshotFacts, fixes: &SeverityCounts) -> Option<Chart> {
    let totals = &facts.totals;
    let caption = format!(
        "{} of {} open findings have a version to upgrade to.",
        format::count(totals.open_with_fix),
        format::count(totals.open)
    );
    Some(Chart {
        title: "Open findings with a fix".to_owned(),
        caption: Some(caption),
        picture: share_with_fix(fixes, &open(&totals.open_by_severity))?.into(),
    })
}
