//! A `scan_summary`: summary, images with their newest scan, all scans, and the trend.

use export_core::ports::{Brief, RecordKind, RenderError, Rendered, Snapshot};
use export_render_kit::columns::{IMAGES, ImageRow, SCANS, ScanRow, TREND};
use export_render_kit::history::History;
use rust_xlsxwriter::{Workbook, Worksheet};

use crate::fit::Fitter;
use crate::page::Page;
use crate::sheets::{Limits, Sheets, Table};
use crate::summary;

/// The sheets that the charts of the summary are drawn from.
pub(crate) const IMAGES_SHEET: &str = "Images";
pub(crate) const TREND_SHEET: &str = "Trend";
/// Rows between two beats.
const BEAT: usize = 1_000;

/// The sheets in order, and what is to be said of them.
pub(crate) fn write(
    workbook: &mut Workbook,
    page: &Page,
    limits: Limits,
    (brief, from): (&Brief<'_>, &dyn Snapshot),
) -> Result<(Vec<Worksheet>, Rendered), RenderError> {
    let facts = from.facts();
    // The numbers of all findings are there already.
    let beat =
        |row: usize| if row.is_multiple_of(BEAT) { brief.pulse.beat(facts.totals.findings) } else { Ok(()) };
    let history = History::of(facts);
    let mut fitter = Fitter::default();

    let table = Table { name: IMAGES_SHEET, columns: IMAGES, pinned: 1 };
    let mut rows = Sheets::begin(workbook, table, page, limits)?;
    for (at, image) in history.images.iter().enumerate() {
        beat(at)?;
        let row = ImageRow::of(&history, image);
        rows.add(workbook, IMAGES.iter().map(|column| (column.cell)(&row)), &mut fitter)?;
    }
    let mut sheets = rows.finish()?;

    let table = Table { name: "Scans", columns: SCANS, pinned: 1 };
    let mut rows = Sheets::begin(workbook, table, page, limits)?;
    for at in 0..facts.scans.len() {
        beat(at)?;
        let row = ScanRow::of(&history, at);
        rows.add(workbook, SCANS.iter().map(|column| (column.cell)(&row)), &mut fitter)?;
    }
    sheets.extend(rows.finish()?);

    let table = Table { name: TREND_SHEET, columns: TREND, pinned: 1 };
    let mut rows = Sheets::begin(workbook, table, page, limits)?;
    for (at, point) in history.trend.iter().enumerate() {
        beat(at)?;
        rows.add(workbook, TREND.iter().map(|column| (column.cell)(point)), &mut fitter)?;
    }
    sheets.extend(rows.finish()?);

    sheets.insert(0, summary::of_scans((brief, facts), page, &history, &mut fitter)?);
    let scans = facts.scans.len() as u64;
    let lists = vec![(RecordKind::Scan, scans)];
    Ok((sheets, Rendered { rows: Some(scans), lists, warnings: fitter.warnings(), ..Rendered::default() }))
}
