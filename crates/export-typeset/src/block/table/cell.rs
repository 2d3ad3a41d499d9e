//! What stands in a table.

use export_render_kit::charts::Mark;

use crate::text::Run;

/// One cell: a mark, lines of runs, or nothing.
#[derive(Debug, Clone, Default)]
pub struct Cell<'a> {
    pub(super) mark: Option<Mark>,
    pub(super) lines: Vec<Vec<Run<'a>>>,
    pub(super) limit: Option<u16>,
}

impl<'a> Cell<'a> {
    /// A cell of one run.
    #[must_use]
    pub fn new(run: impl Into<Run<'a>>) -> Self {
        Self::runs(vec![run.into()])
    }

    /// A cell of several runs on one line.
    #[must_use]
    pub fn runs(runs: Vec<Run<'a>>) -> Self {
        Self { mark: None, lines: vec![runs], limit: None }
    }

    /// A severity's mark.
    #[must_use]
    pub fn mark(mark: Mark) -> Self {
        Self { mark: Some(mark), lines: Vec::new(), limit: None }
    }

    /// With one more line, which begins below what is there.
    #[must_use]
    pub fn line(mut self, runs: Vec<Run<'a>>) -> Self {
        self.lines.push(runs);
        self
    }

    /// At most so many lines; the last of them ends in an ellipsis if there are more.
    #[must_use]
    pub fn clip(mut self, lines: u16) -> Self {
        self.limit = Some(lines.max(1));
        self
    }
}

impl<'a> From<&'a str> for Cell<'a> {
    fn from(text: &'a str) -> Self {
        Self::new(text)
    }
}

/// A row: a cell for each column, and what stands below several of them.
#[derive(Debug, Clone)]
pub struct Row<'a> {
    pub(super) cells: Vec<Cell<'a>>,
    pub(super) under: Option<(usize, usize, Cell<'a>)>,
}

impl<'a> Row<'a> {
    /// A row of these cells; missing ones are empty, and what is past the last column is not shown.
    #[must_use]
    pub fn new(cells: impl Into<Vec<Cell<'a>>>) -> Self {
        Self { cells: cells.into(), under: None }
    }

    /// With a cell below those of columns `from` up to, not including, `to`, from 0. It is read with the
    /// row's head.
    #[must_use]
    pub fn under(mut self, from: usize, to: usize, cell: Cell<'a>) -> Self {
        self.under = Some((from, to, cell));
        self
    }
}
