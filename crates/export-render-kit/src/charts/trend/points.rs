//! The points of a trend: in order, one at a time, no more than can be seen.

use export_core::time::Timestamp;

use super::SeverityCounts;
use crate::number::count;

/// Most points that a trend shows.
pub const MAX_POINTS: usize = 60;

/// What was open at one time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TrendPoint {
    /// When.
    pub at: Timestamp,
    /// The findings that were open.
    pub counts: SeverityCounts,
}

/// At least two points in the order of time.
pub(super) struct Points {
    shown: Vec<TrendPoint>,
    given: usize,
}

impl Points {
    /// The points to show; `None` if there are fewer than two times. Of two points at one time, the later one given counts.
    pub(super) fn of(points: &[TrendPoint]) -> Option<Self> {
        let mut sorted = points.to_vec();
        sorted.sort_by_key(|point| point.at);
        let mut shown: Vec<TrendPoint> = Vec::with_capacity(sorted.len());
        for point in sorted {
            match shown.last_mut() {
                Some(last) if last.at == point.at => *last = point,
                _ => shown.push(point),
            }
        }
        let given = shown.len();
        if given > MAX_POINTS {
            shown = last_of_each_period(&shown);
        }
        (given > 1).then_some(Self { shown, given })
    }

    pub(super) fn any(&self, wanted: impl Fn(&SeverityCounts) -> bool) -> bool {
        self.shown.iter().any(|point| wanted(&point.counts))
    }

    /// Each point with its place between the first, 0, and the last, 1.
    pub(super) fn shown(&self) -> impl Iterator<Item = (f32, &SeverityCounts)> {
        let (start, end) = (self.shown[0].at, self.shown[self.shown.len() - 1].at);
        let place = move |at: Timestamp| (millis(start, at) as f64 / millis(start, end) as f64) as f32;
        self.shown.iter().map(move |point| (place(point.at), &point.counts))
    }

    /// What was open first and last.
    pub(super) fn ends(&self) -> (&SeverityCounts, &SeverityCounts) {
        (&self.shown[0].counts, &self.shown[self.shown.len() - 1].counts)
    }

    /// First and last time as days, or to the minute within one day.
    pub(super) fn times(&self) -> (String, String) {
        let written = |format: &str| {
            let at = |point: &TrendPoint| point.at.to_utc().format(format).to_string();
            (at(&self.shown[0]), at(&self.shown[self.shown.len() - 1]))
        };
        let days = written("%Y-%m-%d");
        if days.0 == days.1 { written("%Y-%m-%d %H:%M UTC") } else { days }
    }

    /// What is said if not all are shown.
    pub(super) fn thinned(&self) -> Option<String> {
        let (shown, given) = (self.shown.len(), self.given);
        let text = || format!("{shown} of {} points, the last of each period", count(given as u64));
        (shown < given).then(text)
    }
}

fn millis(from: Timestamp, to: Timestamp) -> i128 {
    i128::from(to.as_millis()) - i128::from(from.as_millis())
}

/// The first point, and the last one of each of [`MAX_POINTS`] - 1 periods of the same length.
fn last_of_each_period(points: &[TrendPoint]) -> Vec<TrendPoint> {
    let (start, end) = (points[0].at, points[points.len() - 1].at);
    let periods = (MAX_POINTS - 1) as i128;
    // From 1; a period holds its own end, so that the last point is in the last one.
    let period = |at: Timestamp| (millis(start, at) * periods + millis(start, end) - 1) / millis(start, end);
    let mut shown = vec![points[0]];
    let mut current = 0;
    for point in &points[1..] {
        match period(point.at) {
            same if same == current => *shown.last_mut().expect("it holds the first point") = *point,
            next => {
                shown.push(*point);
                current = next;
            }
        }
    }
    shown
}
