//! The first sheet: the state in numbers, what to do first, and what the reader has to know. It prints on one A4 page.

mod board;
mod charts;
mod first;
mod numbers;
mod scope;
mod totals;
mod warnings;
mod words;

use export_core::ports::{Brief, RenderError, SnapshotFacts};
use export_render_kit::brand::Brand;
use rust_xlsxwriter::{Worksheet, XlsxError};

use self::board::Board;
use crate::fault::fault;
use crate::first::FirstThings;
use crate::fit::Fitter;
use crate::look;
use crate::page::Page;

/// The name of the sheet.
const NAME: &str = "Summary";

/// The summary of one export. It comes last, for its warnings tell what happened to the other sheets.
pub(crate) fn sheet(
    (brief, brand): (&Brief<'_>, &Brand),
    facts: &SnapshotFacts,
    first_things: &FirstThings,
    fitter: &mut Fitter,
) -> Result<Worksheet, RenderError> {
    let mut sheet = Worksheet::new();
    Page::of(brief, facts, brand).set_up(&mut sheet);
    let mut board = Board::new(&mut sheet, fitter, look::accent(brand));
    let filled = fill(&mut board, (brief, brand), facts, first_things).and_then(|()| board.end());
    filled.map_err(fault)?;
    Ok(sheet)
}

fn fill(
    board: &mut Board<'_>,
    (brief, brand): (&Brief<'_>, &Brand),
    facts: &SnapshotFacts,
    first_things: &FirstThings,
) -> Result<(), XlsxError> {
    scope::title(board, (brief, brand), facts)?;
    numbers::tiles(board, facts)?;
    scope::scope(board, brief, facts)?;
    first::table(board, &first_things.rows())?;
    totals::by_severity(board, &facts.totals)?;
    totals::by_status(board, &facts.totals)?;
    warnings::list(board, facts)
}
