//! The charts of a report, each only where it says what a sentence can't.

use export_core::totals::Totals;
use export_render_kit::brand::Accent;
use export_render_kit::charts::{
    self, AgeCounts, Bar, PackageBar, PolicyBar, SeverityCounts, Svg, severity_by_image, share_with_fix,
};
use export_templates::format;
use export_templates::view::Chart;

use super::images::{Images, open};

/// Severity by image, of those that `shown` says, if there are several.
pub(super) fn by_image(images: &Images<'_>, shown: impl Fn(usize) -> bool) -> Option<Chart> {
    let bar = |index| Bar { name: images.label(index).to_owned(), counts: images.open(index) };
    let bars: Vec<Bar> = (0..images.count()).filter(|index| shown(*index)).map(bar).collect();
    if bars.len() < 2 {
        return None;
    }
    let caption = "Worst first: by critical findings, then high, then medium.";
    chart("Open findings by image", caption.to_owned(), severity_by_image(&bars))
}

/// How long ago it became public what is open.
pub(super) fn age(counts: &AgeCounts) -> Option<Chart> {
    let caption = "Since the advisory was published. What is old and open was not forgotten by attackers.";
    chart("Age of open vulnerabilities", caption.to_owned(), charts::age(counts))
}

/// The packages with most findings.
pub(super) fn packages(bars: &[PackageBar]) -> Option<Chart> {
    let caption = "Over all versions and images.";
    chart("Packages with most open findings", caption.to_owned(), charts::top_packages(bars))
}

/// The share with a fix.
pub(super) fn with_fix(totals: &Totals, fixes: &SeverityCounts) -> Option<Chart> {
    let caption = format!(
        "{} of {} open findings have a version to upgrade to.",
        format::count(totals.open_with_fix),
        format::count(totals.open)
    );
    chart("Open findings with a fix", caption, share_with_fix(fixes, &open(&totals.open_by_severity)))
}

/// What each policy set decided, if there are several.
pub(super) fn policies(bars: &[PolicyBar], accent: &Accent) -> Option<Chart> {
    if bars.len() < 2 {
        return None;
    }
    let caption = "Verdicts as they stand now: a waiver that has run out is a failure.";
    chart("Verdicts by policy set", caption.to_owned(), charts::policy_result(bars, accent))
}

fn chart(title: &str, caption: String, picture: Option<Svg>) -> Option<Chart> {
    Some(Chart { title: title.to_owned(), caption: Some(caption), picture: picture?.into() })
}
