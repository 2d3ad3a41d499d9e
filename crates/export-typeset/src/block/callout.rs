//! What a reader must not miss.

use crate::MM;
use crate::error::Error;
use crate::flow::Flow;
use crate::page::{Kind, Op, WIDTH};
use crate::text::{Place, Run, Setting};

const BAR: f32 = 1.2 * MM;
const INDENT: f32 = 4.7 * MM;

impl Flow<'_> {
    /// A paragraph with a bar of the colour of caution at its left.
    ///
    /// # Errors
    /// [`Error::Stopped`].
    pub fn callout(&mut self, runs: &[Run<'_>]) -> Result<(), Error> {
        let mut piece = self.piece();
        let node = piece.node(Kind::Paragraph, None);
        let place = Place::new(INDENT, 0.4 * MM, (WIDTH - INDENT).min(super::text::MEASURE));
        let text = self.composer.set(&mut piece, runs, Setting::BODY, place, node);
        let height = text + 0.8 * MM;
        let ink = self.composer.palette.caution;
        piece.ops.insert(0, Op::Fill { x: 0.0, y: 0.0, width: BAR, height, ink });
        (piece.height, piece.before, piece.after) = (height, 3.0 * MM, 3.0 * MM);
        self.push(piece)
    }
}
