//! A `scan_summary`: one row for each scan.

use export_core::ports::{Brief, Outlet, RecordKind, RenderError, Rendered, Snapshot};
use export_render_kit::columns::{SCANS, ScanRow};
use export_render_kit::history::History;

use crate::dialect::Dialect;
use crate::report::Table;

/// Scans between two beats.
const BEAT: usize = 1_000;

pub(crate) fn write(
    dialect: &Dialect,
    brief: &Brief<'_>,
    from: &dyn Snapshot,
    out: &mut dyn Outlet,
) -> Result<Rendered, RenderError> {
    let facts = from.facts();
    // The numbers of all findings are there already.
    let beat = || brief.pulse.beat(facts.totals.findings);
    beat()?;
    let history = History::of(facts);
    let mut table = Table::begin(dialect, SCANS, out);
    for scan in 0..facts.scans.len() {
        let row = ScanRow::of(&history, scan);
        table.row(SCANS.iter().map(|column| (column.cell)(&row)))?;
        if scan % BEAT == 0 {
            beat()?;
        }
    }
    table.end()?;
    let rows = facts.scans.len() as u64;
    Ok(Rendered { rows: Some(rows), lists: vec![(RecordKind::Scan, rows)], ..Rendered::default() })
}
