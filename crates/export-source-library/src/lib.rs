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
//! | what a file is | `recognise` |
//! | what it says | `trivy`, `guard`, `openvex`, `verdicts`, `known_exploited`, `epss`, `sbom` |
//! | which scans a scope stands for | `resolve` |

mod emit;
mod epss;
mod files;
mod guard;
mod input;
mod json;
mod known_exploited;
mod layout;
mod open;
mod openvex;
mod recognise;
mod resolve;
mod sbom;
mod scan;
mod source;
mod trivy;
mod verdicts;

pub use self::layout::{InvalidLayout, Layout};
pub use self::sbom::SbomDocuments;
pub use self::source::LibrarySource;
