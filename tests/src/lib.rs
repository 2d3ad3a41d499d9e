//! Tests of the whole: the real programs, the architecture's rules.
//!
//! This library starts the programs as a user would, on clean folders and free ports, and ends what it started.

mod cli;
mod program;
mod reader;
mod site;
mod tree;

pub use self::cli::{Run, exportctl, exportctl_with};
pub use self::program::{Program, binary};
pub use self::reader::read_back;
pub use self::site::{Settings, Site};
pub use self::tree::{files_named, fixtures};
