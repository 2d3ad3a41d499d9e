//! An archive says the digest of itself, so that damage to it is found too: `docs/evidence-format.md`, "The archive".

use std::io::{self, Write};

use export_core::digest::{Digest, DigestWriter};

/// What an archive says of itself.
fn comment(digest: Digest) -> String {
    format!("sha256:{digest}")
}

/// A second gzip member that is empty but for its comment (RFC 1952, 2.3); readers skip it.
pub(crate) fn gzip_member(digest: Digest) -> Vec<u8> {
    const COMMENT: u8 = 1 << 4;
    let mut member = vec![0x1f, 0x8b, 8, COMMENT, 0, 0, 0, 0, 0, 255];
    member.extend_from_slice(comment(digest).as_bytes());
    member.extend_from_slice(&[0, 3, 0]); // the comment's end, and a Deflate block without bytes
    member.extend_from_slice(&[0; 8]); // CRC-32 and length
    member
}

/// The end-of-central-directory record without a comment (APPNOTE 4.3.16).
const RECORD: usize = 22;
/// Up to here the record does not depend on the comment.
const FIXED: usize = RECORD - 2;

/// Passes a ZIP archive on, but for as many bytes as its last record has: the digest must go in there.
pub(crate) struct ZipTail<W> {
    out: DigestWriter<W>,
    held: Vec<u8>,
}

impl<W: Write> ZipTail<W> {
    pub(crate) fn new(out: W) -> Self {
        Self { out: DigestWriter::new(out), held: Vec::with_capacity(RECORD) }
    }

    /// Writes the last record, with the digest of all before the comment's length as its comment.
    pub(crate) fn finish(mut self) -> io::Result<()> {
        let Some((record, [0, 0])) = self.held.split_last_chunk() else {
            return Err(io::Error::other("the archive does not end with a record without a comment"));
        };
        if record.len() != FIXED || !record.starts_with(b"PK\x05\x06") {
            return Err(io::Error::other("the archive does not end with its last record"));
        }
        self.out.write_all(record)?;
        let (mut out, _, digest) = self.out.finish()?;
        let comment = comment(digest);
        out.write_all(&(comment.len() as u16).to_le_bytes())?;
        out.write_all(comment.as_bytes())?;
        out.flush()
    }
}

impl<W: Write> Write for ZipTail<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let Some(settled) = bytes.len().checked_sub(RECORD) else {
            let over = (self.held.len() + bytes.len()).saturating_sub(RECORD);
            self.out.write_all(&self.held[..over])?;
            self.held.drain(..over);
            self.held.extend_from_slice(bytes);
            return Ok(bytes.len());
        };
        self.out.write_all(&self.held)?;
        self.held.clear();
        self.out.write_all(&bytes[..settled])?;
        self.held.extend_from_slice(&bytes[settled..]);
        Ok(bytes.len())
    }

    /// What is held stays: what comes decides what it is.
    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_member_has_92_bytes() {
        assert_eq!(gzip_member(Digest::of(b"")).len(), 92);
    }

    #[test]
    fn the_tail_is_the_same_in_any_pieces() {
        let archive = [b"anything before".as_slice(), b"PK\x05\x06", &[0; 18]].concat();
        for size in 1..=archive.len() {
            let mut out = Vec::new();
            let mut tail = ZipTail::new(&mut out);
            archive.chunks(size).for_each(|piece| tail.write_all(piece).unwrap());
            tail.finish().unwrap();
            let (before, comment) = out.split_at(archive.len());
            assert_eq!(before[..archive.len() - 2], archive[..archive.len() - 2]);
            assert_eq!(before[archive.len() - 2..], [71, 0]);
            let digest = Digest::of(&archive[..archive.len() - 2]);
            assert_eq!(comment, format!("sha256:{digest}").as_bytes());
        }
    }

    #[test]
    fn another_end_is_an_error() {
        for archive in [b"".as_slice(), &[0; 22], b"PK\x05\x06", b"PK\x05\x06123456789012345678"] {
            let mut tail = ZipTail::new(io::sink());
            tail.write_all(archive).unwrap();
            assert!(tail.finish().is_err());
        }
    }
}
