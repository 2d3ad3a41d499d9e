//! The state in six numbers and a sentence made from them.

use export_core::compliance::ComplianceFacts;
use export_core::finding::{Decision, Severity};
use export_core::ports::SnapshotFacts;
use export_core::totals::Totals;
use export_render_kit::charts::{Mark, SeverityCounts, severity_distribution};
use export_templates::format;
use export_templates::view::{Figure, Glance, Picture};

use super::images::open;
use super::state::State;
use super::words::{counted, findings};

/// The strip of numbers and the sentence; `fixes` counts open findings with a fix. `different` vulnerabilities lead, where they
/// are what the report tells.
pub(super) fn glance(
    facts: &SnapshotFacts,
    state: &State<'_>,
    fixes: &SeverityCounts,
    different: Option<u64>,
) -> Glance {
    let totals = &state.totals;
    let first = match different {
        Some(different) => figure("Vulnerabilities", different, Some(of_findings(totals))),
        None => figure("Findings", totals.open, Some(of_all(totals))),
    };
    let mut figures = vec![first];
    figures.extend(severities(totals, fixes));
    figures.extend([with_fix(totals), known_exploited(totals), policy(facts)]);
    Glance { figures, baseline: None, sentence: sentence(state, fixes), distribution: distribution(totals) }
}

/// The figures of the two worst severities.
pub(super) fn severities(totals: &Totals, fixes: &SeverityCounts) -> [Figure; 2] {
    let critical = totals.open_severity(Severity::Critical);
    let high = totals.open_severity(Severity::High);
    [
        marked(Mark::Critical, critical, fixed_of(fixes.critical, critical)),
        marked(Mark::High, high, fixed_of(fixes.high, high)),
    ]
}

/// The figure of open findings with a fix.
pub(super) fn with_fix(totals: &Totals) -> Figure {
    let share = format!("{} of findings", format::share(totals.open_with_fix, totals.open));
    figure("With a fix", totals.open_with_fix, (totals.open > 0).then_some(share))
}

/// The figure of open findings that are known to be exploited.
pub(super) fn known_exploited(totals: &Totals) -> Figure {
    let (known, fixed) = (totals.open_known_exploited, totals.open_known_exploited_with_fix);
    figure("Known exploited", known, fixed_of(fixed, known))
}

/// The picture of what is open.
pub(super) fn distribution(totals: &Totals) -> Option<Picture> {
    severity_distribution(&open(&totals.open_by_severity)).map(Into::into)
}

fn fixed_of(part: u64, whole: u64) -> Option<String> {
    (whole > 0).then(|| format!("{} with a fix", format::count(part)))
}

fn of_findings(totals: &Totals) -> String {
    match totals.open {
        0 => "no finding is open".to_owned(),
        open => format!("in {}", counted(open, "open finding", "open findings")),
    }
}

/// A count with its label.
pub(super) fn figure(label: &str, value: u64, note: Option<String>) -> Figure {
    Figure { label: label.to_owned(), mark: None, value: format::count(value), note, change: None }
}

fn marked(mark: Mark, value: u64, note: Option<String>) -> Figure {
    Figure { mark: Some(mark), ..figure(mark.word(), value, note) }
}

/// What the open findings are a part of.
pub(super) fn of_all(totals: &Totals) -> String {
    match totals.findings - totals.open {
        0 if totals.findings == 0 => "nothing found".to_owned(),
        0 => "all open".to_owned(),
        _ => format!("open, of {} in all", format::count(totals.findings)),
    }
}

