//! A small layout library that writes PDF in-process, on krilla.
//!
//! It knows nothing of findings or reports: it has headings, paragraphs, tables whose rows are streamed,
//! pictures and a few more blocks, in the colours and type of the design tokens. Memory holds the
//! compressed pages and the structure, never the rows.
//!
//! ```no_run
//! # use export_typeset::{write, Column, Cell, Error, FontBook, Row, Run, Settings};
//! # fn main() -> Result<(), Error> {
//! let book = FontBook::system();
//! let settings = Settings::new("Findings", chrono::DateTime::UNIX_EPOCH);
//! let written = write(&book, &settings, |flow| {
//!     flow.heading(1, "Findings")?;
//!     let mut table = flow.table(&[Column::mm("Id", 40.0).head(), Column::rest("Title")])?;
//!     table.row(&Row::new([Cell::new(Run::new("CVE-2024-1").mono()), Cell::new("A title")]))?;
//!     table.finish()
//! })?;
//! # Ok(()) }
//! ```
//!
//! The function is called twice, for "page n of m" needs m: a first pass measures, a second draws. It must
//! give the same blocks both times.

mod block;
mod error;
mod flow;
mod fonts;
mod page;
mod palette;
mod picture;
mod settings;
mod text;
mod write;

pub use block::{Align, Banner, Cell, Change, Column, Fact, Item, Row, Table, Tile};
pub use error::Error;
pub use flow::Flow;
pub use fonts::FontBook;
pub use settings::{CELL_TAGS, MAX_LINKS, Profile, ROW_TAGS, Settings};
pub use text::Run;
pub use write::{Written, write};

/// A millimetre in points.
pub(crate) const MM: f32 = 72.0 / 25.4;
