//! Archives: streamed, and the same bytes for the same files.
//!
//! Nothing of the machine is in them: every time is the format's earliest, every file is `rw-r--r--` and belongs to
//! nobody. Only regular files are written; folders follow from their paths. Both formats compress with DEFLATE at level 6,
//! which is where more effort stops paying. Every archive says the SHA-256 of its own bytes, so that damage to it is found.
//!
//! ```
//! use export_core::ports::Packager as _;
//! use export_pack::ZipPackager;
//!
//! let mut out = Vec::new();
//! let mut archive = ZipPackager.start(&mut out)?;
//! archive.entry("reports/findings.csv", 6, &mut &b"id\r\n1\n"[..])?;
//! archive.finish()?;
//! assert!(out.starts_with(b"PK"));
//! # Ok::<(), export_core::error::PortError>(())
//! ```

mod archive;
mod container;
mod paths;
mod sink;
mod tar_gz;
mod zip;

pub use crate::tar_gz::TarGzPackager;
pub use crate::zip::ZipPackager;

/// The level of DEFLATE; on exports, 9 is slower and hardly smaller.
const LEVEL: u32 = 6;
