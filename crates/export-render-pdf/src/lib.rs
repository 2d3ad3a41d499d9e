//! The PDF renderer: designed reports printed by headless Chromium over the DevTools pipe.
//!
//! ```text
//! Snapshot --report--> ReportView --templates--> HTML --chromium--> spool --> out
//! ```
//!
//! | step | module |
//! |---|---|
//! | one pass over the records, holding no more than the report shows | `report` |
//! | from a report to a PDF, by whichever engine | `engine` |
//! | the engine of the designed report | `browser`, on top of [`chromium`] |
//! | all of it as a `Renderer` | `renderer` |

mod browser;
pub mod chromium;
mod engine;
mod renderer;
mod report;
mod stop;

pub use renderer::{MAX_ROWS, PdfRenderer, TEMPLATES};
