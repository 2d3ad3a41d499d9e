//! Fonts: what is installed, what is loaded, which face shows a character.

mod book;
pub(crate) mod cluster;
mod face;
mod faces;
mod rank;
mod sfnt;
mod sparse;

pub use book::FontBook;
pub(crate) use faces::{FaceId, Faces};
pub(crate) use rank::Want;
