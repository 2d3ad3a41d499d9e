//! Writing a spool, block by block.

use std::fs::File;
use std::io::Write;
use std::path::PathBuf;

use export_core::error::{ErrorKind, PortError};

use super::{BLOCK, Extent, HEADER, PREFIX, Spool, xxh64};
use crate::quota::Charge;
use crate::scratch::Scratch;

/// Memory for a block: the record that makes it full mostly needs no more.
const CAPACITY: usize = HEADER + BLOCK + (8 << 10);

/// An unfinished spool. Dropped without [`seal`](Self::seal), its file stays until the folder goes.
pub(crate) struct SpoolWriter {
    file: File,
    path: PathBuf,
    extent: Extent,
    charge: Charge,
    /// The block being filled, behind room for its header.
    block: Vec<u8>,
}

impl SpoolWriter {
    /// An empty spool in `scratch`.
    pub(crate) fn create(scratch: &Scratch, what: &str) -> Result<Self, PortError> {
        let path = scratch.new_path(what);
        let file = File::create_new(&path).map_err(|error| PortError::io("snapshot: create", error))?;
        let mut block = Vec::with_capacity(CAPACITY);
        block.resize(HEADER, 0);
        Ok(Self { file, path, extent: Extent::default(), charge: scratch.charge(), block })
    }

    /// Adds one record.
    pub(crate) fn push(&mut self, record: &[u8]) -> Result<(), PortError> {
        self.push_with(|block| {
            block.extend_from_slice(record);
            Ok(())
        })
    }

    /// Adds the record that `fill` appends to the buffer it is given. After an error the spool is worthless.
    pub(crate) fn push_with(
        &mut self,
        fill: impl FnOnce(&mut Vec<u8>) -> Result<(), PortError>,
    ) -> Result<(), PortError> {
        let start = self.block.len();
        self.block.extend_from_slice(&[0; PREFIX]);
        fill(&mut self.block)?;
        let length = record_length(self.block.len() - start - PREFIX)?;
        self.block[start..start + PREFIX].copy_from_slice(&length.to_le_bytes());
        self.extent.records += 1;
        if self.block.len() >= HEADER + BLOCK { self.flush() } else { Ok(()) }
    }

    /// Writes what is left and ends the file.
    pub(crate) fn seal(mut self) -> Result<Spool, PortError> {
        if self.block.len() > HEADER {
            self.flush()?;
        }
        Ok(Spool { path: self.path, extent: self.extent, _charge: self.charge })
    }

    fn flush(&mut self) -> Result<(), PortError> {
        let (header, bytes) = self.block.split_at_mut(HEADER);
        header[..8].copy_from_slice(&(bytes.len() as u64).to_le_bytes());
        header[8..].copy_from_slice(&xxh64(bytes, self.extent.bytes).to_le_bytes());
        self.extent.largest = self.extent.largest.max(bytes.len());
        self.charge.add(self.block.len() as u64)?;
        self.file.write_all(&self.block).map_err(|error| PortError::io("snapshot: write", error))?;
        self.extent.bytes += self.block.len() as u64;
        self.block.truncate(HEADER);
        self.block.shrink_to(CAPACITY); // one huge record must not keep its memory
        Ok(())
    }
}

fn record_length(length: usize) -> Result<u32, PortError> {
    u32::try_from(length)
        .map_err(|_| PortError::new(ErrorKind::Limit, "snapshot: write", "a record is larger than 4 GiB"))
}
