//! Labels and values below each other, with a rule under each.

use crate::MM;
use crate::error::Error;
use crate::flow::Flow;
use crate::page::{Kind, Op, WIDTH};
use crate::text::{Place, Run, Setting};

const LABEL: f32 = 40.0 * MM;
const PAD: f32 = 1.0 * MM;
const HAIR: f32 = 0.5;

impl Flow<'_> {
    /// Pairs of a label and its value, such as the members of a request.
    ///
    /// # Errors
    /// [`Error::Stopped`].
    pub fn pairs(&mut self, pairs: &[(&str, Vec<Run<'_>>)]) -> Result<(), Error> {
        for (label, value) in pairs {
            let mut piece = self.piece();
            let node = piece.node(Kind::Paragraph, None);
            let lift = (Setting::BODY.line() - Setting::TABLE.line()) / 2.0;
            let place = Place::new(0.0, PAD + lift, LABEL - 3.0 * MM);
            let run = [Run::new(*label).quiet()];
            let left = self.composer.set(&mut piece, &run, Setting::TABLE, place, node) + lift;
            let place = Place::new(LABEL, PAD, WIDTH - LABEL);
            let right = self.composer.set(&mut piece, value, Setting::BODY, place, node);
            let height = left.max(right) + 2.0 * PAD;
            let ink = self.composer.palette.rule;
            piece.ops.push(Op::Fill { x: 0.0, y: height - HAIR, width: WIDTH, height: HAIR, ink });
            piece.height = height;
            self.push(piece)?;
        }
        Ok(())
    }
}
