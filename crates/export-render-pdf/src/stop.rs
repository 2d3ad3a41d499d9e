//! The pulse of an export, asked while something else does the work.

use std::cell::Cell;

use export_core::ports::{Interrupt, Pulse};

/// Beats for a report whose records are all read, and remembers why it is to stop: the pulse is not asked again.
pub(crate) struct Stop<'a> {
    pulse: &'a dyn Pulse,
    rows: u64,
    said: Cell<Option<Interrupt>>,
}

impl<'a> Stop<'a> {
    /// All `rows` records are read.
    pub(crate) fn new(pulse: &'a dyn Pulse, rows: u64) -> Self {
        Self { pulse, rows, said: Cell::new(None) }
    }

    /// Beats once.
    pub(crate) fn check(&self) -> Result<(), Interrupt> {
        if self.said.get().is_none() {
            self.said.set(self.pulse.beat(self.rows).err());
        }
        self.said.get().map_or(Ok(()), Err)
    }

    /// Why the work is to stop, if a beat said so.
    pub(crate) fn said(&self) -> Option<Interrupt> {
        self.said.get()
    }
}
