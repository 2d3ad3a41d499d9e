//! Tables whose rows are streamed.

mod cell;
mod column;

use crate::MM;
use crate::error::Error;
use crate::flow::Flow;
use crate::page::{Container, Detail, Kind, NodeId, Op, Piece, PieceRole, WIDTH};
use crate::text::{Place, Run, Setting};

pub use cell::{Cell, Row};
pub use column::{Align, Column};

/// White above and below the lines of a row.
const PAD: f32 = 1.5 * MM;
/// White right of a cell, but for the last.
const GUTTER: f32 = 3.0 * MM;
const HAIR: f32 = 0.5;
const HEAVY: f32 = 0.9;
const MARK: f32 = 4.0 * MM;

/// Where a column is: its left end and the width of what stands in it.
#[derive(Debug, Clone, Copy)]
struct Slot {
    x: f32,
    width: f32,
    right: bool,
    head: bool,
}

/// A table under construction. Rows are set as they come and nothing is kept of them; what is not yet on a
/// page when the table is dropped without [`Table::finish`] still gets there, but the structure is wrong.
pub struct Table<'f, 'a> {
    flow: &'f mut Flow<'a>,
    slots: Vec<Slot>,
    detail: Detail,
}

impl<'a> Flow<'a> {
    /// Begins a table; its head is repeated on each page.
    ///
    /// # Errors
    /// [`Error::Table`] if it has no columns or they are wider than the page; [`Error::Stopped`].
    pub fn table(&mut self, columns: &[Column<'_>]) -> Result<Table<'_, 'a>, Error> {
        let slots = column::slots(columns)?;
        let detail = self.begin_table();
        if detail == Detail::Cells {
            self.open(Container::Table);
        }
        let mut table = Table { flow: self, slots, detail };
        table.head(columns)?;
        Ok(table)
    }
}

impl Table<'_, '_> {
    /// Adds a row. It is not split over pages, unless it alone is higher than one.
    ///
    /// # Errors
    /// [`Error::Stopped`].
    pub fn row(&mut self, row: &Row<'_>) -> Result<(), Error> {
        self.flow.count_row()?;
        let mut piece = self.flow.piece();
        (piece.role, piece.detail) = (PieceRole::Row, self.detail);
        let whole = piece.node(Kind::Row, None);
        let mut first = 0.0_f32;
        let mut bottoms = Vec::with_capacity(self.slots.len());
        let mut header = whole;
        for (index, slot) in self.slots.clone().into_iter().enumerate() {
            let kind = match slot.head {
                true => Kind::Head { column: false, span: 1, said: None },
                false => Kind::Cell,
            };
            let node = piece.node(kind, Some(whole));
            if slot.head {
                header = node;
            }
            let bottom = match row.cells.get(index) {
                Some(cell) => self.cell(&mut piece, cell, slot, (PAD, node)),
                None => PAD,
            };
            bottoms.push(bottom);
            first = first.max(bottom);
        }
        let mut height = first;
        if let Some((from, to, cell)) = &row.under {
            height = height.max(self.under(&mut piece, (*from, *to), cell, &bottoms, header));
        }
        height += PAD;
        let ink = self.flow.composer.palette.rule;
        piece.ops.push(Op::Fill { x: 0.0, y: height - HAIR, width: WIDTH, height: HAIR, ink });
        piece.height = height;
        self.flow.push(piece)
    }

    /// Adds a row over the whole width that heads those below it, such as a package over its findings. It
    /// stays with the row that follows, and a page that begins within the group repeats it as `continued`.
    ///
    /// # Errors
    /// [`Error::Stopped`].
    pub fn group(&mut self, cell: &Cell<'_>, continued: &str) -> Result<(), Error> {
        let mut piece = self.group_piece(cell);
        let again = self.group_piece(&Cell::runs(vec![Run::new(continued).quiet()]));
        piece.again = Some(Box::new(again));
        (piece.role, piece.sticky, piece.detail) = (PieceRole::GroupHead, true, self.detail);
        self.flow.push(piece)
    }

    /// Ends the table.
    ///
    /// # Errors
    /// [`Error::Stopped`].
    pub fn finish(self) -> Result<(), Error> {
        if self.detail == Detail::Cells {
            self.flow.close();
        }
        self.flow.end_table()
    }

