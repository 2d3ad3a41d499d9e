//! First things first, as a table.

use export_core::finding::Severity;
use rust_xlsxwriter::{Format, FormatAlign, XlsxError};

use super::board::{Board, cell, ink, quiet};
use super::words::{thousands, words};
use crate::first::FirstThing;
use crate::look;

/// Two lines of small text.
const ROW_POINTS: u16 = 26;

/// At most ten rows, each with the reason why it is here and the action that ends it.
pub(super) fn table(board: &mut Board<'_>, things: &[&FirstThing]) -> Result<(), XlsxError> {
    board.head("First things first")?;
    if things.is_empty() {
        board.text(0, "No finding is open.", &ink(10))?;
        board.down(1);
        return Ok(());
    }
    for (at, name) in (0..).zip(["Severity", "Finding", "Package", "Where", "What to do", "Why first"]) {
        board.text(at, name, &quiet(9))?;
    }
    board.down(1);
    things.iter().try_for_each(|thing| row(board, thing))
}

fn row(board: &mut Board<'_>, thing: &FirstThing) -> Result<(), XlsxError> {
    let small = wrapped(cell(9));
    board.height(ROW_POINTS)?;
    board.text(0, &words(thing.severity.as_str()), &wrapped(severity(thing.severity)))?;
    match &thing.address {
        Some(address) => board.link(1, &thing.rule, address, &small)?,
        None => board.text(1, &thing.rule, &small)?,
    }
    board.text(2, &thing.package, &small)?;
    board.text(3, &place(thing), &small)?;
    board.text(4, &thing.action, &small)?;
    board.text(5, &words(&thing.reason), &small)?;
    board.down(1);
    Ok(())
}

fn severity(severity: Severity) -> Format {
    look::severity(severity).set_font_size(9)
}

fn wrapped(format: Format) -> Format {
    format.set_text_wrap().set_align(FormatAlign::Top)
}

fn place(thing: &FirstThing) -> String {
    match thing.findings - 1 {
        0 => thing.image.clone(),
        1 => format!("{} and 1 more place", thing.image),
        more => format!("{} and {} more places", thing.image, thousands(more)),
    }
}
