//! Between the ZIP writer and the artifact: keeps the pulse, and keeps the first error.

use std::io::{self, Write};

use export_core::ports::{Outlet, Pulse, RenderError};

/// What is collected before it is passed on: some 5 ms of compressing, so that a pulse comes often enough.
const BLOCK: usize = 64 << 10;

/// Passes bytes on in blocks, with a beat before each.
///
/// After an error it takes everything and passes nothing on: the ZIP writer tries to end its archive when it is dropped,
/// and would complain of a second error on the standard error stream.
pub(crate) struct Tap<'a> {
    out: &'a mut dyn Outlet,
    pulse: &'a dyn Pulse,
    rows: u64,
    block: Vec<u8>,
    failed: Option<RenderError>,
}

impl<'a> Tap<'a> {
    /// Tells `pulse` that `rows` are done, at each beat.
    pub(crate) fn new(out: &'a mut dyn Outlet, pulse: &'a dyn Pulse, rows: u64) -> Self {
        Self { out, pulse, rows, block: Vec::with_capacity(BLOCK + BLOCK / 4), failed: None }
    }

    /// Passes the rest on.
    ///
    /// # Errors
    /// The first one, whether of `out` or of the pulse.
    pub(crate) fn finish(mut self) -> Result<(), RenderError> {
        if let Some(error) = self.failed {
            return Err(error);
        }
        self.pass_on()?;
        Ok(self.out.flush()?)
    }

    fn pass_on(&mut self) -> Result<(), RenderError> {
        self.pulse.beat(self.rows)?;
        self.out.write_all(&self.block)?;
        self.block.clear();
        Ok(())
    }
}

impl Write for Tap<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.failed.is_some() {
            return Ok(bytes.len());
        }
        self.block.extend_from_slice(bytes);
        if self.block.len() >= BLOCK
            && let Err(error) = self.pass_on()
        {
            self.failed = Some(error);
            return Err(io::Error::other("the artifact takes no more"));
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use export_contract::renderers::{FailingWriter, WitnessPulse};
    use export_core::code::Code;
    use export_core::ports::Interrupt;

    #[test]
    fn the_first_error_stays_and_what_follows_is_taken() {
        let mut full = FailingWriter::with_room_for(10);
        let pulse = WitnessPulse::default();
        let mut tap = Tap::new(&mut full, &pulse, 7);
        assert!(tap.write_all(&[0; BLOCK]).is_err());
        tap.write_all(&[0; BLOCK]).unwrap();
        assert_eq!(tap.finish().unwrap_err().code, Code::StorageFull);
        assert_eq!(pulse.told(), [7], "no beat after the error");
    }

    #[test]
    fn a_beat_that_says_stop_ends_it() {
        let mut out = Vec::new();
        let pulse = WitnessPulse::default().stopping_at(2, Interrupt::Cancelled);
        let mut tap = Tap::new(&mut out, &pulse, 7);
        tap.write_all(&[0; BLOCK]).unwrap();
        assert!(tap.write_all(&[0; BLOCK]).is_err());
        assert_eq!(tap.finish().unwrap_err().code, Code::Cancelled);
        assert_eq!(out.len(), BLOCK);
    }
}
