//! The blocks that a document is made of.

mod banner;
mod callout;
mod facts;
mod list;
mod pairs;
mod picture;
mod table;
mod text;
mod tiles;

pub use banner::Banner;
pub use facts::Fact;
pub use list::Item;
pub use table::{Align, Cell, Column, Row, Table};
pub use tiles::{Change, Tile};
