//! Reading a spool from its beginning to its end.

use std::fs::File;
use std::io::{ErrorKind as Io, Read};
use std::ops::Range;
use std::path::Path;

use export_core::error::{ErrorKind, PortError};

use super::{Extent, HEADER, PREFIX, corrupt, xxh64};

/// A position in a spool, with the block around it.
pub(crate) struct SpoolReader {
    file: File,
    extent: Extent,
    /// Records and bytes that were read.
    read: Extent,
    block: Vec<u8>,
    record: Range<usize>,
}

impl SpoolReader {
    pub(super) fn open(path: &Path, extent: Extent) -> Result<Self, PortError> {
        let file = File::open(path).map_err(|error| {
            PortError::new(ErrorKind::Unavailable, "snapshot: open", error.to_string()).because(error)
        })?;
        let block = Vec::with_capacity(extent.largest); // so that it never grows by doubling
        Ok(Self { file, extent, read: Extent::default(), block, record: 0..0 })
    }

    /// Goes to the next record; false behind the last one.
    pub(crate) fn advance(&mut self) -> Result<bool, PortError> {
        if self.read.records == self.extent.records {
            self.record = 0..0;
            return self.check_end().map(|()| false);
        }
        if self.record.end == self.block.len() {
            self.next_block()?;
        }
        let start = self.record.end + PREFIX;
        let prefix = self.block.get(self.record.end..start).and_then(|bytes| bytes.first_chunk());
        let length = u32::from_le_bytes(*prefix.ok_or_else(|| corrupt("a record's length is cut"))?);
        let end = start.saturating_add(length as usize);
        if end > self.block.len() {
            return Err(corrupt("a record is longer than its block"));
        }
        self.record = start..end;
        self.read.records += 1;
        Ok(true)
    }

    /// The record that [`advance`](Self::advance) went to; empty before the first and behind the last.
    pub(crate) fn record(&self) -> &[u8] {
        &self.block[self.record.clone()]
    }

    fn next_block(&mut self) -> Result<(), PortError> {
        let mut header = [0; HEADER];
        fill(&mut self.file, &mut header)?;
        let header = u128::from_le_bytes(header);
        #[expect(clippy::cast_possible_truncation, reason = "the parts are taken by their size")]
        let (length, checksum) = (header as u64, (header >> 64) as u64);
        let length = usize::try_from(length).ok().filter(|length| *length <= self.extent.largest);
        let length = length.ok_or_else(|| corrupt("a block is longer than any that was written"))?;
        self.block.resize(length, 0);
        fill(&mut self.file, &mut self.block)?;
        if xxh64(&self.block, self.read.bytes) != checksum {
            return Err(corrupt(format!("the block at byte {} is not what was written", self.read.bytes)));
        }
        self.read.bytes += (HEADER + length) as u64;
        self.record = 0..0;
        Ok(())
    }

    /// Behind the last record there must be nothing, neither in the block nor in the file.
    fn check_end(&mut self) -> Result<(), PortError> {
        let length = self.file.metadata().map_err(|error| PortError::io("snapshot: read", error))?.len();
        if self.read.bytes == self.extent.bytes && length == self.extent.bytes {
            return Ok(());
        }
        Err(corrupt(format!("the file has {length} bytes, and {} were written", self.extent.bytes)))
    }
}

fn fill(file: &mut File, buffer: &mut [u8]) -> Result<(), PortError> {
    file.read_exact(buffer).map_err(|error| match error.kind() {
        Io::UnexpectedEof => corrupt("the file ends too early").because(error),
        _ => PortError::io("snapshot: read", error),
    })
}
