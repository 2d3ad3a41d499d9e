//! The head of a part of a report, such as an image: its name between a rule and a line of facts.

use export_render_kit::charts::{Mark, tokens};

use crate::MM;
use crate::error::Error;
use crate::flow::Flow;
use crate::page::{Kind, NodeId, Op, Outlined, Piece, PieceRole, WIDTH};
use crate::text::{Place, Run, Setting};

const RULE: f32 = 0.9;
const MARK: f32 = 4.0 * MM;
/// Between a mark and its count, and between two counts.
const GAPS: (f32, f32) = (1.0 * MM, 4.0 * MM);

/// What a banner says besides its title.
#[derive(Debug, Clone, Default)]
pub struct Banner<'a> {
    /// The line under the title, from the left, in quiet ink where the runs don't say otherwise.
    pub facts: Vec<Run<'a>>,
    /// What the counts at the right are of, such as `open in packages`.
    pub of: &'a str,
    /// Counts by severity; those that are not zero, worst first.
    pub counts: Vec<(Mark, String)>,
    /// A name for links, as `#anchor`.
    pub anchor: Option<&'a str>,
}

impl Flow<'_> {
    /// A heading of level 3 under a rule, with a line of facts; it stays with what follows.
    ///
    /// # Errors
    /// [`Error::Stopped`].
    pub fn banner(&mut self, title: &str, banner: &Banner<'_>) -> Result<(), Error> {
        let mut piece = self.piece();
        let ink = self.composer.palette.ink;
        piece.ops.push(Op::Fill { x: 0.0, y: 0.0, width: WIDTH, height: RULE, ink });
        let node = piece.node(Kind::Heading(3), None);
        let setting = Setting::new(tokens::HEAD_PT[2], 1.35);
        let place = Place { limit: 6, ..Place::new(0.0, RULE + 2.0 * MM, WIDTH) };
        let run = [Run::new(title).semibold()];
        let mut y = place.y + self.composer.set(&mut piece, &run, setting, place, node);
        let title = super::text::title(&piece);
        let anchor = banner.anchor.map(str::to_owned);
        piece.outline = Some(Outlined { level: 3, title, anchor });
        if !banner.facts.is_empty() || !banner.counts.is_empty() {
            let node = piece.node(Kind::Paragraph, None);
            let counts = self.counts(&mut piece, banner, y, node);
            let place = Place::new(0.0, y, (WIDTH - counts - GAPS.1).max(40.0 * MM));
            y += self.composer.set(&mut piece, &banner.facts, Setting::TABLE, place, node);
            y = y.max(place.y + Setting::TABLE.line());
        }
        let below_heading = self.waits().is_some_and(|it| it.outline.is_some());
        piece.before = if below_heading { 4.0 * MM } else { 9.0 * MM };
        (piece.height, piece.after) = (y, 3.0 * MM);
        (piece.sticky, piece.role) = (true, PieceRole::Banner);
        self.push(piece)
    }

    /// Sets the counts at the right; returns the width they take.
    fn counts(&mut self, piece: &mut Piece, banner: &Banner<'_>, y: f32, node: NodeId) -> f32 {
        let mut right = WIDTH;
        let mut placed = Vec::with_capacity(banner.counts.len());
        for (mark, count) in banner.counts.iter().rev() {
            let run = [Run::new(count.as_str()).semibold()];
            let width = self.composer.width(&run, Setting::TABLE);
            let x = right - width;
            placed.push((*mark, run, x, width));
            right = x - GAPS.0 - MARK - GAPS.1;
        }
        if !banner.of.is_empty() {
            let of = [Run::new(banner.of).quiet()];
            let width = self.composer.width(&of, Setting::TABLE);
            self.composer.set(piece, &of, Setting::TABLE, Place::new(right - width, y, width + 1.0), node);
            right -= width;
        }
        for (mark, run, x, width) in placed.into_iter().rev() {
            let letter = piece.node(Kind::Abbreviation(mark.word()), Some(node));
            let top = y + (Setting::TABLE.line() - MARK) / 2.0;
            piece.ops.push(Op::Mark { mark, x: x - GAPS.0 - MARK, y: top, size: MARK, node: letter });
            self.composer.set(piece, &run, Setting::TABLE, Place::new(x, y, width + 1.0), node);
        }
        WIDTH - right
    }
}
