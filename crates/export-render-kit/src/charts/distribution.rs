//! The distribution of severities: one bar, its values below their marks.

use super::mark::{Mark, glyph};
use super::svg::{Canvas, Face, Svg};
use super::text::width;
use super::{SeverityCounts, tokens};
use crate::number::{count, short_count};

const BAR: f32 = 12.0;
const LABELS: f32 = 35.0;
const HEIGHT: f32 = 42.0;
const GAP: f32 = 1.5;
/// Room for a value, between its mark and its word.
const VALUE: f32 = 60.0;
/// The shortest mark: one finding of a hundred thousand is still to be seen.
const SHORTEST: f32 = 3.0;

/// One bar over the width of the page with a label for each severity, zero or not; `None` if all are zero.
#[must_use]
pub fn severity_distribution(counts: &SeverityCounts) -> Option<Svg> {
    if counts.total() == 0 {
        return None;
    }
    let mut canvas = Canvas::new(tokens::PAGE_WIDTH, HEIGHT, &spoken(counts));
    let shown: Vec<Mark> = Mark::ALL.into_iter().filter(|mark| counts.get(*mark) > 0).collect();
    let shared = tokens::PAGE_WIDTH - SHORTEST * shown.len() as f32;
    let mut x = 0.0;
    for mark in &shown {
        let length = SHORTEST + shared * (counts.get(*mark) as f64 / counts.extent()) as f32;
        canvas.rect(x, 0.0, (length - GAP, BAR), mark.fill());
        x += length;
    }
    let column = tokens::PAGE_WIDTH / Mark::ALL.len() as f32;
    for (index, mark) in Mark::ALL.into_iter().enumerate() {
        label(&mut canvas, index as f32 * column, mark, counts.get(mark));
    }
    Some(canvas.finish())
}

fn label(canvas: &mut Canvas, x: f32, mark: Mark, findings: u64) {
    canvas.place(x, LABELS - 12.5, &glyph(mark));
    let face = if findings == 0 { Face::LABEL.colour(tokens::QUIET) } else { Face::LABEL.bold() };
    let exact = count(findings);
    let value = if width(&exact, tokens::TABLE_PT) > VALUE { short_count(findings) } else { exact };
    let word = mark.word().to_lowercase();
    let quiet = Face::LABEL.colour(tokens::QUIET);
    canvas.value_and_word((x + 22.0, LABELS), (face, &value), (quiet, &word));
}

fn spoken(counts: &SeverityCounts) -> String {
    let parts: Vec<String> = Mark::ALL
        .into_iter()
        .map(|mark| format!("{} {}", counts.get(mark), mark.word().to_lowercase()))
        .collect();
    format!("Open findings by severity: {}.", parts.join(", "))
}
