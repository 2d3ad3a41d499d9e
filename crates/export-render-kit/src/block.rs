//! Collects small writes into blocks.

use std::io::{self, Write};

/// What is collected before it is passed on.
const BLOCK: usize = 64 << 10;

/// Passes bytes on in blocks of about 64 KiB; a record is written into memory first, which many small writes are fast in.
///
/// Unlike [`io::BufWriter`] it writes nothing when it is dropped: what is not finished has failed, and the writer below
/// is then left alone.
pub struct BlockWriter<W> {
    out: W,
    block: Vec<u8>,
}

impl<W: Write> BlockWriter<W> {
    /// Starts with an empty block.
    pub fn new(out: W) -> Self {
        Self { out, block: Vec::with_capacity(BLOCK + BLOCK / 4) }
    }

    /// The block to append to. After a record, [`BlockWriter::settle`] passes on what is full.
    pub fn block(&mut self) -> &mut Vec<u8> {
        &mut self.block
    }

    /// Passes the block on if it is full.
    ///
    /// # Errors
    /// What the writer below says.
    pub fn settle(&mut self) -> io::Result<()> {
        if self.block.len() >= BLOCK { self.pass_on() } else { Ok(()) }
    }

    /// Passes everything on and flushes the writer below.
    ///
    /// # Errors
    /// What the writer below says.
    pub fn finish(mut self) -> io::Result<()> {
        self.pass_on()?;
        self.out.flush()
    }

    fn pass_on(&mut self) -> io::Result<()> {
        self.out.write_all(&self.block)?;
        self.block.clear();
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passes_on_full_blocks_and_the_rest_at_the_end() {
        let mut out = Vec::new();
        let mut writer = BlockWriter::new(&mut out);
        writer.block().extend([1; BLOCK]);
        writer.settle().unwrap();
        assert!(writer.block().is_empty());
        writer.block().extend([2; 10]);
        writer.settle().unwrap();
        assert_eq!(writer.block().len(), 10);
        writer.finish().unwrap();
        assert_eq!(out.len(), BLOCK + 10);
    }

    #[test]
    fn dropped_unfinished_it_writes_nothing() {
        let mut out = Vec::new();
        let mut writer = BlockWriter::new(&mut out);
        writer.block().extend(b"half");
        drop(writer);
        assert!(out.is_empty());
    }
}
