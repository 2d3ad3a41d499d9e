//! The share of findings with a fix, by severity.

use super::mark::{Mark, glyph};
use super::svg::{Anchor, Canvas, Face, Svg};
use super::text::width;
use super::{SeverityCounts, tokens};
use crate::number::{count, short_count};

const ROW: f32 = 24.0;
const BAR: f32 = 10.0;
const LABEL: f32 = 92.0;
const VALUE: f32 = 104.0;

/// A bar for each severity that has findings, filled as far as a fixed version exists; `None` without
/// findings. `with_fix` counts among `all`: what exceeds it is drawn as all.
#[must_use]
pub fn share_with_fix(with_fix: &SeverityCounts, all: &SeverityCounts) -> Option<Svg> {
    let shown: Vec<Mark> = Mark::ALL.into_iter().filter(|mark| all.get(*mark) > 0).collect();
    if shown.is_empty() {
        return None;
    }
    let mut canvas =
        Canvas::new(tokens::PAGE_WIDTH, shown.len() as f32 * ROW, &spoken(&shown, with_fix, all));
    for (index, mark) in shown.into_iter().enumerate() {
        let fixed = with_fix.get(mark).min(all.get(mark));
        draw(&mut canvas, index as f32 * ROW, mark, (fixed, all.get(mark)));
    }
    Some(canvas.finish())
}

fn draw(canvas: &mut Canvas, top: f32, mark: Mark, (fixed, all): (u64, u64)) {
    let base = top + 12.2;
    let length = tokens::PAGE_WIDTH - LABEL - VALUE;
    canvas.place(0.0, top, &glyph(mark));
    canvas.text(22.0, base, Face::LABEL, mark.word());
    canvas.rect(LABEL, top + 3.0, (length, BAR), tokens::RULE);
    canvas.rect(LABEL, top + 3.0, (length * (fixed as f64 / all as f64) as f32, BAR), mark.fill());
    let end = Face::LABEL.bold().anchor(Anchor::End);
    canvas.text(tokens::PAGE_WIDTH, base, end, &values(fixed, all));
}

/// Both values, in the form that fits into [`VALUE`].
fn values(fixed: u64, all: u64) -> String {
    let exact = format!("{} of {}", count(fixed), count(all));
    if width(&exact, tokens::TABLE_PT) <= VALUE - 10.0 {
        return exact;
    }
    format!("{} of {}", short_count(fixed), short_count(all))
}

fn spoken(shown: &[Mark], with_fix: &SeverityCounts, all: &SeverityCounts) -> String {
    let parts: Vec<String> = shown
        .iter()
        .map(|mark| {
            let fixed = with_fix.get(*mark).min(all.get(*mark));
            format!("{} {fixed} of {}", mark.word().to_lowercase(), all.get(*mark))
        })
        .collect();
    format!("Open findings with a fix: {}.", parts.join(", "))
}
