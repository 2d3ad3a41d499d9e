//! What the request wants to have said: names and texts of the user.

use export_core::ports::Brief;
use rust_xlsxwriter::{FormatAlign, XlsxError};

use super::board::{Board, ink, quiet};

const CHARACTERS_A_LINE: usize = 105;
const LINE_POINTS: usize = 14;
/// Excel's highest row has 409 points.
const HIGHEST: usize = 400;

/// Each field with its whole text; nothing if there are none.
pub(super) fn list(board: &mut Board<'_>, brief: &Brief<'_>) -> Result<(), XlsxError> {
    let fields = &brief.request.options.custom_fields;
    if fields.is_empty() {
        return Ok(());
    }
    board.head("About this export")?;
    let top = |format: rust_xlsxwriter::Format| format.set_text_wrap().set_align(FormatAlign::Top);
    for (name, text) in fields {
        board.height(points(text).max(points_of_name(name)))?;
        board.text(0, name, &top(quiet(10)))?;
        board.run(1, text, &top(ink(10)))?;
        board.down(1);
    }
    Ok(())
}

fn points(text: &str) -> u16 {
    height(text.lines().map(|line| line.chars().count() / CHARACTERS_A_LINE + 1).sum())
}

/// A name has one column, of about 18 characters.
fn points_of_name(name: &str) -> u16 {
    height(name.chars().count() / 18 + 1)
}

fn height(lines: usize) -> u16 {
    u16::try_from((lines.max(1) * LINE_POINTS).min(HIGHEST)).expect("it is below 400")
}
