//! How far reading has come, and whether somebody wants it to end.

use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use crate::refusal::Refusal;

/// What is told how many bytes were read so far, and says whether to go on. It is called by several threads.
pub type Progress<'a> = dyn Fn(u64) -> ControlFlow<()> + Sync + 'a;

/// Counts what was read, for all threads.
pub(crate) struct Watch<'a> {
    read: AtomicU64,
    stopped: AtomicBool,
    progress: &'a Progress<'a>,
}

impl<'a> Watch<'a> {
    pub(crate) fn new(progress: &'a Progress<'a>) -> Self {
        Self { read: AtomicU64::new(0), stopped: AtomicBool::new(false), progress }
    }

    /// Tells of further bytes.
    pub(crate) fn read(&self, bytes: u64) -> Result<(), Refusal> {
        let read = self.read.fetch_add(bytes, Ordering::Relaxed) + bytes;
        if (self.progress)(read).is_break() {
            self.stop();
        }
        self.check()
    }

    /// Ends the work of all threads.
    pub(crate) fn stop(&self) {
        self.stopped.store(true, Ordering::Relaxed);
    }

    pub(crate) fn check(&self) -> Result<(), Refusal> {
        if self.stopped.load(Ordering::Relaxed) { Err(Refusal::interrupted()) } else { Ok(()) }
    }
}
