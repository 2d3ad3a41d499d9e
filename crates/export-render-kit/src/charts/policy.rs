//! What policies decided, a bar for each set.

use export_core::finding::Decision;

use super::svg::{Anchor, Canvas, Face, Number, Paint, Svg};
use super::text::{fit, width};
use super::tokens;
use crate::brand::Accent;
use crate::number::{count, share, short_count};

/// How many sets have a bar; the ones after them are summed up in one more.
pub const MAX_SETS: usize = 7;

const NAMES: f32 = 150.0;
/// Room for the share that passes, at the right end.
const SHARE: f32 = 78.0;
const ROW: f32 = 27.0;
/// The line of small print below a bar, for the values that don't fit on their marks.
const LINE: f32 = 14.0;
const BAR: f32 = 19.0;
const BASE: f32 = 13.2;
const GAP: f32 = 1.5;
/// The shortest mark: one verdict of a hundred thousand is still to be seen.
const SHORTEST: f32 = 4.0;
/// Between two lines of a hatched mark.
const HATCH: f32 = 5.0;

/// The verdicts of one policy set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyBar {
    /// The set's name, as long as it is.
    pub name: String,
    /// Its verdicts by [`Decision::ALL`].
    pub by_decision: [u64; 5],
}

impl PolicyBar {
    fn total(&self) -> u64 {
        self.by_decision.iter().copied().fold(0, u64::saturating_add)
    }

    fn passing(&self) -> u64 {
        self.by_decision[Decision::Pass as usize]
    }
}

/// A bar for each of at most [`MAX_SETS`] policy sets and "other", most failures first; `None` without verdicts.
///
/// Each bar is as long as the others and shows the shares of its verdicts. What is bad is dark or hatched, what is good
/// has the accent; the values stand with their words on the marks or below them.
#[must_use]
pub fn policy_result(sets: &[PolicyBar], accent: &Accent) -> Option<Svg> {
    let rows = worst_first(sets);
    if rows.is_empty() {
        return None;
    }
    let rows: Vec<Row<'_>> = rows.iter().map(Row::of).collect();
    let height = rows.iter().map(Row::height).sum();
    let mut canvas = Canvas::new(tokens::PAGE_WIDTH, height, &spoken(&rows));
    let mut top = 0.0;
    for row in &rows {
        draw(&mut canvas, top, row, accent);
        top += row.height();
    }
    Some(canvas.finish())
}

/// A set with the places of its marks.
struct Row<'a> {
    set: &'a PolicyBar,
    marks: Vec<Placed>,
    /// The values that have no room on their marks.
    below: String,
}

/// One mark of a bar.
struct Placed {
    decision: Decision,
    x: f32,
    length: f32,
    /// What is written on it, if it has room.
    text: Option<String>,
}

impl<'a> Row<'a> {
    fn of(set: &'a PolicyBar) -> Self {
        let shown = Decision::ALL.into_iter().zip(set.by_decision).filter(|(_, verdicts)| *verdicts > 0);
        let shown: Vec<(Decision, u64)> = shown.collect();
        let shared = tokens::PAGE_WIDTH - NAMES - SHARE - SHORTEST * shown.len() as f32;
        let whole: f64 = shown.iter().map(|(_, verdicts)| *verdicts as f64).sum();
        let mut x = NAMES;
        let mut row = Self { set, marks: Vec::new(), below: String::new() };
        for (decision, verdicts) in shown {
            let length = SHORTEST + shared * (verdicts as f64 / whole) as f32;
            let text = fitting(decision, verdicts, length - GAP - 10.0);
            if text.is_none() {
                let gap = if row.below.is_empty() { "" } else { " · " };
                row.below.push_str(&format!("{gap}{} {}", decision.as_str(), count(verdicts)));
            }
            row.marks.push(Placed { decision, x, length: length - GAP, text });
            x += length;
        }
        row
    }

    fn height(&self) -> f32 {
        if self.below.is_empty() { ROW } else { ROW + LINE }
    }
}

/// The value with its word as it fits on its mark.
fn fitting(decision: Decision, verdicts: u64, room: f32) -> Option<String> {
    let forms =
        [count(verdicts), short_count(verdicts)].map(|number| format!("{} {number}", decision.as_str()));
    forms.into_iter().find(|text| width(text, tokens::TABLE_PT) <= room)
}

fn worst_first(sets: &[PolicyBar]) -> Vec<PolicyBar> {
    let mut rows: Vec<PolicyBar> = sets.iter().filter(|set| set.total() > 0).cloned().collect();
    rows.sort_by(|a, b| b.by_decision.cmp(&a.by_decision).then_with(|| a.name.cmp(&b.name)));
    if rows.len() > MAX_SETS + 1 {
        let rest = rows.split_off(MAX_SETS);
        let sum = |at: usize| rest.iter().map(|set| set.by_decision[at]).fold(0, u64::saturating_add);
        let name = format!("{} other sets", count(rest.len() as u64));
        rows.push(PolicyBar { name, by_decision: [0, 1, 2, 3, 4].map(sum) });
    }
    rows
}