    fn head(&mut self, columns: &[Column<'_>]) -> Result<(), Error> {
        let mut piece = self.flow.piece();
        let whole = piece.node(Kind::Row, None);
        let mut height = 0.0_f32;
        let mut tops = Vec::with_capacity(columns.len());
        for (slot, column) in self.slots.clone().into_iter().zip(columns) {
            let said = column.unseen.then(|| column.title.into());
            let node = piece.node(Kind::Head { column: true, span: 1, said }, Some(whole));
            let from = piece.ops.len();
            let run = [Run::new(if column.unseen { "" } else { column.title }).medium().quiet()];
            let place = Place { right: slot.right, ..Place::new(slot.x, 0.0, slot.width) };
            let lines = self.flow.composer.set(&mut piece, &run, Setting::TABLE, place, node);
            tops.push((from, piece.ops.len(), lines));
            height = height.max(lines);
        }
        // Heads stand on the rule.
        for (from, to, lines) in tops {
            for op in &mut piece.ops[from..to] {
                if let Op::Line { y, .. } = op {
                    *y += height - lines;
                }
            }
        }
        height += PAD;
        let palette = self.flow.composer.palette;
        let banner = self.flow.waits().is_some_and(|it| it.role == PieceRole::Banner);
        let (rule, ink) = if banner { (HAIR, palette.rule) } else { (HEAVY, palette.ink) };
        piece.ops.push(Op::Fill { x: 0.0, y: height - rule, width: WIDTH, height: rule, ink });
        (piece.height, piece.before) = (height, 2.0 * MM);
        (piece.role, piece.sticky, piece.detail) = (PieceRole::TableHead, true, self.detail);
        self.flow.push(piece)
    }

    /// Sets a cell from `at` down; returns where it ends.
    fn cell(&mut self, piece: &mut Piece, cell: &Cell<'_>, slot: Slot, at: (f32, NodeId)) -> f32 {
        let (mut y, node) = at;
        if let Some(mark) = cell.mark {
            let letter = piece.node(Kind::Abbreviation(mark.word()), Some(node));
            let top = y + (Setting::TABLE.line() - MARK) / 2.0;
            piece.ops.push(Op::Mark { mark, x: slot.x, y: top, size: MARK, node: letter });
            y += Setting::TABLE.line();
        }
        let mut left = cell.limit.map_or(usize::MAX, usize::from);
        for line in &cell.lines {
            if left == 0 {
                break;
            }
            let place = Place { right: slot.right, limit: left, ..Place::new(slot.x, y, slot.width) };
            let height = self.flow.composer.set(piece, line, Setting::TABLE, place, node);
            left = left.saturating_sub((height / Setting::TABLE.line()).round() as usize);
            y += height;
        }
        y
    }

    /// Sets a cell below the cells of columns `from` up to `to`; it belongs to the row's head.
    fn under(
        &mut self,
        piece: &mut Piece,
        columns: (usize, usize),
        cell: &Cell<'_>,
        bottoms: &[f32],
        header: NodeId,
    ) -> f32 {
        let last = self.slots.len() - 1;
        let (from, to) = (columns.0.min(last), columns.1.clamp(columns.0 + 1, last + 1).max(1) - 1);
        let (first, end) = (self.slots[from], self.slots[to.max(from)]);
        let slot = Slot { width: end.x + end.width - first.x, right: false, ..first };
        let top = bottoms[from..=to.max(from)].iter().copied().fold(0.0, f32::max);
        self.cell(piece, cell, slot, (top + 0.4 * MM, header))
    }

    fn group_piece(&mut self, cell: &Cell<'_>) -> Piece {
        let mut piece = self.flow.piece();
        let whole = piece.node(Kind::Row, None);
        let span = self.slots.len() as u16;
        let node = piece.node(Kind::Head { column: false, span, said: None }, Some(whole));
        let mut y = 2.8 * MM;
        let most = cell.limit.map_or(usize::MAX, usize::from);
        for (index, line) in cell.lines.iter().enumerate() {
            let setting = if index == 0 { Setting::BODY } else { Setting::TABLE };
            let place = Place { limit: most, ..Place::new(0.0, y, WIDTH) };
            y += self.flow.composer.set(&mut piece, line, setting, place, node);
        }
        piece.height = y + 1.4 * MM;
        piece
    }
}
