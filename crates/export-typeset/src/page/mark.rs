//! The severity marks as paths: the shapes of `charts::mark`, in units of its 16.

use export_render_kit::charts::Mark;
use krilla::geom::{Path, PathBuilder, Transform};

/// What is drawn of a mark beside its letter.
pub(super) struct Shape {
    pub(super) path: Path,
    /// Open marks are outlines.
    pub(super) open: bool,
}

/// The base line of the letter, of 16.
pub(super) const fn base(mark: Mark) -> f32 {
    match mark {
        Mark::High => 14.0,
        Mark::Low => 13.4,
        Mark::Critical | Mark::Medium | Mark::Unknown => 11.1,
    }
}

/// The size of the letter, of 16.
pub(super) const LETTER: f32 = 8.8;
/// The pen of open marks, of 16.
pub(super) const PEN: f32 = 1.4;

/// The shape of `mark` at `x`, `y`, `size` points wide.
pub(super) fn shape(mark: Mark, x: f32, y: f32, size: f32) -> Option<Shape> {
    let mut path = PathBuilder::new();
    match mark {
        Mark::Critical => polygon(&mut path, &[(8.0, 0.0), (16.0, 8.0), (8.0, 16.0), (0.0, 8.0)]),
        Mark::High => polygon(&mut path, &[(8.0, 0.0), (16.0, 15.4), (0.0, 15.4)]),
        Mark::Low => polygon(&mut path, &[(8.0, 1.2), (15.2, 14.8), (0.8, 14.8)]),
        Mark::Medium => circle(&mut path, 7.6),
        Mark::Unknown => circle(&mut path, 7.0),
    }
    let scale = size / 16.0;
    let path = path.finish()?.transform(Transform::from_row(scale, 0.0, 0.0, scale, x, y))?;
    Some(Shape { path, open: matches!(mark, Mark::Low | Mark::Unknown) })
}

fn polygon(path: &mut PathBuilder, corners: &[(f32, f32)]) {
    for (index, (x, y)) in corners.iter().copied().enumerate() {
        if index == 0 { path.move_to(x, y) } else { path.line_to(x, y) }
    }
    path.close();
}

/// A circle about the middle: four curves, whose handles are 0.5523 of the radius.
fn circle(path: &mut PathBuilder, radius: f32) {
    let handle = radius * 0.552_284_8;
    let (c, r, h) = (8.0, radius, handle);
    path.move_to(c + r, c);
    path.cubic_to(c + r, c + h, c + h, c + r, c, c + r);
    path.cubic_to(c - h, c + r, c - r, c + h, c - r, c);
    path.cubic_to(c - r, c - h, c - h, c - r, c, c - r);
    path.cubic_to(c + h, c - r, c + r, c - h, c + r, c);
    path.close();
}
