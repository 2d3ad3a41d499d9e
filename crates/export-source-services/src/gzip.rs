//! Answers that are packed, unpacked as they arrive.
//!
//! The HTTP client could do this itself, but a feature of it that is switched on here is on for every client of the
//! program, and what unpacks answers of strangers without being asked is not wanted there.

use std::io::{self, Write as _};

use bytes::Bytes;
use flate2::write::MultiGzDecoder;

/// Packed bytes that are unpacked at once: what comes of them is at most a thousand times as long.
const PORTION: usize = 4 * 1024;

/// Unpacks a stream of gzip members.
pub(crate) struct Gunzip {
    decoder: MultiGzDecoder<Vec<u8>>,
    packed: Bytes,
}

impl Gunzip {
    pub(crate) fn new() -> Self {
        Self { decoder: MultiGzDecoder::new(Vec::new()), packed: Bytes::new() }
    }

    /// Takes the next chunk; the one before must have been used up.
    pub(crate) fn push(&mut self, packed: Bytes) {
        self.packed = packed;
    }

    /// Unpacks the next portion; none if all that was pushed is used up.
    ///
    /// # Errors
    /// If it is not gzip.
    pub(crate) fn next(&mut self) -> io::Result<Option<Bytes>> {
        while !self.packed.is_empty() {
            let portion = self.packed.split_to(PORTION.min(self.packed.len()));
            self.decoder.write_all(&portion)?;
            self.decoder.flush()?;
            let unpacked = std::mem::take(self.decoder.get_mut());
            if !unpacked.is_empty() {
                return Ok(Some(unpacked.into()));
            }
        }
        Ok(None)
    }

    /// Ends the stream: what was still inside.
    ///
    /// # Errors
    /// If a member has not ended, or does not have the checksum that it tells.
    pub(crate) fn finish(&mut self) -> io::Result<Bytes> {
        self.decoder.try_finish()?;
        Ok(std::mem::take(self.decoder.get_mut()).into())
    }
}

#[cfg(test)]
mod tests {
    use flate2::Compression;
    use flate2::write::GzEncoder;

    use super::*;

    fn gzip(text: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(text).unwrap();
        encoder.finish().unwrap()
    }

    fn gunzip(packed: &[u8], chunk: usize) -> io::Result<Vec<u8>> {
        let mut gunzip = Gunzip::new();
        let mut text = Vec::new();
        for chunk in packed.chunks(chunk) {
            gunzip.push(Bytes::copy_from_slice(chunk));
            while let Some(part) = gunzip.next()? {
                text.extend_from_slice(&part);
            }
        }
        text.extend_from_slice(&gunzip.finish()?);
        Ok(text)
    }

    #[test]
    fn what_was_packed_comes_out_whatever_the_chunks_are() {
        let text: Vec<u8> = (0..100_000_u32).flat_map(u32::to_le_bytes).collect();
        let packed = gzip(&text);
        for chunk in [1, 7, 4096, packed.len()] {
            assert_eq!(gunzip(&packed, chunk).unwrap(), text, "chunks of {chunk}");
        }
        let two = [gzip(b"one "), gzip(b"two")].concat();
        assert_eq!(gunzip(&two, 5).unwrap(), b"one two");
    }

    #[test]
    fn what_is_cut_or_changed_is_told() {
        let packed = gzip(b"a text that is long enough to be cut somewhere in the middle of it");
        for end in 1..packed.len() {
            assert!(gunzip(&packed[..end], 10).is_err(), "cut behind {end} of {} bytes", packed.len());
        }
        let mut changed = packed.clone();
        let at = changed.len() - 6;
        changed[at] ^= 1;
        assert!(gunzip(&changed, 10).is_err(), "another checksum");
        assert!(gunzip(b"no gzip at all", 10).is_err());
    }
}
