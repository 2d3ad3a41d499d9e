//! What renderers share: columns, spreadsheet safety, charts, streamed JSON documents.

pub mod block;
pub mod cell;
pub mod charts;
pub mod columns;
pub mod json_stream;
pub mod list;
pub mod rows;
pub mod spreadsheet;
