//! One line over time with the area below it.

use super::super::svg::{Anchor, Canvas, Face, Number, Paint};
use super::super::text::width;
use super::super::tokens;
use super::{FROM, TO};
use crate::number::short_count;

/// Points up to which each has a dot.
const DOTS: usize = 24;

/// Values by their place on the page, from left to right.
pub(super) struct Plot<'a> {
    pub(super) values: &'a [(f32, u64)],
    /// Where the largest value is.
    pub(super) top: f32,
    /// Where zero is.
    pub(super) bottom: f32,
    pub(super) fill: &'static str,
}

impl Plot<'_> {
    /// The area, the line along it in ink, which is what a grey print and a pale fill leave to see, and the zero line.
    pub(super) fn draw(&self, canvas: &mut Canvas) {
        let mut line = String::new();
        for (index, (x, value)) in self.values.iter().enumerate() {
            let step = if index == 0 { 'M' } else { 'L' };
            line.push_str(&format!("{step}{} {}", Number(*x), Number(self.height(*value))));
        }
        let bottom = Number(self.bottom);
        canvas.path(&format!("{line}V{bottom}H{}Z", Number(FROM)), Paint::Fill(self.fill));
        canvas.rect(FROM, self.bottom, (TO - FROM, 0.7), tokens::QUIET);
        canvas.path(&line, Paint::Stroke(tokens::INK, 1.2));
        let last = self.values.len() - 1;
        for (index, (x, value)) in self.values.iter().enumerate() {
            if index == last || last < DOTS {
                let radius = if index == last { 2.6 } else { 1.6 };
                canvas.disc(*x, self.height(*value), radius, tokens::INK);
            }
        }
    }

    /// Writes the largest value above its place, unless it is the first or the last, which are written anyway.
    pub(super) fn name_peak(&self, canvas: &mut Canvas) {
        let (first, last) = (self.values[0].1, self.values[self.values.len() - 1].1);
        let Some((x, peak)) = self.values.iter().rev().max_by_key(|(_, value)| *value) else { return };
        if *peak == first || *peak == last {
            return;
        }
        let text = short_count(*peak);
        let half = width(&text, tokens::SMALL_PT) / 2.0;
        let small = Face { points: tokens::SMALL_PT, ..Face::LABEL }.colour(tokens::QUIET);
        let x = x.clamp(FROM + half, TO - half);
        canvas.text(x, self.top - 4.0, small.anchor(Anchor::Middle), &text);
    }

    fn height(&self, value: u64) -> f32 {
        let most = self.values.iter().map(|(_, value)| *value).max().unwrap_or(0).max(1);
        self.bottom - (self.bottom - self.top) * (value as f64 / most as f64) as f32
    }
}
