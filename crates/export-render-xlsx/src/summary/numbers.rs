//! The state in six numbers and a sentence made from them.

use std::collections::BTreeSet;

use export_core::finding::{Decision, Severity};
use export_core::ports::{ScanTotals, SnapshotFacts};
use export_core::totals::Totals;
use export_render_kit::charts::{Mark, tokens};
use rust_xlsxwriter::{Color, Format, FormatAlign, XlsxError};

use super::board::{Board, ink, quiet};
use super::words::{counted, thousands};
use crate::look::colour;

/// Six numbers side by side, each with its name above and what it is a part of below.
pub(super) fn tiles(board: &mut Board<'_>, facts: &SnapshotFacts) -> Result<(), XlsxError> {
    let totals = &facts.totals;
    let (critical, high) = (totals.open_severity(Severity::Critical), totals.open_severity(Severity::High));
    let (verdict, verdicts) = policy(facts);
    let of_open = |count| share(count, totals.open);
    let ink_colour = colour(tokens::INK);
    let tiles = [
        ("Open findings", totals.open, of_all(totals), ink_colour),
        ("Critical", critical, of_open(critical), colour(Mark::Critical.fill())),
        ("High", high, of_open(high), colour(Mark::High.fill())),
        ("With a fix", totals.open_with_fix, of_open(totals.open_with_fix), board.accent()),
        (
            "Known exploited",
            totals.open_known_exploited,
            known_exploited(totals),
            colour(Mark::Critical.fill()),
        ),
    ];
    for (at, (name, ..)) in (0..).zip(&tiles) {
        board.text(at, name, &quiet(10))?;
    }
    board.text(5, "Policy", &quiet(10))?;
    board.down(1);
    board.height(30)?;
    for (at, (_, count, _, fill)) in (0..).zip(&tiles) {
        board.count(at, *count, &big(if *count > 0 { *fill } else { ink_colour }))?;
    }
    board.text(5, verdict, &big(ink_colour))?;
    board.down(1);
    for (at, (.., note, _)) in (0..).zip(&tiles) {
        board.text(at, note, &quiet(9))?;
    }
    board.text(5, &verdicts, &quiet(9))?;
    board.down(1);
    Ok(())
}

fn big(fill: Color) -> Format {
    ink(22).set_bold().set_font_color(fill).set_align(FormatAlign::Left)
}

fn of_all(totals: &Totals) -> String {
    match totals.findings {
        0 => "nothing found".to_owned(),
        all => format!("of {} in all", thousands(all)),
    }
}

fn share(part: u64, whole: u64) -> String {
    match (part, whole) {
        (_, 0) => "none open".to_owned(),
        // A share that is not whole is not called whole, and one that is not nothing not nothing.
        (part, whole) if part > 0 && part * 100 < whole => "< 1 % of open".to_owned(),
        (part, whole) => format!("{} % of open", part * 100 / whole),
    }
}

fn known_exploited(totals: &Totals) -> String {
    match totals.open_known_exploited {
        0 => "none known".to_owned(),
        _ => format!("{} with a fix", thousands(totals.open_known_exploited_with_fix)),
    }
}

fn policy(facts: &SnapshotFacts) -> (&'static str, String) {
    let sum = |decision| facts.policies.iter().map(|it| it.decision(decision)).sum::<u64>();
    let all: u64 = Decision::ALL.into_iter().map(sum).sum();
    let of_all = |count: u64, what: &str| {
        format!("{} of {} {what}", thousands(count), counted(all, "verdict", "verdicts"))
    };
    match (all, sum(Decision::Fail), sum(Decision::Error), sum(Decision::Warn)) {
        (0, ..) => ("–", "no verdicts".to_owned()),
        (_, fail @ 1.., ..) => ("Fail", of_all(fail, "failed")),
        (_, _, error @ 1.., _) => ("Error", of_all(error, "undecided")),
        (_, _, _, warn @ 1..) => ("Pass", of_all(warn, "warned")),
        _ => ("Pass", counted(all, "verdict", "verdicts")),
    }
}

/// `3 of 41 images hold known-exploited findings, 6 in all; 5 of them have a fix.`
pub(super) fn sentence(facts: &SnapshotFacts) -> String {
    let totals = &facts.totals;
    let images = count_images(facts, |_| true);
    let (known, critical) = (totals.open_known_exploited, totals.open_severity(Severity::Critical));
    let held = |count, sort: &str, holding| {
        let findings = counted(count, &format!("{sort} finding"), &format!("{sort} findings"));
        format!("{findings} in {} of {}", thousands(holding), counted(images, "image", "images"))
    };
    if facts.scans.is_empty() {
        "Nothing was looked at: the scope has no scan.".to_owned()
    } else if totals.findings == 0 {
        format!("Nothing was found in {}.", counted(images, "image", "images"))
    } else if totals.open == 0 {
        "No finding is open: what was found is fixed, waived, suppressed, or does not affect the product."
            .to_owned()
    } else if known > 0 {
        let holding = count_images(facts, |it| it.totals.open_known_exploited > 0);
        let fixed = thousands(totals.open_known_exploited_with_fix);
        format!("{}; {fixed} of {} with a fix.", held(known, "known-exploited", holding), thousands(known))
    } else if critical > 0 {
        let holding = count_images(facts, |it| it.totals.open_severity(Severity::Critical) > 0);
        format!("{}; none is known to be exploited.", held(critical, "critical", holding))
    } else {
        let open = counted(totals.open, "open finding", "open findings");
        format!(
            "{open}, none critical or known to be exploited; {} with a fix.",
            thousands(totals.open_with_fix)
        )
    }
}

/// How many different images have a scan like that.
fn count_images(facts: &SnapshotFacts, wanted: impl Fn(&ScanTotals) -> bool) -> u64 {
    let images = facts.scans.iter().filter(|it| wanted(it)).map(|it| (&it.scan.image, &it.scan.image_digest));
    images.collect::<BTreeSet<_>>().len() as u64
}
