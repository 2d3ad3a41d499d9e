//! The first sheet: the state in numbers, what to do first, and what the reader has to know. It prints on one A4 page.

mod board;
mod charts;
mod delta;
mod fields;
mod first;
mod numbers;
mod scans;
mod scope;
mod totals;
mod trend;
mod warnings;
mod words;

use export_core::ports::{BaselineFacts, Brief, RenderError, SnapshotFacts};
use export_core::warning::Warning;
use export_render_kit::history::History;
use rust_xlsxwriter::{Worksheet, XlsxError};

use self::board::Board;
pub(crate) use self::delta::LISTED_ON;
use crate::changes::Changed;
use crate::fault::fault;
use crate::first::FirstThings;
use crate::fit::Fitter;
use crate::page::Page;

/// The name of the sheet.
const NAME: &str = "Summary";
/// The name of the sheet that tells what changed.
const CHANGED_NAME: &str = "What changed";

/// The summary of a report of findings. It comes last, for its warnings tell what happened to the other sheets.
pub(crate) fn of_findings(
    (brief, facts): (&Brief<'_>, &SnapshotFacts),
    page: &Page,
    first_things: &FirstThings,
    warnings: &[Warning],
    fitter: &mut Fitter,
) -> Result<Worksheet, RenderError> {
    on_a_page(NAME, page, fitter, |board| {
        scope::title(board, (brief, page), &numbers::sentence(facts))?;
        numbers::tiles(board, facts)?;
        delta::line(board, facts.baseline.as_ref())?;
        scope::scope(board, brief, facts)?;
        fields::list(board, brief)?;
        first::table(board, &first_things.rows())?;
        totals::by_severity(board, &facts.totals)?;
        totals::by_status(board, &facts.totals)?;
        warnings::list(board, facts, warnings)
    })
}

/// The summary of many scans.
pub(crate) fn of_scans(
    (brief, facts): (&Brief<'_>, &SnapshotFacts),
    page: &Page,
    history: &History<'_>,
    fitter: &mut Fitter,
) -> Result<Worksheet, RenderError> {
    on_a_page(NAME, page, fitter, |board| {
        scope::title(board, (brief, page), &scans::sentence(history))?;
        scans::tiles(board, facts, history)?;
        scope::scope(board, brief, facts)?;
        fields::list(board, brief)?;
        scans::worst(board, history)?;
        scans::charts(board, history)?;
        warnings::list(board, facts, &[])
    })
}

/// What changed since earlier scans.
pub(crate) fn of_changes(
    baseline: &BaselineFacts,
    page: &Page,
    changed: &Changed,
    fitter: &mut Fitter,
) -> Result<Worksheet, RenderError> {
    on_a_page(CHANGED_NAME, page, fitter, |board| delta::fill(board, baseline, changed))
}

fn on_a_page(
    name: &'static str,
    page: &Page,
    fitter: &mut Fitter,
    fill: impl FnOnce(&mut Board<'_>) -> Result<(), XlsxError>,
) -> Result<Worksheet, RenderError> {
    let mut sheet = Worksheet::new();
    page.set_up(&mut sheet);
    let mut board = Board::new(name, &mut sheet, fitter, page.accent());
    let filled = fill(&mut board).and_then(|()| board.end());
    filled.map_err(fault)?;
    Ok(sheet)
}
