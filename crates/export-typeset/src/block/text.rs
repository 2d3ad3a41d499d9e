//! Headings and paragraphs.

use export_render_kit::charts::tokens;

use crate::MM;
use crate::error::Error;
use crate::flow::Flow;
use crate::page::{Kind, Outlined, Piece, WIDTH};
use crate::text::{Place, Run, Setting};

/// Lines longer than this are hard to follow.
pub(super) const MEASURE: f32 = 150.0 * MM;

/// The text of a heading, for the outline, which has no place for an empty one.
pub(super) fn title(piece: &Piece) -> String {
    Some(piece.text.trim()).filter(|it| !it.is_empty()).unwrap_or("Untitled").to_owned()
}

/// White above and below headings of the three levels, and how their letters stand.
const HEADS: [(f32, f32, Setting); 3] = [
    (0.0, 3.0 * MM, head(0, 1.2, -0.018)),
    (11.0 * MM, 3.0 * MM, head(1, 1.3, -0.01)),
    (7.0 * MM, 2.0 * MM, head(2, 1.35, 0.0)),
];

const fn head(level: usize, leading: f32, track: f32) -> Setting {
    Setting { size: tokens::HEAD_PT[level], leading, track, tabular: true }
}

impl Flow<'_> {
    /// A heading of level 1 to 3, in the outline and with a bookmark; it stays with what follows.
    ///
    /// # Errors
    /// [`Error::Stopped`].
    pub fn heading(&mut self, level: u8, text: &str) -> Result<(), Error> {
        self.anchored(level, text, None)
    }

    /// A heading that links can name, as `#anchor`.
    ///
    /// # Errors
    /// [`Error::Stopped`].
    pub fn anchored(&mut self, level: u8, text: &str, anchor: Option<&str>) -> Result<(), Error> {
        let level = level.clamp(1, 3);
        let (before, after, setting) = HEADS[usize::from(level) - 1];
        let mut piece = self.piece();
        let node = piece.node(Kind::Heading(level), None);
        let run = [Run::new(text).semibold()];
        let place = Place::new(0.0, 0.0, WIDTH);
        let height = self.composer.set(&mut piece, &run, setting, place, node);
        let title = title(&piece);
        piece.outline = Some(Outlined { level, title, anchor: anchor.map(str::to_owned) });
        (piece.before, piece.height, piece.after, piece.sticky) = (before, height, after, true);
        self.push(piece)
    }

    /// A paragraph of running text, 2 mm after the block above.
    ///
    /// # Errors
    /// [`Error::Stopped`].
    pub fn paragraph(&mut self, runs: &[Run<'_>]) -> Result<(), Error> {
        self.set(runs, Setting::BODY, MEASURE, (2.0, 0.0))
    }

    /// The sentence that sums a page up: larger, and set apart.
    ///
    /// # Errors
    /// [`Error::Stopped`].
    pub fn lead(&mut self, runs: &[Run<'_>]) -> Result<(), Error> {
        self.set(runs, Setting::new(tokens::HEAD_PT[2], 1.45), 160.0 * MM, (4.5, 5.0))
    }

    /// Small print under a table or a picture.
    ///
    /// # Errors
    /// [`Error::Stopped`].
    pub fn aside(&mut self, text: &str) -> Result<(), Error> {
        self.set(&[Run::new(text).quiet()], Setting::TABLE, MEASURE, (4.0, 0.0))
    }

    /// Quiet text between a heading and what it heads; it stays with what follows.
    ///
    /// # Errors
    /// [`Error::Stopped`].
    pub fn caption(&mut self, runs: &[Run<'_>]) -> Result<(), Error> {
        let mut piece = self.piece();
        let node = piece.node(Kind::Paragraph, None);
        let place = Place::new(0.0, 0.0, MEASURE);
        piece.height = self.composer.set(&mut piece, runs, Setting::BODY, place, node);
        (piece.after, piece.sticky) = (3.0 * MM, true);
        self.push(piece)
    }

    /// A paragraph with white above and below, in millimetres.
    fn set(
        &mut self,
        runs: &[Run<'_>],
        setting: Setting,
        width: f32,
        white: (f32, f32),
    ) -> Result<(), Error> {
        let mut piece = self.piece();
        let node = piece.node(Kind::Paragraph, None);
        let place = Place::new(0.0, 0.0, width);
        piece.height = self.composer.set(&mut piece, runs, setting, place, node);
        (piece.before, piece.after) = (white.0 * MM, white.1 * MM);
        self.push(piece)
    }
}
