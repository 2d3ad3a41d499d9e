//! Lists, bulleted or numbered, with a command under an item where there is one.

use crate::MM;
use crate::error::Error;
use crate::flow::Flow;
use crate::page::{Container, Kind, NodeId, Op, Piece};
use crate::text::{Place, Run, Setting};

const INDENT: f32 = 5.0 * MM;
const CODE_PAD: (f32, f32) = (2.4 * MM, 1.6 * MM);

/// One item: its text, and a command that is set apart under it.
#[derive(Debug, Clone, Default)]
pub struct Item<'a> {
    /// The text.
    pub runs: Vec<Run<'a>>,
    /// The command, in mono on a light ground.
    pub code: Option<&'a str>,
}

impl<'a> Item<'a> {
    /// An item of one run.
    #[must_use]
    pub fn new(run: impl Into<Run<'a>>) -> Self {
        Self { runs: vec![run.into()], code: None }
    }

    /// With a command under it.
    #[must_use]
    pub fn code(mut self, code: &'a str) -> Self {
        self.code = Some(code);
        self
    }
}

impl Flow<'_> {
    /// A list; `numbered` items are counted from 1.
    ///
    /// # Errors
    /// [`Error::Stopped`].
    pub fn list(&mut self, numbered: bool, items: &[Item<'_>]) -> Result<(), Error> {
        if items.is_empty() {
            return Ok(());
        }
        self.open(Container::List { numbered });
        for (index, item) in items.iter().enumerate() {
            let label = if numbered { format!("{}.", index + 1) } else { "•".to_owned() };
            let mut piece = self.piece();
            let whole = piece.node(Kind::Item, None);
            let mark = piece.node(Kind::Label, Some(whole));
            let body = piece.node(Kind::Body, Some(whole));
            let at = Place::new(0.0, 0.0, INDENT - 2.0);
            self.composer.set(&mut piece, &[Run::new(label).quiet()], Setting::BODY, at, mark);
            let at = Place::new(INDENT, 0.0, super::text::MEASURE - INDENT);
            let mut height = self.composer.set(&mut piece, &item.runs, Setting::BODY, at, body);
            if let Some(code) = item.code {
                height += self.code(&mut piece, code, height, body);
            }
            (piece.height, piece.before) = (height, 2.0 * MM);
            self.push(piece)?;
        }
        self.close();
        Ok(())
    }

    /// Sets a command below `y`; returns its height with the white above.
    fn code(&mut self, piece: &mut Piece, code: &str, y: f32, node: NodeId) -> f32 {
        let (width, top) = (super::text::MEASURE - INDENT, y + 1.0 * MM);
        let ground = piece.ops.len();
        let at = Place::new(INDENT + CODE_PAD.0, top + CODE_PAD.1, width - 2.0 * CODE_PAD.0);
        let text = self.composer.set(piece, &[Run::new(code).mono()], Setting::BODY, at, node);
        let (height, palette) = (text + 2.0 * CODE_PAD.1, self.composer.palette);
        let (x, y) = (INDENT, top);
        piece.ops.insert(ground, Op::Frame { x, y, width, height, ink: palette.rule });
        piece.ops.insert(ground, Op::Fill { x, y, width, height, ink: palette.code });
        height + 1.0 * MM
    }
}