fn draw(canvas: &mut Canvas, top: f32, row: &Row<'_>, accent: &Accent) {
    let base = top + BASE;
    canvas.text(0.0, base, Face::LABEL, &fit(&row.set.name, tokens::TABLE_PT, NAMES - 14.0));
    for placed in &row.marks {
        mark(canvas, (placed.x, top), (placed.length, BAR), (placed.decision, accent));
        if let Some(text) = &placed.text {
            label(canvas, (placed.x + placed.length / 2.0, base), placed.decision, text);
        }
    }
    let passing = format!("{} pass", share(row.set.passing(), row.set.total()));
    canvas.text(tokens::PAGE_WIDTH, base, Face::LABEL.bold().anchor(Anchor::End), &passing);
    if !row.below.is_empty() {
        let small = Face { points: tokens::SMALL_PT, ..Face::LABEL }.colour(tokens::QUIET);
        canvas.text(NAMES, top + BAR + 11.0, small, &row.below);
    }
}

fn label(canvas: &mut Canvas, (middle, base): (f32, f32), decision: Decision, text: &str) {
    if matches!(decision, Decision::Error | Decision::Waived) {
        // A plate, for nobody reads letters on lines.
        let plate = width(text, tokens::TABLE_PT) + 2.0;
        canvas.rect(middle - plate / 2.0, base - BASE + 3.0, (plate, BAR - 6.0), tokens::PAPER);
    }
    let colour = match decision {
        Decision::Fail | Decision::Pass => tokens::PAPER,
        Decision::Error | Decision::Warn | Decision::Waived => tokens::INK,
    };
    canvas.text(middle, base, Face::LABEL.bold().colour(colour).anchor(Anchor::Middle), text);
}

/// The ground of a mark: told apart by pattern as well as by colour.
fn mark(canvas: &mut Canvas, at: (f32, f32), size: (f32, f32), (decision, accent): (Decision, &Accent)) {
    let (x, y) = at;
    match decision {
        Decision::Fail => canvas.rect(x, y, size, tokens::INK),
        Decision::Error => {
            canvas.path(&hatch(at, size, HATCH * 0.6), Paint::Stroke(tokens::INK, 1.3));
            frame(canvas, at, size, tokens::INK);
        }
        Decision::Warn => canvas.rect(x, y, size, tokens::MEDIUM),
        Decision::Waived => {
            canvas.path(&hatch(at, size, HATCH), Paint::Stroke(tokens::QUIET, 0.7));
            frame(canvas, at, size, tokens::QUIET);
        }
        Decision::Pass => canvas.rect(x, y, size, accent.as_str()),
    }
}

fn frame(canvas: &mut Canvas, (x, y): (f32, f32), (width, height): (f32, f32), colour: &str) {
    let (left, top, right, bottom) = (x + 0.5, y + 0.5, x + width - 0.5, y + height - 0.5);
    let [left, top, right, bottom] = [left, top, right, bottom].map(Number);
    canvas.path(&format!("M{left} {top}H{right}V{bottom}H{left}Z"), Paint::Stroke(colour, 1.0));
}

/// Lines at 45 degrees within a rectangle, `step` apart. Computed, for patterns of SVG need ids, which charts of one page
/// would share.
fn hatch((x, y): (f32, f32), (width, height): (f32, f32), step: f32) -> String {
    let mut path = String::new();
    // A line is all points with the same sum of both coordinates.
    let mut sum = step;
    while sum < width + height {
        let (from_x, from_y) = if sum <= height { (0.0, sum) } else { (sum - height, height) };
        let (to_x, to_y) = if sum <= width { (sum, 0.0) } else { (width, sum - width) };
        let ends = [x + from_x, y + from_y, x + to_x, y + to_y].map(Number);
        path.push_str(&format!("M{} {}L{} {}", ends[0], ends[1], ends[2], ends[3]));
        sum += step * std::f32::consts::SQRT_2;
    }
    path
}

fn spoken(rows: &[Row<'_>]) -> String {
    let one = |row: &Row<'_>| {
        let row = row.set;
        let shown = Decision::ALL.into_iter().zip(row.by_decision).filter(|(_, verdicts)| *verdicts > 0);
        let parts: Vec<String> =
            shown.map(|(decision, verdicts)| format!("{verdicts} {}", decision.as_str())).collect();
        format!("{}: {} of {}", row.name, parts.join(", "), row.total())
    };
    format!("Verdicts by policy set. {}.", rows.iter().map(one).collect::<Vec<_>>().join("; "))
}
