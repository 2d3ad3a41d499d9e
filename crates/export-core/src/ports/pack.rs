//! How files become one archive.

use std::io::{Read, Write};

use crate::catalogue::Format;
use crate::error::PortError;

/// Writes one archive format.
pub trait Packager: Send + Sync {
    /// The format that it writes.
    fn format(&self) -> Format;

    /// Begins an archive on `out`.
    ///
    /// * The same entries in the same order give the same bytes, on any machine: times, owners and modes are fixed.
    /// * Memory depends neither on the number of entries' bytes nor on the archive's size.
    ///
    /// # Errors
    /// What `out` says.
    fn start<'w>(&self, out: &'w mut (dyn Write + Send)) -> Result<Box<dyn Packing + 'w>, PortError>;
}

/// An archive that is being written. Without [`finish`](Self::finish) it is worthless.
pub trait Packing {
    /// Adds one file: the `size` bytes that `from` gives.
    ///
    /// `path` is relative, its parts are separated by `/`, and none of them is empty, `.` or `..` or holds a backslash or a NUL;
    /// each path is added once, and none is a folder of another.
    ///
    /// # Errors
    /// `Invalid` for another path, or if `from` gives fewer or more bytes; what `out` and `from` say.
    fn entry(&mut self, path: &str, size: u64, from: &mut dyn Read) -> Result<(), PortError>;

    /// Ends the archive, and passes everything on.
    ///
    /// # Errors
    /// What `out` says.
    fn finish(self: Box<Self>) -> Result<(), PortError>;
}