fn policy(facts: &SnapshotFacts) -> Figure {
    // As verdicts stand now, if that is known: a waiver that has run out is a failure.
    let standing = facts.compliance.as_ref().map(ComplianceFacts::total);
    let sum = |decision| {
        let listed = || facts.policies.iter().map(|it| it.decision(decision)).sum::<u64>();
        standing.map_or_else(listed, |it| it.decision(decision))
    };
    let all: u64 = Decision::ALL.into_iter().map(sum).sum();
    let [fail, error, warn] = [Decision::Fail, Decision::Error, Decision::Warn].map(sum);
    let of_all = |count: u64, verb: &str| {
        format!("{} of {} {verb}", format::count(count), counted(all, "verdict", "verdicts"))
    };
    let (value, note) = match (all, fail, error, warn) {
        (0, ..) => ("–", "no verdicts".to_owned()),
        (_, 1.., ..) => ("Fail", of_all(fail, if fail == 1 { "fails" } else { "fail" })),
        (_, _, 1.., _) => ("Error", of_all(error, "undecided")),
        (_, _, _, 1..) => ("Pass", of_all(warn, if warn == 1 { "warns" } else { "warn" })),
        _ => ("Pass", counted(all, "verdict", "verdicts")),
    };
    Figure { label: "Policy".to_owned(), mark: None, value: value.to_owned(), note: Some(note), change: None }
}

/// `3 of 41 images hold known-exploited findings; 5 of these 6 have a fix.`
pub(super) fn sentence(state: &State<'_>, fixes: &SeverityCounts) -> String {
    let totals = &state.totals;
    let images = state.images(|_| true);
    let critical = totals.open_severity(Severity::Critical);
    if totals.findings == 0 {
        return nothing(images);
    }
    if totals.open == 0 {
        return format!("No finding is open: {}.", closed(totals.findings));
    }
    if totals.open_known_exploited > 0 {
        let holding = state.images(|it| it.open_known_exploited > 0);
        let fixed = fixed(totals.open_known_exploited_with_fix, totals.open_known_exploited);
        return format!(
            "{}; {fixed}.",
            hold(holding, images, totals.open_known_exploited, "known-exploited")
        );
    }
    if critical > 0 {
        let holding = state.images(|it| it.open_severity(Severity::Critical) > 0);
        let critical_held = hold(holding, images, critical, "critical");
        return format!(
            "{critical_held}; {}. None is known to be exploited.",
            fixed(fixes.critical, critical)
        );
    }
    let none = if totals.open == 1 {
        "1 finding is open, neither critical nor known to be exploited".to_owned()
    } else {
        format!("{} are open, none of them critical or known to be exploited", findings(totals.open))
    };
    format!("{none}; {}.", fixed(totals.open_with_fix, totals.open))
}

fn nothing(images: u64) -> String {
    match images {
        0 => "Nothing was looked at: the scope has no image.".to_owned(),
        1 => "Nothing was found in the one image that was looked at.".to_owned(),
        more => format!("Nothing was found in {} images that were looked at.", format::count(more)),
    }
}

fn closed(count: u64) -> String {
    match count {
        1 => "the one that was found is waived, suppressed, fixed, or not affecting the product".to_owned(),
        more => format!(
            "all {} that were found are waived, suppressed, fixed, or not affecting the product",
            format::count(more)
        ),
    }
}

/// Who holds how many findings of one sort.
fn hold(holding: u64, images: u64, count: u64, sort: &str) -> String {
    let some = counted(count, &format!("{sort} finding"), &format!("{sort} findings"));
    match (holding, images) {
        (_, 1) => format!("The image holds {some}"),
        (1, _) => format!("1 of {} images holds {some}", format::count(images)),
        _ => format!("{} of {} images hold {some}", format::count(holding), format::count(images)),
    }
}

/// How many of `count` findings have a fix.
fn fixed(with_fix: u64, count: u64) -> String {
    match (with_fix, count) {
        (1, 1) => "it has a fix".to_owned(),
        (0, 1) => "it has no fix".to_owned(),
        (0, _) => "none has a fix".to_owned(),
        (2, 2) => "both have a fix".to_owned(),
        (some, all) if some == all => "all have a fix".to_owned(),
        (1, _) => "1 of them has a fix".to_owned(),
        (some, _) => format!("{} of them have a fix", format::count(some)),
    }
}
