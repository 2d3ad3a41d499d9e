//! A clock that goes when it is told to.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use export_core::time::{Clock, Now};

/// A clock for tests. It stands still until it is set.
#[derive(Debug)]
pub struct ManualClock(Mutex<Now>);

impl ManualClock {
    /// Starts at `now`.
    #[must_use]
    pub const fn new(now: Now) -> Self {
        Self(Mutex::new(now))
    }

    /// Lets both clocks, the wall's and the boot's, go on by `later`.
    pub fn advance(&self, later: Duration) {
        self.change(|now| *now = now.plus(later));
    }

    /// Changes the present, as a step of the wall clock or a new boot does.
    pub fn change(&self, change: impl FnOnce(&mut Now)) {
        change(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner));
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Now {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
