//! The strip of numbers: label, value, change, note.

use export_render_kit::charts::{Mark, tokens};

use crate::MM;
use crate::error::Error;
use crate::flow::Flow;
use crate::page::{Kind, Op, Piece, WIDTH};
use crate::text::{Place, Run, Setting};

const HAIR: f32 = 0.5;
const MARK: f32 = 4.0 * MM;
/// A strip has at most so many; more are too narrow to read.
const MOST: usize = 8;

/// How a number moved since the baseline.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// In the accent's colour.
    Better,
    /// In ink.
    Worse,
    /// Quiet.
    Same,
}

/// One number of the strip.
#[derive(Debug, Clone)]
pub struct Tile<'a> {
    /// What is counted.
    pub label: &'a str,
    /// The severity whose mark stands before the label.
    pub mark: Option<Mark>,
    /// The number, as it is read.
    pub value: &'a str,
    /// What became of it, and whether that is good.
    pub change: Option<(Change, &'a str)>,
    /// What explains it.
    pub note: Option<&'a str>,
}

impl Flow<'_> {
    /// A strip of up to eight numbers, on one line.
    ///
    /// # Errors
    /// [`Error::Stopped`].
    pub fn tiles(&mut self, tiles: &[Tile<'_>]) -> Result<(), Error> {
        let tiles = &tiles[..tiles.len().min(MOST)];
        if tiles.is_empty() {
            return Ok(());
        }
        let mut piece = self.piece();
        let width = WIDTH / tiles.len() as f32;
        let mut height = 0.0_f32;
        for (index, tile) in tiles.iter().enumerate() {
            height = height.max(self.tile(&mut piece, tile, index as f32 * width, width));
        }
        height += 2.6 * MM;
        let ink = self.composer.palette.rule;
        let edges = [0.0, height - HAIR].map(|y| Op::Fill { x: 0.0, y, width: WIDTH, height: HAIR, ink });
        let between =
            (1..tiles.len()).map(|it| Op::Fill { x: it as f32 * width, y: 0.0, width: HAIR, height, ink });
        let rules: Vec<Op> = edges.into_iter().chain(between).collect();
        piece.ops.splice(0..0, rules);
        (piece.height, piece.before) = (height, 2.0 * MM);
        self.push(piece)
    }

    /// One tile from its left edge; returns its height without the white below.
    fn tile(&mut self, piece: &mut Piece, tile: &Tile<'_>, left: f32, width: f32) -> f32 {
        let x = if left > 0.0 { left + 3.0 * MM } else { 0.0 };
        let room = left + width - x - 1.0 * MM;
        let mut y = 2.6 * MM;
        let node = piece.node(Kind::Paragraph, None);
        let mut label = x;
        if let Some(mark) = tile.mark {
            let letter = piece.node(Kind::Abbreviation(mark.word()), Some(node));
            piece.ops.push(Op::Mark { mark, x, y: y + 0.1 * MM, size: MARK, node: letter });
            label += MARK + 1.2 * MM;
        }
        let at = Place { limit: 1, ..Place::new(label, y + 0.3 * MM, (room - (label - x)).max(1.0)) };
        self.composer.set(piece, &[Run::new(tile.label)], Setting::TABLE, at, node);
        y += 4.4 * MM + 0.8 * MM;
        let value = Setting { track: -0.02, tabular: false, ..Setting::new(tokens::HEAD_PT[0], 1.25) };
        let at = |y: f32, limit: usize| Place { limit, ..Place::new(x, y, room) };
        y += self.composer.set(piece, &[Run::new(tile.value).semibold()], value, at(y, 1), node);
        if let Some((change, text)) = tile.change {
            let run = match change {
                Change::Better => Run::new(text).semibold().accent(),
                Change::Worse => Run::new(text).semibold(),
                Change::Same => Run::new(text).quiet(),
            };
            y += self.composer.set(piece, &[run], Setting::SMALL, at(y, 2), node);
        }
        if let Some(note) = tile.note {
            y += self.composer.set(piece, &[Run::new(note).quiet()], Setting::SMALL, at(y, 3), node);
        }
        y
    }
}
