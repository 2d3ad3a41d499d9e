//! Telling progress, and hearing when to stop.

use export_core::error::{ErrorKind, PortError};
use export_core::ports::{Interrupt, Pulse};

/// Steps between two beats: four times as often as a pulse asks for.
const STEPS: u32 = 250;

/// A pulse that is asked once in a while.
pub(crate) struct Beat<'a> {
    pulse: &'a dyn Pulse,
    rows_done: u64,
    steps: u32,
}

impl<'a> Beat<'a> {
    /// No row is done.
    pub(crate) fn new(pulse: &'a dyn Pulse) -> Self {
        Self { pulse, rows_done: 0, steps: 0 }
    }

    /// One more step of whatever kind was made.
    pub(crate) fn tick(&mut self) -> Result<(), PortError> {
        self.steps += 1;
        if self.steps < STEPS { Ok(()) } else { self.now() }
    }

    /// One more step was made, and `rows` rows are done.
    pub(crate) fn rows(&mut self, rows: u64) -> Result<(), PortError> {
        self.rows_done = rows;
        self.tick()
    }

    /// Asks without waiting for more steps.
    pub(crate) fn now(&mut self) -> Result<(), PortError> {
        self.steps = 0;
        self.pulse.beat(self.rows_done).map_err(|interrupt| {
            let (kind, message) = match interrupt {
                Interrupt::Cancelled => (ErrorKind::Cancelled, "reading the sources was cancelled"),
                Interrupt::Deadline => (ErrorKind::Timeout, "reading the sources took longer than it may"),
            };
            PortError::new(kind, "snapshot: join", message).because(interrupt)
        })
    }
}

#[cfg(test)]
pub(crate) mod testing {
    use super::*;

    struct Idle;

    impl Pulse for Idle {
        fn beat(&self, _: u64) -> Result<(), Interrupt> {
            Ok(())
        }
    }

    /// A beat that never stops anything.
    pub(crate) fn idle() -> Beat<'static> {
        Beat::new(&Idle)
    }
}
