//! The files of an export, one after the other.

use std::io::{self, Read};

use export_core::ports::{Outlet, RenderError};

use crate::gauge::Gauge;

/// What is collected before it is passed on.
const BLOCK: usize = 64 << 10;

/// Passes bytes on in blocks, one file after the other, and gauges them if asked to. Nothing is written when it is dropped:
/// what is not finished has failed.
pub(crate) struct FileWriter<'o> {
    out: &'o mut dyn Outlet,
    block: Vec<u8>,
    gauge: Option<Gauge>,
}

impl<'o> FileWriter<'o> {
    /// Starts with the main artifact.
    pub(crate) fn new(out: &'o mut dyn Outlet, gauged: bool) -> Self {
        Self { out, block: Vec::with_capacity(BLOCK + BLOCK / 4), gauge: gauged.then(Gauge::default) }
    }

    /// The block to append to. After a record, [`FileWriter::settle`] passes on what is full.
    pub(crate) fn block(&mut self) -> &mut Vec<u8> {
        &mut self.block
    }

    /// Passes the block on if it is full.
    pub(crate) fn settle(&mut self) -> io::Result<()> {
        if self.block.len() >= BLOCK { self.pass_on() } else { Ok(()) }
    }

    /// Passes on all of `from`, calling `beat` between the blocks.
    pub(crate) fn copy(
        &mut self,
        from: &mut impl Read,
        mut beat: impl FnMut() -> Result<(), RenderError>,
    ) -> Result<(), RenderError> {
        loop {
            self.pass_on()?;
            self.block.resize(BLOCK, 0);
            let count = from.read(&mut self.block)?;
            self.block.truncate(count);
            if count == 0 {
                return Ok(());
            }
            beat()?;
        }
    }

    /// At most how many bytes the file has so far after gzip; 0 if it is not gauged.
    pub(crate) fn compressed(&self) -> u64 {
        self.gauge.as_ref().map_or(0, |gauge| gauge.at_most() + self.block.len() as u64)
    }

    /// Ends the file, and tells its size after gzip, if it was gauged.
    pub(crate) fn finish(&mut self) -> io::Result<Option<u64>> {
        self.pass_on()?;
        self.out.flush()?;
        self.gauge.take().map(Gauge::finish).transpose()
    }

    /// Begins another file behind one that was finished.
    pub(crate) fn next(&mut self, name: &str, media_type: &str) -> Result<(), RenderError> {
        self.out.next_file(name, media_type)?;
        self.gauge = Some(Gauge::default());
        Ok(())
    }

    fn pass_on(&mut self) -> io::Result<()> {
        if let Some(gauge) = &mut self.gauge {
            gauge.take(&self.block)?;
        }
        self.out.write_all(&self.block)?;
        self.block.clear();
        Ok(())
    }
}
