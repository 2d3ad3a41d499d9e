//! The state that an attempt shares with its heartbeat: progress one way, a reason to stop the other.

use std::sync::atomic::{AtomicU8, AtomicU64, Ordering};

use export_core::error::{ErrorKind, PortError};
use export_core::export::{Progress, Stage};
use export_core::ports::{Interrupt, Pulse};
use tokio_util::sync::CancellationToken;

/// Why an attempt is to stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stop {
    /// A user cancelled the export.
    Cancelled,
    /// A step took longer than it may.
    Deadline,
    /// The lease is lost: write nothing more.
    Lost,
    /// The process shuts down.
    Shutdown,
}

const NONE: u8 = 0;
const UNKNOWN: u64 = u64::MAX;

/// Progress and the reason to stop. Reading and writing it costs an atomic each.
pub struct AttemptPulse {
    stage: AtomicU8,
    done: AtomicU64,
    total: AtomicU64,
    stop: AtomicU8,
    stopped: CancellationToken,
}

impl Default for AttemptPulse {
    fn default() -> Self {
        Self {
            stage: AtomicU8::new(0),
            done: AtomicU64::new(0),
            total: AtomicU64::new(UNKNOWN),
            stop: AtomicU8::new(NONE),
            stopped: CancellationToken::new(),
        }
    }
}

const STAGES: [Stage; 6] =
    [Stage::Queued, Stage::Gather, Stage::Sort, Stage::Render, Stage::Store, Stage::Done];

impl AttemptPulse {
    /// How far the attempt is.
    #[must_use]
    pub fn progress(&self) -> Progress {
        let total = self.total.load(Ordering::Relaxed);
        Progress {
            stage: STAGES[usize::from(self.stage.load(Ordering::Relaxed))],
            rows_done: self.done.load(Ordering::Relaxed),
            rows_total: (total != UNKNOWN).then_some(total),
        }
    }

    /// A new stage begins, of `total` findings if that is known.
    pub fn enter(&self, stage: Stage, total: Option<u64>) {
        let index = STAGES.iter().position(|known| *known == stage).expect("every stage is in the list");
        self.done.store(0, Ordering::Relaxed);
        self.total.store(total.unwrap_or(UNKNOWN), Ordering::Relaxed);
        self.stage.store(u8::try_from(index).expect("six stages"), Ordering::Relaxed);
    }

    /// `count` more findings are done.
    pub(crate) fn add(&self, count: u64) {
        self.done.fetch_add(count, Ordering::Relaxed);
    }

    /// Asks the attempt to stop. The first reason stays.
    pub(crate) fn stop(&self, why: Stop) {
        let code = match why {
            Stop::Cancelled => 1,
            Stop::Deadline => 2,
            Stop::Lost => 3,
            Stop::Shutdown => 4,
        };
        let _first_reason_stays = self.stop.compare_exchange(NONE, code, Ordering::AcqRel, Ordering::Acquire);
        self.stopped.cancel();
    }

    /// Asks whoever works with this pulse to stop, because nobody wants the result any more.
    pub fn cancel(&self) {
        self.stop(Stop::Cancelled);
    }

    /// Why the attempt is to stop, if it is.
    pub(crate) fn why(&self) -> Option<Stop> {
        match self.stop.load(Ordering::Acquire) {
            1 => Some(Stop::Cancelled),
            2 => Some(Stop::Deadline),
            3 => Some(Stop::Lost),
            4 => Some(Stop::Shutdown),
            _ => None,
        }
    }

    /// What `work` comes to. An attempt that is to stop lets go of it, so that a port that hangs holds up nobody.
    pub(crate) async fn until_stopped<T>(
        &self,
        work: impl Future<Output = Result<T, PortError>>,
    ) -> Result<T, PortError> {
        let stopped = || Err(PortError::new(ErrorKind::Cancelled, "attempt", "the attempt was stopped"));
        if self.why().is_some() {
            return stopped();
        }
        tokio::select! {
            biased;
            done = work => done,
            () = self.stopped.cancelled() => stopped(),
        }
    }
}

impl Pulse for AttemptPulse {
    fn beat(&self, rows_done: u64) -> Result<(), Interrupt> {
        self.done.store(rows_done, Ordering::Relaxed);
        match self.why() {
            None => Ok(()),
            Some(Stop::Deadline) => Err(Interrupt::Deadline),
            Some(Stop::Cancelled | Stop::Lost | Stop::Shutdown) => Err(Interrupt::Cancelled),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_reason_to_stop_stays() {
        let pulse = AttemptPulse::default();
        assert_eq!(pulse.beat(3), Ok(()));
        pulse.stop(Stop::Deadline);
        pulse.stop(Stop::Lost);
        assert_eq!((pulse.why(), pulse.beat(4)), (Some(Stop::Deadline), Err(Interrupt::Deadline)));
        assert_eq!(pulse.progress().rows_done, 4);
    }

    #[test]
    fn a_stage_starts_at_zero() {
        let pulse = AttemptPulse::default();
        pulse.add(5);
        for stage in STAGES {
            pulse.enter(stage, Some(7));
            let expected = Progress { stage, rows_done: 0, rows_total: Some(7) };
            assert_eq!(pulse.progress(), expected);
        }
    }
}
