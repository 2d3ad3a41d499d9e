//! What changed since earlier scans: five numbers, then the worst of what came, went and changed.

use export_core::ports::BaselineFacts;
use export_core::record::BaselineState;
use export_core::scan::ScanRef;
use export_core::time::Timestamp;
use export_render_kit::change::KINDS;
use rust_xlsxwriter::{Format, FormatAlign, XlsxError};

use super::board::{Board, cell, ink, quiet};
use super::words::{counted, thousands, words};
use crate::changes::{Changed, ChangedRow};
use crate::look;

/// Two lines of small text.
const ROW_POINTS: u16 = 26;
/// Scans that are compared with, by name.
const NAMED: usize = 4;
/// Characters of an image's name.
const NAME: usize = 60;
/// The sheet that lists all.
pub(crate) const LISTED_ON: &str = "Changes";

/// One line for the first sheet; nothing without a baseline.
pub(super) fn line(board: &mut Board<'_>, baseline: Option<&BaselineFacts>) -> Result<(), XlsxError> {
    let Some(baseline) = baseline else { return Ok(()) };
    let told = if baseline.is_calm() { "nothing changed".to_owned() } else { numbers(baseline) };
    let since = match baseline.scans.as_slice() {
        [scan] => format!("the scan {}", scan.id),
        _ => "the scan before of each image".to_owned(),
    };
    board.text(0, &format!("Since {since}: {told}. See the sheet {}.", super::CHANGED_NAME), &quiet(10))?;
    board.down(1);
    Ok(())
}

fn numbers(baseline: &BaselineFacts) -> String {
    format!(
        "{} introduced, {} fixed, {} changed in severity, {} in VEX or status",
        thousands(baseline.count(BaselineState::New)),
        thousands(baseline.count(BaselineState::Absent)),
        thousands(baseline.changed_severity),
        thousands(baseline.changed_vex)
    )
}

/// The whole sheet.
pub(super) fn fill(
    board: &mut Board<'_>,
    baseline: &BaselineFacts,
    changed: &Changed,
) -> Result<(), XlsxError> {
    board.height(28)?;
    board.text(0, super::CHANGED_NAME, &ink(20).set_bold())?;
    board.down(1);
    for scan in baseline.scans.iter().take(NAMED) {
        board.text(0, &format!("Compared with {}", named(scan)), &quiet(10))?;
        board.down(1);
    }
    if let more @ 1.. = baseline.scans.len().saturating_sub(NAMED) {
        let more = counted(more as u64, "more scan", "more scans");
        board.text(0, &format!("and with {more}, each the one before of its image"), &quiet(10))?;
        board.down(1);
    }
    board.down(1);
    let [new, _, unchanged, absent] = baseline.by_state;
    let counts = [new, absent, baseline.changed_severity, baseline.changed_vex, unchanged];
    tiles(board, counts)?;
    if baseline.is_calm() {
        board.down(1);
        let all = counted(unchanged, "finding is", "findings are");
        board.text(0, &format!("Nothing changed: {all} as before."), &ink(12))?;
        board.down(1);
        return Ok(());
    }
    note(board, baseline)?;
    (0..4).try_for_each(|kind| part(board, KINDS[kind], counts[kind], changed.rows(kind)))
}

fn named(scan: &ScanRef) -> String {
    let image: String = scan.image.chars().take(NAME).collect();
    let image = if image.is_empty() { "an unnamed image" } else { &image };
    let at = |at: Timestamp| at.to_utc().format(", %Y-%m-%d %H:%M UTC").to_string();
    format!("{} of {image}{}", scan.id, scan.created_at.map(at).unwrap_or_default())
}

fn tiles(board: &mut Board<'_>, counts: [u64; 5]) -> Result<(), XlsxError> {
    for (at, name) in (0..).zip(KINDS) {
        board.text(at, name, &quiet(10))?;
    }
    board.down(1);
    board.height(30)?;
    for (at, count) in (0..).zip(counts) {
        board.count(at, count, &ink(22).set_bold().set_align(FormatAlign::Left))?;
    }
    board.down(1);
    Ok(())
}

/// What the numbers do not say by themselves.
fn note(board: &mut Board<'_>, baseline: &BaselineFacts) -> Result<(), XlsxError> {
    let updated = baseline.count(BaselineState::Updated);
    let both = (baseline.changed_severity + baseline.changed_vex).saturating_sub(updated);
    let mut told = format!("Findings, open or not. All of them are on the sheet {LISTED_ON}.");
    if both > 0 {
        let verb = if both == 1 { "counts" } else { "count" };
        let both = counted(both, "finding changed", "findings changed");
        told = format!("{told} {both} in both, and {verb} in both numbers.");
    }
    board.text(0, &told, &quiet(9))?;
    board.down(1);
    Ok(())
}

fn part(board: &mut Board<'_>, kind: &str, total: u64, rows: &[ChangedRow]) -> Result<(), XlsxError> {
    let listed = match rows.len() as u64 {
        listed if listed < total => format!("{kind}: {} of {} listed", thousands(listed), thousands(total)),
        _ => format!("{kind}: {}", thousands(total)),
    };
    board.head(&listed)?;
    if rows.is_empty() {
        board.text(0, "None.", &ink(10))?;
        board.down(1);
        return Ok(());
    }
    for (at, name) in (0..).zip(["Severity", "Finding", "Package", "Where", "State", "Title"]) {
        board.text(at, name, &quiet(9))?;
    }
    board.down(1);
    rows.iter().try_for_each(|it| row(board, it))
}

fn row(board: &mut Board<'_>, it: &ChangedRow) -> Result<(), XlsxError> {
    let small = wrapped(cell(9));
    board.height(ROW_POINTS)?;
    let severity = look::severity(it.severity).set_font_size(9);
    board.text(0, &words(it.severity.as_str()), &wrapped(severity))?;
    match &it.address {
        Some(address) => board.link(1, &it.rule, address, &small)?,
        None => board.text(1, &it.rule, &small)?,
    }
    board.text(2, &it.package, &small)?;
    board.text(3, &it.image, &small)?;
    board.text(4, &it.state, &small)?;
    board.text(5, &it.title, &small)?;
    board.down(1);
    Ok(())
}

fn wrapped(format: Format) -> Format {
    format.set_text_wrap().set_align(FormatAlign::Top)
}
