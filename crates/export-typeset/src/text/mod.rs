//! Text: runs, paragraphs, lines, glyphs.

mod breaks;
pub(crate) mod clean;
mod paragraph;
mod run;
mod setting;
mod shape;

pub(crate) use paragraph::{Composer, Paragraph, Span, Style};
pub use run::Run;
pub(crate) use setting::{Place, Setting};
pub(crate) use shape::{Segment, direction, note_outlines, segments};
