//! The bytes of an entry, which end exactly where the headers say.

use flate2::{Crc, Decompress};

use super::entry::{Entry, STORED};
use crate::inflate::inflate;
use crate::pieces::Pieces;
use crate::refusal::Refusal;
use crate::source::Source;

/// An entry that is unpacked; the source is limited to its data.
pub(super) struct Packed<'s, 'f> {
    source: &'s mut Source<'f>,
    stream: &'s mut Decompress,
    entry: &'s Entry,
    crc: Crc,
    left: u64,
    ended: bool,
}

impl<'s, 'f> Packed<'s, 'f> {
    pub(super) fn new(source: &'s mut Source<'f>, stream: &'s mut Decompress, entry: &'s Entry) -> Self {
        Self { source, stream, entry, crc: Crc::new(), left: entry.size, ended: false }
    }

    fn unpack(&mut self, into: &mut [u8]) -> Result<usize, Refusal> {
        if self.entry.method == STORED {
            let wanted = into.len().min(usize::try_from(self.left).unwrap_or(usize::MAX));
            self.source.exactly(into.get_mut(..wanted).unwrap_or_default())?;
            self.ended = wanted as u64 == self.left;
            return Ok(wanted);
        }
        let (got, ended) = inflate(self.stream, self.source, into)?;
        self.ended = ended;
        Ok(got)
    }

    fn check_end(&self) -> Result<(), Refusal> {
        if self.source.left() != 0 {
            return Err(Refusal::ambiguous("something is behind its compressed data"));
        }
        if self.left != 0 {
            return Err(Refusal::corrupt("it has fewer bytes than its headers tell"));
        }
        if self.crc.sum() != self.entry.crc {
            return Err(Refusal::corrupt("its CRC-32 is wrong"));
        }
        Ok(())
    }
}

impl Pieces for Packed<'_, '_> {
    fn next(&mut self, into: &mut [u8]) -> Result<usize, Refusal> {
        let got = if self.ended { 0 } else { self.unpack(into)? };
        self.crc.update(into.get(..got).unwrap_or_default());
        let more = || Refusal::corrupt("it has more bytes than its headers tell");
        self.left = self.left.checked_sub(got as u64).ok_or_else(more)?;
        if self.ended {
            self.check_end()?;
        }
        Ok(got)
    }
}
