//! How long to wait, and who may call it off.

use std::time::{Duration, Instant};

use super::ChromiumError;

/// How often a waiting thread looks whether it was cancelled.
const SLICE: Duration = Duration::from_millis(50);

/// A deadline and a cancel flag: every wait in this module ends with one of them.
#[derive(Clone, Copy)]
pub struct Watch<'a> {
    /// When to give up.
    pub deadline: Instant,
    /// Asked about 20 times a second; `true` stops the work.
    pub cancel: &'a dyn Fn() -> bool,
}

impl Watch<'_> {
    /// The same watch with an earlier deadline.
    pub(super) fn at_most(self, limit: Duration) -> Self {
        Self { deadline: self.deadline.min(Instant::now() + limit), ..self }
    }

    /// How long to wait before asking again.
    pub(super) fn slice(&self, during: &'static str) -> Result<Duration, ChromiumError> {
        if (self.cancel)() {
            return Err(ChromiumError::Cancelled);
        }
        let left = self.deadline.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err(ChromiumError::Timeout { during });
        }
        Ok(left.min(SLICE))
    }
}
