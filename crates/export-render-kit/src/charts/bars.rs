//! Rows of stacked bars by severity: what charts of images, packages and ages have in common.

use super::mark::Mark;
use super::svg::{Anchor, Canvas, Face};
use super::text::{fit, width};
use super::{SeverityCounts, tokens};
use crate::number::{count, short_count};

/// The height of a row.
pub(super) const ROW: f32 = 25.0;
const BAR: f32 = 17.0;
/// From the top of a row to the base line of its text.
pub(super) const BASE: f32 = 12.2;
/// White between two marks, which holds them apart in grey.
const GAP: f32 = 1.0;
/// Digits that the total has room for.
const TOTAL_DIGITS: u64 = 999_999_999_999;

/// A row with its bar.
#[derive(Debug, Clone)]
pub(super) struct Row {
    /// What stands before the bar, as long as it is.
    pub(super) name: String,
    pub(super) counts: SeverityCounts,
    /// What stands after the total; empty for nothing.
    pub(super) note: String,
}

/// Where the parts of a row stand.
#[derive(Debug, Clone, Copy)]
pub(super) struct Columns {
    /// Room for names, left of the bars.
    pub(super) names: f32,
    /// Room right of the longest bar: for values that don't fit on their marks, and the total.
    pub(super) beside: f32,
    /// How much of that the notes take, at the right end.
    pub(super) notes: f32,
}

impl Columns {
    /// Pixels for one finding, where the longest bar of `rows` takes the room between names and values; `None` if no
    /// row has any.
    pub(super) fn scale(self, rows: &[Row]) -> Option<f64> {
        let longest = rows.iter().map(|row| row.counts.extent()).fold(0.0, f64::max);
        (longest > 0.0).then(|| f64::from(tokens::PAGE_WIDTH - self.names - self.beside) / longest)
    }
}

/// Draws a row whose upper edge is at `top`, with `scale` pixels for each finding. Lengths are true to the counts.
pub(super) fn draw(canvas: &mut Canvas, top: f32, row: &Row, (columns, scale): (Columns, f64)) {
    let base = top + BASE;
    canvas.text(0.0, base, Face::LABEL, &fit(&row.name, tokens::TABLE_PT, columns.names - 14.0));
    let mut x = columns.names;
    let mut beside = Vec::new();
    for mark in Mark::ALL {
        let findings = row.counts.get(mark);
        if findings == 0 {
            continue;
        }
        let length = (findings as f64 * scale) as f32;
        canvas.rect(x, top, ((length - GAP).max(0.6), BAR), mark.fill());
        let face = Face::LABEL.bold().colour(mark.on_fill()).anchor(Anchor::Middle);
        match on_mark(mark, findings, length - 6.0) {
            Some(value) => canvas.text(x + (length - GAP) / 2.0, base, face, &value),
            None => beside.push((mark, findings)),
        }
        x += length;
    }
    let end = write_total(canvas, base, row, columns);
    write_beside(canvas, (x + 7.0, base), &beside, end - 8.0);
}

/// The value as it fits on its mark, `None` if it doesn't.
fn on_mark(mark: Mark, findings: u64, room: f32) -> Option<String> {
    let fits = |value: String| Some(value).filter(|value| width(value, tokens::TABLE_PT) <= room);
    let written = |number: String| fits(format!("{} {number}", mark.letter()));
    written(count(findings)).or_else(|| written(short_count(findings)))
}

/// Total and note at the right end; gives where they begin.
fn write_total(canvas: &mut Canvas, base: f32, row: &Row, columns: Columns) -> f32 {
    let total = row.counts.total();
    let text = if total > TOTAL_DIGITS { short_count(total) } else { count(total) };
    let face = if total == 0 { Face::LABEL.colour(tokens::QUIET) } else { Face::LABEL.bold() };
    let end = tokens::PAGE_WIDTH - columns.notes;
    canvas.text(end, base, face.anchor(Anchor::End), &text);
    if !row.note.is_empty() {
        let quiet = Face::LABEL.colour(tokens::QUIET).anchor(Anchor::End);
        canvas.text(tokens::PAGE_WIDTH, base, quiet, &row.note);
    }
    end - width(&text, tokens::TABLE_PT)
}

/// The values that have no room on their marks, in the largest form that fits between bar and total.
fn write_beside(canvas: &mut Canvas, at: (f32, f32), values: &[(Mark, u64)], end: f32) {
    if values.is_empty() {
        return;
    }
    let room = end - at.0;
    let (text, points) = [(count as fn(u64) -> String, tokens::TABLE_PT), (count, tokens::SMALL_PT)]
        .into_iter()
        .map(|(written, points)| (joined(values, written), points))
        .find(|(text, points)| width(text, *points) <= room)
        .unwrap_or_else(|| (worst_that_fit(values, room), tokens::SMALL_PT));
    canvas.text(at.0, at.1, Face { points, ..Face::LABEL }.colour(tokens::QUIET), &text);
}

fn joined(values: &[(Mark, u64)], written: fn(u64) -> String) -> String {
    let one = |(mark, findings): &(Mark, u64)| format!("{} {}", mark.letter(), written(*findings));
    values.iter().map(one).collect::<Vec<_>>().join(" · ")
}

/// As many values in their short form as have room, the worst first: a value is whole or not there.
fn worst_that_fit(values: &[(Mark, u64)], room: f32) -> String {
    let forms = (1..=values.len()).rev().map(|most| {
        let more = if most < values.len() { " · …" } else { "" };
        joined(&values[..most], short_count) + more
    });
    forms.into_iter().find(|text| width(text, tokens::SMALL_PT) <= room).unwrap_or_else(|| "…".to_owned())
}

/// `2 critical, 5 high`, without what is zero; `none` if all are.
pub(super) fn in_words(counts: &SeverityCounts) -> String {
    let parts: Vec<String> = Mark::ALL
        .into_iter()
        .filter(|mark| counts.get(*mark) > 0)
        .map(|mark| format!("{} {}", counts.get(mark), mark.word().to_lowercase()))
        .collect();
    if parts.is_empty() { "none".to_owned() } else { parts.join(", ") }
}
