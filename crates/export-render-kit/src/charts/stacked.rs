//! Severity by image: stacked horizontal bars, worst first.

use super::bars::{self, Columns, ROW, Row};
use super::mark::Mark;
use super::svg::{Canvas, Svg};
use super::{SeverityCounts, tokens};
use crate::number::count;

/// How many bars have a name; the images after them are summed up in one more.
pub const MAX_BARS: usize = 7;

const COLUMNS: Columns = Columns { names: 180.0, beside: 184.0, notes: 0.0 };

/// The findings of one image.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bar {
    /// The image's name, as long as it is.
    pub name: String,
    /// Its open findings.
    pub counts: SeverityCounts,
}

/// Stacked bars of at most [`MAX_BARS`] images and "other", or `None` if nothing is open.
///
/// Images are ordered by their critical findings, then high, and so on, then by name. Lengths are true to
/// the counts; a value that doesn't fit on its mark stands beside the bar, before the total.
#[must_use]
pub fn severity_by_image(bars: &[Bar]) -> Option<Svg> {
    let rows = worst_first(bars);
    let at = (COLUMNS, COLUMNS.scale(&rows)?);
    let mut canvas = Canvas::new(tokens::PAGE_WIDTH, rows.len() as f32 * ROW, &spoken(&rows));
    for (index, row) in rows.iter().enumerate() {
        bars::draw(&mut canvas, index as f32 * ROW, row, at);
    }
    Some(canvas.finish())
}

/// The rows to draw: images with findings, worst first, and the rest as "other".
fn worst_first(bars: &[Bar]) -> Vec<Row> {
    let mut bars: Vec<&Bar> = bars.iter().filter(|bar| bar.counts.total() > 0).collect();
    let weight = |bar: &Bar| Mark::ALL.map(|mark| bar.counts.get(mark));
    bars.sort_by(|a, b| weight(b).cmp(&weight(a)).then_with(|| a.name.cmp(&b.name)));
    // One image too many is shown by its name: "1 other image" would take the same row.
    let rest = if bars.len() > MAX_BARS + 1 { bars.split_off(MAX_BARS) } else { Vec::new() };
    let row = |name: String, counts| Row { name, counts, note: String::new() };
    let mut rows: Vec<Row> = bars.into_iter().map(|bar| row(bar.name.clone(), bar.counts)).collect();
    if !rest.is_empty() {
        let counts = rest.iter().fold(SeverityCounts::default(), |sum, bar| sum.plus(&bar.counts));
        rows.push(row(format!("{} other images", count(rest.len() as u64)), counts));
    }
    rows
}

/// The chart in words.
fn spoken(rows: &[Row]) -> String {
    let one = |row: &Row| format!("{}: {}", row.name, bars::in_words(&row.counts));
    format!("Open findings by image. {}.", rows.iter().map(one).collect::<Vec<_>>().join("; "))
}
