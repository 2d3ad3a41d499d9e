//! The grid of facts on a first page: label over value, three in a row.

use crate::MM;
use crate::error::Error;
use crate::flow::Flow;
use crate::page::{Kind, Op, Piece, WIDTH};
use crate::text::{Place, Run, Setting};

const COLUMNS: usize = 3;
const GAP: (f32, f32) = (8.0 * MM, 3.2 * MM);
/// A fact has at most so many lines; the manifest has all.
const MOST_LINES: usize = 4;

/// A label and the lines of its value.
#[derive(Debug, Clone)]
pub struct Fact<'a> {
    /// What it is.
    pub label: &'a str,
    /// Its value: one line or more.
    pub lines: Vec<Vec<Run<'a>>>,
    /// It takes the whole width.
    pub wide: bool,
}

impl<'a> Fact<'a> {
    /// A fact of one line.
    #[must_use]
    pub fn new(label: &'a str, value: impl Into<Run<'a>>) -> Self {
        Self { label, lines: vec![vec![value.into()]], wide: false }
    }

    /// A fact of several lines over the whole width.
    #[must_use]
    pub fn wide(label: &'a str, lines: Vec<Vec<Run<'a>>>) -> Self {
        Self { label, lines, wide: true }
    }
}

impl Flow<'_> {
    /// The facts under a rule, in their order.
    ///
    /// # Errors
    /// [`Error::Stopped`].
    pub fn facts(&mut self, facts: &[Fact<'_>]) -> Result<(), Error> {
        let mut piece = self.piece();
        let ink = self.composer.palette.ink;
        piece.ops.push(Op::Fill { x: 0.0, y: 0.0, width: WIDTH, height: 0.9, ink });
        let (mut y, mut column, mut tallest) = (4.0 * MM, 0, 0.0_f32);
        for fact in facts {
            if column == COLUMNS || fact.wide && column > 0 {
                y += tallest + GAP.1;
                (column, tallest) = (0, 0.0);
            }
            let width = match fact.wide {
                true => WIDTH,
                false => (WIDTH - GAP.0 * (COLUMNS - 1) as f32) / COLUMNS as f32,
            };
            let x = column as f32 * (width + GAP.0);
            tallest = tallest.max(self.fact(&mut piece, fact, (x, y), width));
            column = if fact.wide { COLUMNS } else { column + 1 };
        }
        (piece.height, piece.before) = (y + tallest, 6.0 * MM);
        self.push(piece)
    }

    fn fact(&mut self, piece: &mut Piece, fact: &Fact<'_>, at: (f32, f32), width: f32) -> f32 {
        let node = piece.node(Kind::Paragraph, None);
        let place = Place { limit: 1, ..Place::new(at.0, at.1, width) };
        let label = [Run::new(fact.label).quiet()];
        let mut height = self.composer.set(piece, &label, Setting::TABLE, place, node);
        for line in &fact.lines {
            let place = Place { limit: MOST_LINES, ..Place::new(at.0, at.1 + height, width) };
            height += self.composer.set(piece, line, Setting::BODY, place, node);
        }
        height
    }
}
