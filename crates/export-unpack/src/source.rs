//! A file that is read in order, up to a limit; several threads may read one file.

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt as _;

use sha2::{Digest as _, Sha256};

use crate::refusal::Refusal;
use crate::watch::Watch;

const BUFFER: usize = 128 << 10;

/// A part of a file.
pub(crate) struct Source<'a> {
    file: &'a File,
    watch: &'a Watch<'a>,
    buffer: Box<[u8]>,
    used: usize,
    filled: usize,
    /// Where the next byte of the file comes from that is not in the buffer.
    next: u64,
    /// Nothing is read from here on.
    end: u64,
    /// Nothing is given from here on.
    limit: u64,
    hash: Option<Sha256>,
}

impl<'a> Source<'a> {
    pub(crate) fn new(file: &'a File, watch: &'a Watch<'a>) -> Self {
        let buffer = vec![0; BUFFER].into_boxed_slice();
        Self { file, watch, buffer, used: 0, filled: 0, next: 0, end: 0, limit: 0, hash: None }
    }

    /// Begins with another part.
    pub(crate) fn part(&mut self, start: u64, end: u64) {
        (self.used, self.filled) = (0, 0);
        (self.next, self.end, self.limit) = (start, end, end);
    }

    /// Hashes all that is read from the file from now on.
    pub(crate) fn hashed(mut self) -> Self {
        self.hash = Some(Sha256::new());
        self
    }

    /// The digest of what was read.
    pub(crate) fn digest(&mut self) -> Option<[u8; 32]> {
        self.hash.take().map(|hash| hash.finalize().into())
    }

    /// Gives so many bytes, and then acts as if the part ended.
    pub(crate) fn limit(&mut self, bytes: u64) -> Result<(), Refusal> {
        let limit = self.position().checked_add(bytes).filter(|limit| *limit <= self.end);
        self.limit = limit
            .ok_or_else(|| Refusal::ambiguous("the entry's size does not fit between its neighbours"))?;
        Ok(())
    }

    /// Gives the rest of the part too.
    pub(crate) fn lift(&mut self) {
        self.limit = self.end;
    }

    fn position(&self) -> u64 {
        self.next - (self.filled - self.used) as u64
    }

    /// How much is left up to the limit.
    pub(crate) fn left(&self) -> u64 {
        self.limit.saturating_sub(self.position())
    }

    /// The bytes that come next; none at the limit.
    pub(crate) fn fill(&mut self) -> Result<&[u8], Refusal> {
        if self.left() == 0 {
            return Ok(&[]);
        }
        if self.used == self.filled {
            self.read()?;
        }
        let end =
            self.filled.min(self.used.saturating_add(usize::try_from(self.left()).unwrap_or(usize::MAX)));
        Ok(self.buffer.get(self.used..end).unwrap_or_default())
    }

    /// So many of them were used.
    pub(crate) fn used(&mut self, bytes: usize) {
        self.used = (self.used + bytes).min(self.filled);
    }

    fn read(&mut self) -> Result<(), Refusal> {
        let wanted = self.buffer.len().min(usize::try_from(self.end - self.next).unwrap_or(usize::MAX));
        let into = self.buffer.get_mut(..wanted).unwrap_or_default();
        let got = read_at(self.file, into, self.next)?;
        if got == 0 {
            return Err(Refusal::cut());
        }
        self.next += got as u64;
        (self.used, self.filled) = (0, got);
        if let Some(hash) = &mut self.hash {
            hash.update(self.buffer.get(..got).unwrap_or_default());
        }
        self.watch.read(got as u64)
    }

    /// As many bytes as `into` has.
    pub(crate) fn exactly(&mut self, mut into: &mut [u8]) -> Result<(), Refusal> {
        while !into.is_empty() {
            let some = self.fill()?;
            let got = some.len().min(into.len());
            if got == 0 {
                return Err(Refusal::cut());
            }
            let (now, later) = into.split_at_mut(got);
            now.copy_from_slice(some.get(..got).unwrap_or_default());
            into = later;
            self.used(got);
        }
        Ok(())
    }

    /// The next `N` bytes.
    pub(crate) fn array<const N: usize>(&mut self) -> Result<[u8; N], Refusal> {
        let mut array = [0; N];
        self.exactly(&mut array)?;
        Ok(array)
    }

    /// The next bytes; `length` comes from a field of 16 bits, or was checked.
    pub(crate) fn bytes(&mut self, length: u16) -> Result<Vec<u8>, Refusal> {
        let mut bytes = vec![0; length.into()];
        self.exactly(&mut bytes)?;
        Ok(bytes)
    }
}

/// Some bytes of a file; none behind its end.
pub(crate) fn read_at(file: &File, into: &mut [u8], at: u64) -> Result<usize, Refusal> {
    loop {
        match file.read_at(into, at) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            done => return done.map_err(|error| Refusal::io(&error)),
        }
    }
}

/// All of these bytes of a file.
pub(crate) fn read_exactly_at(file: &File, mut into: &mut [u8], mut at: u64) -> Result<(), Refusal> {
    while !into.is_empty() {
        match read_at(file, into, at)? {
            0 => return Err(Refusal::cut()),
            got => (into, at) = (into.get_mut(got..).unwrap_or_default(), at + got as u64),
        }
    }
    Ok(())
}
