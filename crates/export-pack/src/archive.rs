//! What all archives have in common: which entries they take, and when they are worthless.

use std::io::{self, Read, Write};

use export_core::error::{ErrorKind, PortError};
use export_core::ports::Packing;

use crate::paths::{Paths, invalid};
use crate::sink::Switch;

pub(crate) const ENTRY: &str = "archive: add a file";
pub(crate) const WRITE: &str = "archive: write";

/// How much of a file is held at a time.
const PIECE: usize = 64 << 10;

/// The bytes of one format. What is written to it is the data of the entry that was begun last.
pub(crate) trait Encoder: Write {
    /// Begins an entry; its path was checked.
    fn begin(&mut self, path: &str, size: u64) -> Result<(), PortError>;

    /// Ends the entry, of which all bytes were written.
    fn end(&mut self, size: u64) -> Result<(), PortError>;

    /// Ends the archive, and flushes the writer below.
    fn finish(self) -> Result<(), PortError>;
}

/// An archive in the format of `E`.
pub(crate) struct Archive<E> {
    /// Dropped before the encoder, which must not end an archive that was given up.
    guard: Guard,
    encoder: E,
    paths: Paths,
    piece: Box<[u8]>,
}

impl<E> Archive<E> {
    /// Begins; `switch` is that of the sink below `encoder`.
    pub(crate) fn new(encoder: E, switch: Switch) -> Self {
        let piece = vec![0; PIECE].into_boxed_slice();
        Self { guard: Guard(switch), encoder, paths: Paths::default(), piece }
    }
}

impl<E: Encoder> Packing for Archive<E> {
    fn entry(&mut self, path: &str, size: u64, from: &mut dyn Read) -> Result<(), PortError> {
        self.guard.check()?;
        self.paths.take(path)?;
        let Self { encoder, piece, .. } = self;
        let added = encoder
            .begin(path, size)
            .and_then(|()| copy(path, size, from, encoder, piece))
            .and_then(|()| encoder.end(size));
        if added.is_err() {
            self.guard.0.shut();
        }
        added
    }

    fn finish(self: Box<Self>) -> Result<(), PortError> {
        self.guard.check()?;
        let Self { guard: _guard, encoder, .. } = *self;
        encoder.finish()
    }
}

/// Shuts the archive when it goes.
struct Guard(Switch);

impl Guard {
    /// After an error in the middle of an entry there is no way back.
    fn check(&self) -> Result<(), PortError> {
        if self.0.is_shut() {
            return Err(PortError::new(ErrorKind::Internal, WRITE, "it ended with an earlier error"));
        }
        Ok(())
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        self.0.shut();
    }
}

/// Copies exactly `size` bytes, behind which `from` must end.
fn copy(
    path: &str,
    size: u64,
    from: &mut dyn Read,
    into: &mut dyn Write,
    piece: &mut [u8],
) -> Result<(), PortError> {
    let mut left = size;
    loop {
        let got = read(from, piece).map_err(|error| PortError::io(ENTRY, error).at(path))?;
        if got == 0 && left == 0 {
            return Ok(());
        }
        let wrong = |what| invalid(path, &format!("has {what} than the {size} bytes that were told"));
        if got == 0 {
            return Err(wrong("fewer"));
        }
        left = left.checked_sub(got as u64).ok_or_else(|| wrong("more"))?;
        into.write_all(&piece[..got]).map_err(|error| PortError::io(WRITE, error))?;
    }
}

fn read(from: &mut dyn Read, piece: &mut [u8]) -> io::Result<usize> {
    loop {
        match from.read(piece) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            done => return done,
        }
    }
}
