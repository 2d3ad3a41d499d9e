//! The overall compliance: one number, with what it is a part of.

use super::svg::{Canvas, Face, Svg};
use super::text::{fit, width};
use super::tokens;
use crate::brand::Accent;
use crate::number::{count, share};

const NUMBER: f32 = 104.0;
const BAR: f32 = 12.0;
const TOP: f32 = 6.0;
const BASE: f32 = 34.5;
const HEIGHT: f32 = 42.0;

/// `part` of `of` verdicts, images or whatever `what` says in the plural, as a share and a bar. `None` if `of` is zero.
/// What exceeds `of` is drawn as all of it.
#[must_use]
pub fn compliance_share(part: u64, of: u64, what: &str, accent: &Accent) -> Option<Svg> {
    if of == 0 {
        return None;
    }
    let part = part.min(of);
    let (percent, sentence) = (share(part, of), format!("{} of {} {what}", count(part), count(of)));
    let mut canvas = Canvas::new(tokens::PAGE_WIDTH, HEIGHT, &format!("{percent}: {sentence} comply."));
    let large = Face { points: tokens::HEAD_PT[0], ..Face::LABEL }.bold();
    canvas.text(0.0, 27.5, large, &percent);
    let length = tokens::PAGE_WIDTH - NUMBER;
    canvas.rect(NUMBER, TOP, (length, BAR), tokens::RULE);
    if part > 0 {
        let filled = (length * (part as f64 / of as f64) as f32).max(1.5);
        // What is missing stays visible, however little it is.
        let filled = if part < of { filled.min(length - 1.5) } else { filled };
        canvas.rect(NUMBER, TOP, (filled, BAR), accent.as_str());
    }
    let left = match of - part {
        0 => String::new(),
        left => format!("{} left", count(left)),
    };
    let room = length - width(&left, tokens::TABLE_PT) - 12.0;
    canvas.text(NUMBER, BASE, Face::LABEL, &fit(&format!("{sentence} comply"), tokens::TABLE_PT, room));
    let end = Face::LABEL.colour(tokens::QUIET).anchor(super::svg::Anchor::End);
    canvas.text(tokens::PAGE_WIDTH, BASE, end, &left);
    Some(canvas.finish())
}
