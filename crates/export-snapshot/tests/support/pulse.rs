//! A pulse for those who are in no hurry.

use export_core::ports::{Interrupt, Pulse};

/// A pulse that never stops anything.
pub(crate) struct Idle;

impl Pulse for Idle {
    fn beat(&self, _: u64) -> Result<(), Interrupt> {
        Ok(())
    }
}
