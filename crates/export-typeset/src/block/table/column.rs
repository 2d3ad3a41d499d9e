//! The columns of a table, and where they are.

use super::{GUTTER, Slot};
use crate::MM;
use crate::error::Error;
use crate::page::WIDTH;

/// On which side the lines of a column lean.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Align {
    /// Words.
    #[default]
    Left,
    /// Numbers.
    Right,
}

/// A column: its head, its width, its side.
#[derive(Debug, Clone, Copy)]
pub struct Column<'a> {
    pub(super) title: &'a str,
    millimetres: Option<f32>,
    align: Align,
    head: bool,
    pub(super) unseen: bool,
}

impl<'a> Column<'a> {
    /// A column of a fixed width, gutter included.
    #[must_use]
    pub const fn mm(title: &'a str, millimetres: f32) -> Self {
        Self { title, millimetres: Some(millimetres), align: Align::Left, head: false, unseen: false }
    }

    /// A column that shares, with others of its kind, what the fixed ones leave.
    #[must_use]
    pub const fn rest(title: &'a str) -> Self {
        Self { title, millimetres: None, align: Align::Left, head: false, unseen: false }
    }

    /// With its lines on the right, for numbers.
    #[must_use]
    pub const fn right(mut self) -> Self {
        self.align = Align::Right;
        self
    }

    /// With a title that is said but not seen, for a column of marks.
    #[must_use]
    pub const fn unseen(mut self) -> Self {
        self.unseen = true;
        self
    }

    /// The column whose cells say what their rows are about.
    #[must_use]
    pub const fn head(mut self) -> Self {
        self.head = true;
        self
    }
}

/// Narrower, a column shows nothing that can be read.
const LEAST: f32 = 4.0 * MM;

/// Where the columns are, from the left edge of the text.
pub(super) fn slots(columns: &[Column<'_>]) -> Result<Vec<Slot>, Error> {
    if columns.is_empty() {
        return Err(Error::Table("it has no columns"));
    }
    let fixed: f32 = columns.iter().filter_map(|it| it.millimetres).map(|it| it.max(0.0) * MM).sum();
    let flexible = columns.iter().filter(|it| it.millimetres.is_none()).count();
    let share = if flexible > 0 { (WIDTH - fixed) / flexible as f32 } else { 0.0 };
    if fixed > WIDTH + 0.5 || flexible > 0 && share < LEAST {
        return Err(Error::Table("its columns are wider than the page"));
    }
    let mut x = 0.0;
    let last = columns.len() - 1;
    let slot = |(index, column): (usize, &Column<'_>)| {
        let full = column.millimetres.map_or(share, |it| it.max(0.0) * MM);
        let gutter = if index == last { 0.0 } else { GUTTER.min(full / 2.0) };
        let slot = Slot { x, width: full - gutter, right: column.align == Align::Right, head: column.head };
        x += full;
        slot
    };
    Ok(columns.iter().enumerate().map(slot).collect())
}
