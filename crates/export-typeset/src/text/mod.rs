//! Text: runs, paragraphs, lines, glyphs.

mod breaks;
pub(crate) mod clean;
mod paragraph;
mod run;
mod shape;

pub(crate) use paragraph::{Composer, Paragraph, Place, Setting, Span, Style};
pub use run::Run;
pub(crate) use shape::{Segment, direction, note_outlines, segments};
