//! Open findings over time.
//!
//! One small picture for each severity, below each other, over one axis of time: a stack of areas would hide a change of
//! three critical findings under a thousand low ones, and lines in one picture cross and are told apart by colour alone.
//! Each picture has its own scale, from zero, and says its first and its last value and the difference.

mod day;
mod plot;
mod points;

pub use day::{ScanCounts, sum_by_day};
pub use points::{MAX_POINTS, TrendPoint};

use self::plot::Plot;
use self::points::Points;
use super::mark::{Mark, glyph};
use super::svg::{Anchor, Canvas, Face, Svg};
use super::text::width;
use super::{SeverityCounts, tokens};
use crate::brand::Accent;
use crate::number::{change, count, short_count};

/// The height of the picture of all findings, and of each severity.
const ALL: f32 = 64.0;
const ONE: f32 = 29.0;
const AXIS: f32 = 20.0;
/// Where first values end, pictures begin and end, last values begin.
const FIRST: f32 = 150.0;
const FROM: f32 = 160.0;
const TO: f32 = 534.0;
const LAST: f32 = 544.0;
/// Room for a value, left and right of a picture.
const VALUE: f32 = 68.0;

/// Open findings over time, in all and by severity; `None` if there are fewer than two points in time, or never anything
/// open.
///
/// Points may come in any order. Of more than [`MAX_POINTS`], the last of each period is shown, which the picture says.
/// Fewer findings than at first have the accent.
#[must_use]
pub fn trend(points: &[TrendPoint], accent: &Accent) -> Option<Svg> {
    let points = Points::of(points)?;
    let marks = Mark::ALL.into_iter().filter(|mark| points.any(|counts| counts.get(*mark) > 0));
    let marks: Vec<Mark> = marks.collect();
    if marks.is_empty() {
        return None;
    }
    let height = ALL + marks.len() as f32 * ONE + AXIS;
    let mut canvas = Canvas::new(tokens::PAGE_WIDTH, height, &spoken(&points, &marks));
    let all = Row { mark: None, top: 0.0, height: ALL };
    draw(&mut canvas, &points, &all, accent);
    for (index, mark) in marks.into_iter().enumerate() {
        let top = ALL + index as f32 * ONE;
        draw(&mut canvas, &points, &Row { mark: Some(mark), top, height: ONE }, accent);
    }
    axis(&mut canvas, &points, height - 4.0);
    Some(canvas.finish())
}

/// One picture of the chart.
struct Row {
    /// Its severity; all of them if absent.
    mark: Option<Mark>,
    top: f32,
    height: f32,
}

impl Row {
    fn value(&self, counts: &SeverityCounts) -> u64 {
        self.mark.map_or_else(|| counts.total(), |mark| counts.get(mark))
    }
}

fn draw(canvas: &mut Canvas, points: &Points, row: &Row, accent: &Accent) {
    let base = row.top + row.height - 8.0;
    match row.mark {
        Some(mark) => {
            canvas.place(0.0, base - 12.2, &glyph(mark));
            canvas.text(22.0, base, Face::LABEL, mark.word());
        }
        None => canvas.text(0.0, base, Face::LABEL.bold(), "All open"),
    }
    let values: Vec<(f32, u64)> =
        points.shown().map(|(place, counts)| (FROM + (TO - FROM) * place, row.value(counts))).collect();
    // Above all findings stands the peak.
    let headroom = if row.mark.is_none() { 13.0 } else { 9.0 };
    let fill = row.mark.map_or(tokens::RULE, Mark::fill);
    let plot = Plot { values: &values, top: row.top + headroom, bottom: row.top + row.height - 5.0, fill };
    plot.draw(canvas);
    if row.mark.is_none() {
        plot.name_peak(canvas);
    }
    let (first, last) = (values[0].1, values[values.len() - 1].1);
    canvas.text(FIRST, base, Face::LABEL.colour(tokens::QUIET).anchor(Anchor::End), &fitting(first));
    canvas.text(LAST, base, Face::LABEL.bold(), &fitting(last));
    difference(canvas, base, (first, last), accent);
}

fn difference(canvas: &mut Canvas, base: f32, (first, last): (u64, u64), accent: &Accent) {
    let end = Face::LABEL.anchor(Anchor::End);
    let face = match last.cmp(&first) {
        std::cmp::Ordering::Less => end.bold().colour(accent.as_str()),
        std::cmp::Ordering::Equal => end.colour(tokens::QUIET),
        std::cmp::Ordering::Greater => end.bold(),
    };
    let exact = change(first, last);
    let sign = exact.chars().next().filter(|_| first != last).unwrap_or_default();
    let room = tokens::PAGE_WIDTH - LAST - width(&fitting(last), tokens::TABLE_PT) - 8.0;
    let short = format!("{sign}{}", short_count(first.abs_diff(last)));
    let text = if width(&exact, tokens::TABLE_PT) <= room { exact } else { short };
    canvas.text(tokens::PAGE_WIDTH, base, face, &text);
}

/// The value, shortened where it would not fit beside its picture.
fn fitting(value: u64) -> String {
    let exact = count(value);
    if width(&exact, tokens::TABLE_PT) <= VALUE { exact } else { short_count(value) }
}

/// First and last time, and between them how many points are left out.
fn axis(canvas: &mut Canvas, points: &Points, base: f32) {
    let small = Face { points: tokens::SMALL_PT, ..Face::LABEL }.colour(tokens::QUIET);
    let (first, last) = points.times();
    canvas.text(FROM, base, small, &first);
    canvas.text(TO, base, small.anchor(Anchor::End), &last);
    if let Some(thinned) = points.thinned() {
        canvas.text((FROM + TO) / 2.0, base, small.anchor(Anchor::Middle), &thinned);
    }
    canvas.text(0.0, base, small, "Own scale each, from zero");
}

fn spoken(points: &Points, marks: &[Mark]) -> String {
    let (first, last) = points.ends();
    let series = |name: &str, first: u64, last: u64| {
        format!("{name} {} to {}, {}", count(first), count(last), change(first, last))
    };
    let mut parts = vec![series("all", first.total(), last.total())];
    parts.extend(
        marks.iter().map(|mark| series(&mark.word().to_lowercase(), first.get(*mark), last.get(*mark))),
    );
    let (from, to) = points.times();
    let thinned = points.thinned().map(|text| format!(" {text}.")).unwrap_or_default();
    format!("Open findings from {from} to {to}: {}.{thinned}", parts.join("; "))
}
