//! What several sections have in common: cells of numbers, ids that lead somewhere, counts behind a title.

use export_render_kit::charts::{Mark, SeverityCounts};
use export_templates::format;
use export_templates::view::{Link, Tally, Verdict};
use export_typeset::{Cell, Column, Flow, Run};

use super::Done;

/// What stands where there is nothing.
pub(super) const NONE: &str = "–";

/// An id in mono, as a link if it leads somewhere.
pub(super) fn id<'a>(text: &'a str, link: Option<&'a Link>) -> Run<'a> {
    let run = Run::new(text).mono();
    match link {
        Some(link) => run.link(link.as_str()),
        None => run,
    }
}

/// A count, or a dash for none.
pub(super) fn count<'a>(count: u64) -> Cell<'a> {
    if count == 0 { Cell::new(NONE) } else { Cell::new(format::count(count)) }
}

/// A count that matters, or a dash for none.
pub(super) fn strong_count<'a>(count: u64) -> Cell<'a> {
    if count == 0 { Cell::new(NONE) } else { Cell::new(Run::new(format::count(count)).semibold()) }
}

/// A text, or a dash for none.
pub(super) fn text(text: Option<&str>) -> Cell<'_> {
    Cell::new(text.unwrap_or(NONE))
}

/// What policy says; a refusal is what matters.
pub(super) fn verdict<'a>(verdict: Option<Verdict>) -> Cell<'a> {
    match verdict {
        None => Cell::new(NONE),
        Some(Verdict::Fail) => Cell::new(Run::new("fail").semibold()),
        Some(Verdict::Pass) => Cell::new("pass"),
        Some(Verdict::Warn) => Cell::new("warn"),
        Some(Verdict::Waived) => Cell::new("waived"),
        Some(Verdict::Error) => Cell::new("error"),
    }
}

/// Whether it is known to be exploited.
pub(super) fn exploited<'a>(known: bool) -> Cell<'a> {
    if known { Cell::new(Run::new("known").semibold().alert()) } else { Cell::new(NONE) }
}

/// A heading with a count behind it: `3 of 12 listed`, or `12`.
pub(super) fn tallied(flow: &mut Flow<'_>, level: u8, title: &str, listed: usize, total: u64) -> Done {
    let tally = if (listed as u64) < total {
        format!("{} of {} listed", format::count(listed as u64), format::count(total))
    } else {
        format::count(total)
    };
    Ok(flow.heading(level, &format!("{title} – {tally}"))?)
}

/// Columns for counts by severity, each `width` millimetres.
pub(super) fn severity_columns<'a>(width: f32) -> [Column<'a>; 5] {
    Mark::ALL.map(|mark| Column::mm(mark.word(), width).right())
}

/// Cells for them.
pub(super) fn severity_cells<'a>(counts: &SeverityCounts) -> [Cell<'a>; 5] {
    Mark::ALL.map(|mark| count(counts.get(mark)))
}

/// Columns for verdicts by decision.
pub(super) const fn tally_columns<'a>() -> [Column<'a>; 5] {
    [
        Column::mm("Fail", 12.0).right(),
        Column::mm("Undecided", 20.0).right(),
        Column::mm("Warn", 14.0).right(),
        Column::mm("Waived", 16.0).right(),
        Column::mm("Pass", 14.0).right(),
    ]
}

/// Cells for them.
pub(super) fn tally_cells<'a>(of: &Tally) -> [Cell<'a>; 5] {
    [strong_count(of.fail), count(of.error), count(of.warn), count(of.waived), count(of.pass)]
}

/// `a, b and 3 more`.
pub(super) fn and_more(names: &[String], more: u64) -> String {
    let mut text = names.join(", ");
    if more > 0 {
        text.push_str(&format!(" and {} more", format::count(more)));
    }
    text
}

/// `1 finding`, `12 findings`.
pub(super) fn findings(count: u64) -> String {
    counted(count, "finding", "findings")
}

/// `1 scan`, `12 scans`.
pub(super) fn counted(count: u64, one: &str, many: &str) -> String {
    format!("{} {}", format::count(count), if count == 1 { one } else { many })
}
