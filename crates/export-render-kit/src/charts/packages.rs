//! The packages that hold most of the open findings.

use std::cmp::Reverse;

use super::bars::{self, Columns, ROW, Row};
use super::mark::Mark;
use super::svg::{Canvas, Svg};
use super::text::width;
use super::{SeverityCounts, tokens};
use crate::number::count;

/// How many packages have a bar; the ones after them are summed up in one more.
pub const MAX_PACKAGES: usize = 10;

const NAMES: f32 = 160.0;
const BESIDE: f32 = 150.0;

/// The findings of one package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PackageBar {
    /// The package's name, as long as it is.
    pub name: String,
    /// Its open findings, in all images.
    pub counts: SeverityCounts,
    /// How many images have it with an open finding.
    pub images: u64,
}

/// Stacked bars of at most [`MAX_PACKAGES`] packages and "other", most findings first, or `None` if nothing is open.
///
/// At the end of each bar is its total, and in how many images the package is.
#[must_use]
pub fn top_packages(packages: &[PackageBar]) -> Option<Svg> {
    let rows = most_first(packages);
    let notes = rows.iter().map(|row| width(&row.note, tokens::TABLE_PT)).fold(0.0, f32::max) + 10.0;
    let columns = Columns { names: NAMES, beside: BESIDE + notes, notes };
    let at = (columns, columns.scale(&rows)?);
    let mut canvas = Canvas::new(tokens::PAGE_WIDTH, rows.len() as f32 * ROW, &spoken(&rows));
    for (index, row) in rows.iter().enumerate() {
        bars::draw(&mut canvas, index as f32 * ROW, row, at);
    }
    Some(canvas.finish())
}

fn most_first(packages: &[PackageBar]) -> Vec<Row> {
    let mut packages: Vec<&PackageBar> = packages.iter().filter(|it| it.counts.total() > 0).collect();
    let weight = |it: &PackageBar| Reverse((it.counts.total(), Mark::ALL.map(|mark| it.counts.get(mark))));
    packages.sort_by(|a, b| weight(a).cmp(&weight(b)).then_with(|| a.name.cmp(&b.name)));
    // One package too many is shown by its name: "1 other package" would take the same row.
    let most = if packages.len() == MAX_PACKAGES + 1 { MAX_PACKAGES + 1 } else { MAX_PACKAGES };
    let rest = packages.split_off(most.min(packages.len()));
    let mut rows: Vec<Row> = packages.into_iter().map(row).collect();
    if !rest.is_empty() {
        let counts = rest.iter().fold(SeverityCounts::default(), |sum, it| sum.plus(&it.counts));
        // Images of different packages may be the same ones: there is no sum of them.
        let name = format!("{} other packages", count(rest.len() as u64));
        rows.push(Row { name, counts, note: String::new() });
    }
    rows
}

fn row(package: &PackageBar) -> Row {
    let note = match package.images {
        1 => "in 1 image".to_owned(),
        images => format!("in {} images", crate::number::short_count(images)),
    };
    Row { name: package.name.clone(), counts: package.counts, note }
}

fn spoken(rows: &[Row]) -> String {
    let one = |row: &Row| {
        let place = if row.note.is_empty() { String::new() } else { format!(" {}", row.note) };
        format!("{}{place}: {}", row.name, bars::in_words(&row.counts))
    };
    format!("Packages with most open findings. {}.", rows.iter().map(one).collect::<Vec<_>>().join("; "))
}
