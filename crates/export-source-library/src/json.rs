//! JSON of any length, value by value.
//!
//! [`JsonReader`] walks the outer objects and arrays of a document itself and hands each inner value, a finding say, to
//! `serde_json` as a slice. So a report is never a tree in memory, records borrow from the window, and the place of an
//! error is known: the pointer (RFC 6901) down to the member, line and column.

mod extent;
#[macro_use]
mod members;
mod reader;

pub(crate) use self::members::members;
pub(crate) use self::reader::{JsonReader, Span};
