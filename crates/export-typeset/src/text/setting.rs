//! How text is set, and where.

use export_render_kit::charts::tokens;

/// How a block sets its text.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Setting {
    pub(crate) size: f32,
    /// From base line to base line, in ems.
    pub(crate) leading: f32,
    pub(crate) track: f32,
    pub(crate) tabular: bool,
}

impl Setting {
    pub(crate) const BODY: Self = Self::new(tokens::BODY_PT, 1.45);
    pub(crate) const TABLE: Self = Self::new(tokens::TABLE_PT, 1.4);
    pub(crate) const SMALL: Self = Self::new(tokens::SMALL_PT, 1.4);

    pub(crate) const fn new(size: f32, leading: f32) -> Self {
        Self { size, leading, track: 0.0, tabular: true }
    }

    /// The height of a line, in points.
    pub(crate) fn line(self) -> f32 {
        self.size * self.leading
    }
}

/// Where a paragraph goes: its left end, its top, its width; and which side its lines lean on.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place {
    pub(crate) x: f32,
    pub(crate) y: f32,
    pub(crate) width: f32,
    pub(crate) right: bool,
    /// The most lines; the last of them ends in an ellipsis if there would be more.
    pub(crate) limit: usize,
}

impl Place {
    pub(crate) const fn new(x: f32, y: f32, width: f32) -> Self {
        Self { x, y, width, right: false, limit: usize::MAX }
    }
}
