//! What the reader has to know of the data.

use export_core::ports::SnapshotFacts;
use export_core::warning::Warning;
use rust_xlsxwriter::{FormatAlign, XlsxError};

use super::board::{Board, ink};
use super::words::counted;

/// Warnings that the page has room for. The manifest has all.
const SHOWN: usize = 6;
/// Characters of one of them, on three lines of the page.
const LONGEST: usize = 400;
const CHARACTERS_A_LINE: usize = 140;
const LINE_POINTS: u16 = 13;

/// The warnings of the snapshot, then those of this workbook, `told` first; nothing if there are none.
pub(super) fn list(board: &mut Board<'_>, facts: &SnapshotFacts, told: &[Warning]) -> Result<(), XlsxError> {
    let own = board.warnings();
    let all: Vec<&Warning> = facts.warnings.iter().chain(told).chain(&own).collect();
    if all.is_empty() {
        return Ok(());
    }
    board.head("Please note")?;
    for warning in all.iter().take(SHOWN) {
        line(board, &warning.to_string())?;
    }
    match all.len().saturating_sub(SHOWN) as u64 {
        0 => Ok(()),
        more => line(
            board,
            &format!("{} in the manifest.", counted(more, "more warning is", "more warnings are")),
        ),
    }
}

fn line(board: &mut Board<'_>, text: &str) -> Result<(), XlsxError> {
    let text: String = text.chars().take(LONGEST).collect();
    let lines: usize = text.lines().map(|line| line.chars().count() / CHARACTERS_A_LINE + 1).sum();
    let lines = u16::try_from(lines.clamp(1, 4)).expect("at most four");
    board.height(lines * LINE_POINTS)?;
    board.paragraph(&text, &ink(9).set_text_wrap().set_align(FormatAlign::Top))?;
    board.down(1);
    Ok(())
}
