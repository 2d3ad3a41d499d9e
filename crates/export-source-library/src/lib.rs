//! A folder or bucket of what real tools wrote, as scans, verdicts and VEX statements.
//!
//! One scan is one sub-folder, its name the scan's id. Files are recognised by content (`recognise`), read as
//! streams on a blocking thread (`emit`), and mapped to the finding model by one module for each format.
//! `docs/contracts/library.md` tells users what is read, and how.
//!
//! | step | module |
//! |---|---|
//! | where a tenant's scans lie | `layout`, `files` |
//! | bytes, with their digest and position | `input` |
//! | JSON of any length, value by value | `json` |
//! | what a file is | `recognise`, which asks every `format` about its `shape` |
//! | what it says | a module of `formats`, with what they share in `kit` |
//! | what a folder holds, and reading it | `scan`, `reading` |
//! | which scans a scope stands for | `resolve` |
//! | SBOM documents that another source fetched | `fetched` |
//! | what one file is, for people who ask | `inspect` |
//!
//! A new format is one module below `formats` with a `static` of type `Format`, and its line in the table there.

mod about;
mod document;
mod emit;
mod fetched;
mod files;
mod format;
mod formats;
mod input;
mod inspect;
mod json;
mod kit;
mod layout;
mod open;
mod reading;
mod recognise;
mod resolve;
mod scan;
mod shape;
mod source;

pub use self::fetched::SbomDocuments;
pub use self::inspect::{Inspection, Refusal, Told, formats, inspect, inspect_bytes, read_as};
pub use self::layout::{InvalidLayout, Layout};
pub use self::source::LibrarySource;
