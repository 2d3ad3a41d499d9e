//! Severity by image: stacked horizontal bars, worst first.

use super::mark::Mark;
use super::svg::{Anchor, Canvas, Face, Svg, fit, width};
use super::{SeverityCounts, tokens};

/// How many bars have a name; the images after them are summed up in one more.
pub const MAX_BARS: usize = 7;

const ROW: f32 = 25.0;
const BAR: f32 = 17.0;
const NAMES: f32 = 180.0;
/// Room right of the longest bar for the values that don't fit on their marks, and the total.
const BESIDE: f32 = 184.0;
/// White between two marks, which holds them apart in grey.
const GAP: f32 = 1.0;

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
    let longest = rows.iter().map(|row| row.counts.total()).max().filter(|longest| *longest > 0)?;
    let scale = (tokens::PAGE_WIDTH - NAMES - BESIDE) / longest as f32;

    let mut canvas = Canvas::new(tokens::PAGE_WIDTH, rows.len() as f32 * ROW, &spoken(&rows));
    for (index, row) in rows.iter().enumerate() {
        draw(&mut canvas, index as f32 * ROW, row, scale);
    }
    Some(canvas.finish())
}

/// The rows to draw: images with findings, worst first, and the rest as "other".
fn worst_first(bars: &[Bar]) -> Vec<Bar> {
    let mut rows: Vec<Bar> = bars.iter().filter(|bar| bar.counts.total() > 0).cloned().collect();
    let weight = |bar: &Bar| Mark::ALL.map(|mark| bar.counts.get(mark));
    rows.sort_by(|a, b| weight(b).cmp(&weight(a)).then_with(|| a.name.cmp(&b.name)));
    // One image too many is shown by its name: "1 other image" would take the same row.
    if rows.len() > MAX_BARS + 1 {
        let rest = rows.split_off(MAX_BARS);
        let counts = rest.iter().fold(SeverityCounts::default(), |sum, bar| sum.plus(&bar.counts));
        rows.push(Bar { name: format!("{} other images", rest.len()), counts });
    }
    rows
}

fn draw(canvas: &mut Canvas, top: f32, row: &Bar, scale: f32) {
    let base = top + 12.2;
    canvas.text(0.0, base, Face::LABEL, &fit(&row.name, tokens::TABLE_PT, NAMES - 14.0));
    let mut x = NAMES;
    let mut beside = Vec::new();
    for mark in Mark::ALL {
        let count = row.counts.get(mark);
        if count == 0 {
            continue;
        }
        let length = count as f32 * scale;
        canvas.rect(x, top, ((length - GAP).max(0.6), BAR), mark.fill());
        let full = format!("{} {count}", mark.letter());
        let face = Face::LABEL.bold().colour(mark.on_fill()).anchor(Anchor::Middle);
        if width(&full, tokens::TABLE_PT) + 6.0 <= length {
            canvas.text(x + (length - GAP) / 2.0, base, face, &full);
        } else {
            beside.push(full);
        }
        x += length;
    }
    write_beside(canvas, (x + 7.0, base), &beside, row.counts.total());
}

fn write_beside(canvas: &mut Canvas, at: (f32, f32), beside: &[String], total: u64) {
    let total = total.to_string();
    canvas.text(tokens::PAGE_WIDTH, at.1, Face::LABEL.bold().anchor(Anchor::End), &total);
    let values = beside.join(" · ");
    let room = tokens::PAGE_WIDTH - width(&total, tokens::TABLE_PT) - 8.0 - at.0;
    let points = if width(&values, tokens::TABLE_PT) <= room { tokens::TABLE_PT } else { tokens::SMALL_PT };
    if !values.is_empty() {
        canvas.text(at.0, at.1, Face { points, ..Face::LABEL }.colour(tokens::QUIET), &values);
    }
}

/// The chart in words.
fn spoken(rows: &[Bar]) -> String {
    let one = |row: &Bar| {
        let parts: Vec<String> = Mark::ALL
            .into_iter()
            .filter(|mark| row.counts.get(*mark) > 0)
            .map(|mark| format!("{} {}", row.counts.get(mark), mark.word().to_lowercase()))
            .collect();
        format!("{}: {}", row.name, parts.join(", "))
    };
    format!("Open findings by image. {}.", rows.iter().map(one).collect::<Vec<_>>().join("; "))
}
