//! Pages: pieces, drawing, structure.

mod canvas;
mod draw;
mod furniture;
mod mark;
mod outline;
mod piece;
mod tags;

pub(crate) use canvas::{Anchors, Canvas};
pub(crate) use furniture::{BOTTOM, TOP, WIDTH, furniture};
pub(crate) use piece::{Detail, Kind, NodeId, Op, Outlined, Piece, PieceRole};
pub(crate) use tags::Container;

/// A piece at its place on a page: points from the page's top.
#[derive(Debug)]
#[expect(clippy::large_enum_variant, reason = "nearly all are pieces, and no more than a page's")]
pub(crate) enum Placed {
    Piece { piece: Piece, y: f32 },
    Open(Container),
    Close,
}
