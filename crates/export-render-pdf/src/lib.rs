//! The PDF renderer, with two engines: designed reports printed by headless Chromium over the DevTools pipe, and the same
//! reports set in this process where there is no browser, too much for one, or an archive to satisfy.
//!
//! ```text
//!                                    templates --> HTML --chromium--.
//! Snapshot --report--> ReportView --<                                >--> spool --> out
//!      `-------- rows, streamed --------> writer, on export-typeset -'
//! ```
//!
//! | step | module |
//! |---|---|
//! | one pass over the records, holding no more than the report shows | `report` |
//! | from a report to a PDF, by whichever engine | `engine` |
//! | the engine of the designed report | `browser`, on top of [`chromium`] |
//! | the engine without a browser | `writer`, on top of [`export_typeset`] |
//! | which template, and what stands in for one that fails | `choice` |
//! | which engine prints what, and what happens when one fails | `engines` |
//! | all of it as a `Renderer` | `renderer` |

mod browser;
mod choice;
pub mod chromium;
mod engine;
mod engines;
mod glyphs;
mod renderer;
mod report;
mod stop;
mod writer;

pub use renderer::{DESIGNED_ROWS, PdfRenderer, PdfSettings, TEMPLATES};
