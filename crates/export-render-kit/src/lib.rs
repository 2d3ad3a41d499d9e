//! What renderers share: columns, history of scans, spreadsheet safety, charts, brands, streamed JSON documents, reports of
//! what a conversion loses.

pub mod block;
pub mod brand;
pub mod cell;
pub mod change;
pub mod charts;
pub mod columns;
pub mod conversion;
pub mod history;
pub mod json;
pub mod json_stream;
pub mod list;
pub mod number;
pub mod remedy;
pub mod rows;
pub mod scan;
pub mod spreadsheet;
pub mod upgrade;
pub mod upgrades;
pub mod urgency;
pub mod version;
pub mod vex;
pub mod vulnerabilities;
