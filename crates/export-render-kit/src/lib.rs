//! What renderers share: columns, spreadsheet safety, charts, streamed JSON documents, reports of what a conversion loses.

pub mod block;
pub mod cell;
pub mod charts;
pub mod columns;
pub mod conversion;
pub mod json;
pub mod json_stream;
pub mod list;
pub mod remedy;
pub mod rows;
pub mod scan;
pub mod spreadsheet;
pub mod upgrade;
pub mod version;
pub mod vex;
