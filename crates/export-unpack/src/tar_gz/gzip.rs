//! Gzip (RFC 1952): one member, and behind it at most an empty one that says the digest of the first.

use std::fs::File;

use export_core::digest::Digest;
use flate2::{Crc, Decompress};

use crate::Container;
use crate::inflate::inflate;
use crate::pieces::Pieces;
use crate::refusal::Refusal;
use crate::source::{Source, read_exactly_at};

pub(super) const MAGIC: [u8; 2] = [0x1f, 0x8b];
const DEFLATE: u8 = 8;
const HEADER_CRC: u8 = 1 << 1;
const EXTRA: u8 = 1 << 2;
const NAME: u8 = 1 << 3;
const COMMENT: u8 = 1 << 4;
/// The longest name of a file anywhere.
const LONGEST_NAME: usize = 4_096;

/// The member that says the digest (`docs/evidence-format.md`): before and behind the 64 digits.
const SAYS: &[u8] = b"\x1f\x8b\x08\x10\0\0\0\0\0\xffsha256:";
const SAID: [u8; 11] = [0, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0];
const SAYING: usize = 92;

/// The content of the first member; at its end all is checked.
pub(super) struct Gunzip<'a> {
    source: Source<'a>,
    stream: Decompress,
    crc: Crc,
    made: u64,
    most: u64,
    said: Option<Digest>,
    ended: bool,
}

impl<'a> Gunzip<'a> {
    /// Reads the header; at most `most` bytes come out.
    pub(super) fn begin(file: &File, size: u64, source: Source<'a>, most: u64) -> Result<Self, Refusal> {
        let said = said(file, size)?;
        let (mut source, end) = match said {
            Some(_) => (source.hashed(), size - SAYING as u64),
            None => (source, size),
        };
        source.part(0, end);
        header(&mut source)?;
        let stream = Decompress::new(false);
        Ok(Self { source, stream, crc: Crc::new(), made: 0, most, said, ended: false })
    }

    /// What was checked at the end.
    pub(super) fn container(&self) -> Container {
        self.said.map_or(Container::Absent, |_| Container::Right)
    }

    fn check_end(&mut self) -> Result<(), Refusal> {
        let crc = u32::from_le_bytes(self.source.array()?);
        let size = u32::from_le_bytes(self.source.array()?);
        // RFC 1952, 2.3.1: the size modulo 2^32.
        if crc != self.crc.sum() || size != self.made as u32 {
            return Err(Refusal::corrupt("the archive's CRC-32 or size is wrong"));
        }
        if self.source.left() != 0 {
            return Err(Refusal::ambiguous("something else than its digest is behind the archive"));
        }
        if self.source.digest().map(Digest::from_bytes) != self.said {
            return Err(Refusal::corrupt("the archive's last member is not the digest of the first"));
        }
        Ok(())
    }
}

/// What the last member says, if there is one that says anything.
fn said(file: &File, size: u64) -> Result<Option<Digest>, Refusal> {
    let Some(at) = size.checked_sub(SAYING as u64) else { return Ok(None) };
    let mut member = [0; SAYING];
    read_exactly_at(file, &mut member, at)?;
    let digits = member.strip_prefix(SAYS).and_then(|rest| rest.strip_suffix(&SAID));
    Ok(digits.and_then(|digits| str::from_utf8(digits).ok()?.parse().ok()))
}

fn header(source: &mut Source<'_>) -> Result<(), Refusal> {
    let fixed: [u8; 10] = source.array()?;
    let [a, b, method, flags, ..] = fixed;
    if [a, b] != MAGIC || method != DEFLATE || flags & 0b1110_0000 != 0 {
        return Err(Refusal::corrupt("the archive's gzip header is unknown"));
    }
    if flags & (EXTRA | COMMENT) != 0 {
        return Err(Refusal::ambiguous("the archive's gzip header has data outside of files"));
    }
    let mut header = fixed.to_vec();
    let mut named = flags & NAME != 0;
    while named {
        let [byte] = source.array()?;
        header.push(byte);
        named = byte != 0;
        if header.len() > LONGEST_NAME {
            return Err(Refusal::ambiguous("the name in the archive's gzip header is too long"));
        }
    }
    if flags & HEADER_CRC != 0 {
        let mut crc = Crc::new();
        crc.update(&header);
        // The lower half (RFC 1952, 2.3.1.2).
        if u16::from_le_bytes(source.array()?) != crc.sum() as u16 {
            return Err(Refusal::corrupt("the CRC-16 of the archive's gzip header is wrong"));
        }
    }
    Ok(())
}

impl Pieces for Gunzip<'_> {
    fn next(&mut self, into: &mut [u8]) -> Result<usize, Refusal> {
        if self.ended {
            return Ok(0);
        }
        let (got, ended) = inflate(&mut self.stream, &mut self.source, into)?;
        self.crc.update(into.get(..got).unwrap_or_default());
        self.made += got as u64;
        if self.made > self.most {
            let reason =
                format!("it unpacks to more than the {} bytes that an archive of this size may", self.most);
            return Err(Refusal::not_safe(reason));
        }
        if ended {
            self.ended = true;
            self.check_end()?;
        }
        Ok(got)
    }
}
