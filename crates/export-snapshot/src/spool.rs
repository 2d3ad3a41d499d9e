//! Files of records that notice every damage.
//!
//! ```text
//! file   = block*
//! block  = length: u64, checksum: u64, bytes[length]        (little-endian)
//! bytes  = (length: u32, record)*
//! ```
//!
//! A block holds whole records and about [`BLOCK`] bytes; a record that is larger has a block of its own size. The
//! checksum is XXH64 over the block's bytes, seeded with its place in the file, so that a block that stands where it was
//! not written is noticed too. How many records and bytes a file must have is not in the file but in the process that
//! wrote it ([`Extent`]): a file that was cut, even between two blocks, is [`Corrupt`](export_core::error::ErrorKind).

mod checksum;
mod read;
mod write;

use std::path::PathBuf;

use export_core::error::{ErrorKind, PortError};

pub(crate) use self::checksum::xxh64;
pub(crate) use self::read::SpoolReader;
pub(crate) use self::write::SpoolWriter;
use crate::quota::Charge;

/// The bytes of records in a block.
pub(crate) const BLOCK: usize = 128 << 10;
/// The bytes before a block.
const HEADER: usize = 16;
/// The bytes before a record.
const PREFIX: usize = 4;

/// A written file; it is removed when this is dropped.
#[derive(Debug)]
pub(crate) struct Spool {
    path: PathBuf,
    extent: Extent,
    _charge: Charge,
}

impl Spool {
    /// The bytes of the file.
    pub(crate) const fn bytes(&self) -> u64 {
        self.extent.bytes
    }

    /// A reader from the beginning, with a file handle of its own.
    pub(crate) fn read(&self) -> Result<SpoolReader, PortError> {
        SpoolReader::open(&self.path, self.extent)
    }
}

impl Drop for Spool {
    fn drop(&mut self) {
        // What cannot be removed now goes with the folder.
        let _ = std::fs::remove_file(&self.path);
    }
}

/// What a file must hold.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Extent {
    records: u64,
    bytes: u64,
    /// The bytes of the largest block: bounds what a damaged length can make a reader allocate.
    largest: usize,
}

fn corrupt(message: impl Into<String>) -> PortError {
    PortError::new(ErrorKind::Corrupt, "snapshot: read", message)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::scratch::Scratch;

    fn written(scratch: &Scratch, records: &[Vec<u8>]) -> Spool {
        let mut writer = SpoolWriter::create(scratch, "test").unwrap();
        for record in records {
            writer.push(record).unwrap();
        }
        writer.seal().unwrap()
    }

    fn read_all(spool: &Spool) -> Result<Vec<Vec<u8>>, PortError> {
        let mut reader = spool.read()?;
        let mut records = Vec::new();
        while reader.advance()? {
            records.push(reader.record().to_vec());
        }
        Ok(records)
    }

    fn some_records() -> Vec<Vec<u8>> {
        let lengths = [0, 1, 5, 1000, 70_000, 3, 40_000, 40_000, 200_000, 0];
        let record = |(i, length): (usize, usize)| (0..length).map(|at| (at * 7 + i) as u8).collect();
        lengths.into_iter().enumerate().map(record).collect()
    }

    #[test]
    fn gives_back_what_was_written() {
        let parent = tempfile::tempdir().unwrap();
        let scratch = Scratch::create(parent.path(), 1 << 20).unwrap();
        let records = some_records();
        let spool = written(&scratch, &records);
        assert_eq!(spool.bytes(), std::fs::metadata(&spool.path).unwrap().len());
        assert_eq!(read_all(&spool).unwrap(), records);
        assert_eq!(read_all(&written(&scratch, &[])).unwrap(), Vec::<Vec<u8>>::new());
    }

    #[test]
    fn every_damage_is_corrupt() {
        let parent = tempfile::tempdir().unwrap();
        let scratch = Scratch::create(parent.path(), 1 << 20).unwrap();
        let spool = written(&scratch, &some_records());
        let good = std::fs::read(&spool.path).unwrap();
        let refuses = |bytes: &[u8], what: &str| {
            std::fs::write(&spool.path, bytes).unwrap();
            assert_eq!(read_all(&spool).unwrap_err().kind, ErrorKind::Corrupt, "{what}");
        };
        for at in (0..good.len()).step_by(997).chain(0..HEADER) {
            for bit in [0, 7] {
                let mut flipped = good.clone();
                flipped[at] ^= 1 << bit;
                refuses(&flipped, &format!("bit {bit} of byte {at}"));
            }
        }
        for length in [0, 1, HEADER, good.len() / 2, good.len() - 1] {
            refuses(&good[..length], &format!("cut to {length}"));
        }
        refuses(&[good.as_slice(), b"x"].concat(), "one byte more");
    }

    #[test]
    fn blocks_that_change_places_are_corrupt() {
        let parent = tempfile::tempdir().unwrap();
        let scratch = Scratch::create(parent.path(), 1 << 20).unwrap();
        let spool = written(&scratch, &[vec![1; BLOCK], vec![2; BLOCK]]);
        let good = std::fs::read(&spool.path).unwrap();
        let (first, second) = good.split_at(good.len() / 2);
        std::fs::write(&spool.path, [second, first].concat()).unwrap();
        assert_eq!(read_all(&spool).unwrap_err().kind, ErrorKind::Corrupt);
    }

    #[test]
    fn the_quota_is_kept_and_files_go() {
        let parent = tempfile::tempdir().unwrap();
        let scratch = Scratch::create(parent.path(), 200_000).unwrap();
        let path = |spool: &Spool| -> &Path { Box::leak(spool.path.clone().into_boxed_path()) };
        let first = written(&scratch, &[vec![0; 150_000]]);
        let mut second = SpoolWriter::create(&scratch, "test").unwrap();
        assert_eq!(second.push(&vec![0; 150_000]).unwrap_err().kind, ErrorKind::Limit);
        drop(second);
        let first_path = path(&first);
        drop(first);
        assert!(!first_path.exists());
        drop(written(&scratch, &[vec![0; 150_000]]));
        drop(scratch);
        assert_eq!(std::fs::read_dir(parent.path()).unwrap().count(), 0);
    }
}
