//! The state machine of a job.

use std::time::Duration;

use super::{Failure, Job, JobState, Lease, Outcome, WorkerId};
use crate::code::{Code, Retry};
use crate::digest::Digest;
use crate::export::{EventKind, Progress, Status};
use crate::time::{Now, Tick};

/// Something that happens to a job.
#[derive(Debug, Clone, PartialEq)]
pub enum JobEvent {
    /// A worker takes it.
    Claim {
        /// Who.
        worker: WorkerId,
        /// For how long, unless renewed.
        lease: Duration,
    },
    /// The worker has finished.
    Complete(Outcome),
    /// The attempt has failed.
    Fail(Failure),
    /// The worker gives it back unharmed, because it shuts down.
    Release,
    /// The lease has run out.
    Expire,
    /// A user cancels it.
    Cancel,
    /// A user wants a failed export to be tried again.
    Retry,
}

impl JobEvent {
    const fn name(&self) -> &'static str {
        match self {
            Self::Claim { .. } => "claim",
            Self::Complete(_) => "complete",
            Self::Fail(_) => "fail",
            Self::Release => "release",
            Self::Expire => "expire",
            Self::Cancel => "cancel",
            Self::Retry => "retry",
        }
    }
}

/// The state has no way for the event; nothing has changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a job that is {status} cannot {event}")]
pub struct Refused {
    /// Where the job stands.
    pub status: Status,
    /// What was to happen.
    pub event: &'static str,
}

/// How often and when failed attempts are tried again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RetryPolicy {
    /// Attempts in all, for passing faults.
    pub attempts: u32,
    /// Attempts in all where workers die. More than for faults that the job may have to do with, and yet an end: a job
    /// that kills its workers must not do so for ever.
    pub crashes: u32,
    /// The longest pause before the second attempt.
    pub base: Duration,
    /// The longest pause before any attempt.
    pub cap: Duration,
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self { attempts: 5, crashes: 20, base: Duration::from_secs(2), cap: Duration::from_secs(600) }
    }
}

impl RetryPolicy {
    /// Whether an attempt that failed with `code` is followed by another.
    #[must_use]
    pub const fn allows(&self, code: Code, attempt: u32) -> bool {
        match code.retry() {
            Retry::Never => false,
            Retry::Once => attempt < 2 && attempt < self.attempts,
            Retry::Backoff => attempt < self.attempts,
            Retry::Crash => attempt < self.crashes,
        }
    }

    /// The pause before `job` is tried again after it failed with `code`: exponential with full jitter, or none if the
    /// worker died, for the lease was pause enough. The jitter is drawn from the job's id and fence, so that it differs
    /// between jobs and yet needs no randomness.
    #[must_use]
    pub fn pause(&self, job: &Job, code: Code) -> Duration {
        if code.retry() == Retry::Crash {
            return Duration::ZERO;
        }
        let doubled = self.base.saturating_mul(1 << job.attempt.saturating_sub(1).min(20));
        let longest = doubled.min(self.cap);
        let digest = Digest::of(format!("{}/{}", job.id, job.fence).as_bytes());
        let draw = u16::from_be_bytes([digest.as_bytes()[0], digest.as_bytes()[1]]);
        longest.mul_f64(f64::from(draw) / f64::from(u16::MAX))
    }
}

impl Job {
    /// Lets `event` happen, or refuses it and changes nothing.
    ///
    /// | | claim | complete | fail | release | expire | cancel | retry |
    /// |---|---|---|---|---|---|---|---|
    /// | queued | processing | - | - | - | - | failed | - |
    /// | processing | - | completed ¹ | queued or failed | queued | queued or failed | processing ² | - |
    /// | completed | - | - | - | - | - | - | - |
    /// | failed | - | - | - | - | - | - | queued |
    ///
    /// ¹ refused once a cancel was asked for: a cancel that was accepted wins.
    /// ² the worker learns of it at its next heartbeat, and fails the attempt with `cancelled`.
    ///
    /// # Errors
    /// [`Refused`] where the table has no way.
    pub fn apply(
        &mut self,
        event: JobEvent,
        policy: RetryPolicy,
        now: Now,
    ) -> Result<Option<EventKind>, Refused> {
        let refused = Refused { status: self.status(), event: event.name() };
        match (&self.state, event) {
            (JobState::Queued { .. }, JobEvent::Claim { worker, lease }) => {
                self.claim(worker, lease, now);
                Ok(Some(EventKind::Started))
            }
            (JobState::Queued { .. }, JobEvent::Cancel) => Ok(Some(self.fail(cancelled(), now))),
            (JobState::Processing { .. }, JobEvent::Complete(outcome)) if !self.cancel_requested => {
                self.ended(JobState::Completed { outcome });
                Ok(Some(EventKind::Completed))
            }
            (JobState::Processing { .. }, JobEvent::Fail(failure)) => {
                Ok(Some(self.fail_or_queue(failure, policy, now)))
            }
            (JobState::Processing { .. }, JobEvent::Expire) => {
                let failure = Failure::new(Code::LeaseExpired, "the worker stopped answering");
                Ok(Some(self.fail_or_queue(failure, policy, now)))
            }
            (JobState::Processing { .. }, JobEvent::Release) if self.cancel_requested => {
                Ok(Some(self.fail(cancelled(), now)))
            }
            (JobState::Processing { .. }, JobEvent::Release) => {
                self.attempt = self.attempt.saturating_sub(1);
                self.waiting(now.wall, None);
                Ok(Some(EventKind::Queued))
            }
            (JobState::Processing { .. }, JobEvent::Cancel) => {
                self.cancel_requested = true;
                Ok(None)
            }
            (JobState::Failed { .. }, JobEvent::Retry) => {
                self.attempt = 0;
                self.waiting(now.wall, None);
                Ok(Some(EventKind::Queued))
            }
            (
                JobState::Queued { .. }
                | JobState::Processing { .. }
                | JobState::Completed { .. }
                | JobState::Failed { .. },
                _,
            ) => Err(refused),
        }
    }

    /// Whether the job is `processing` under `lease`, however often that was renewed.
    #[must_use]
    pub fn is_held_by(&self, lease: &Lease) -> bool {
        matches!(&self.state, JobState::Processing { lease: held } if held.is_same(lease))
    }

    /// Prolongs the lease, if there is one, by `length` from now on and notes the progress, which is told if it differs.
    pub fn renew(&mut self, length: Duration, progress: Progress, now: Now) -> Option<EventKind> {
        let JobState::Processing { lease } = &mut self.state else { return None };
        lease.until = until(now, length);
        let differs = self.progress != progress;
        self.progress = progress;
        differs.then_some(EventKind::Progress)
    }

    fn claim(&mut self, worker: WorkerId, lease: Duration, now: Now) {
        self.attempt += 1;
        self.fence += 1;
        let lease = Lease { job: self.id, worker, fence: self.fence, until: until(now, lease) };
        self.state = JobState::Processing { lease };
    }

    fn fail_or_queue(&mut self, failure: Failure, policy: RetryPolicy, now: Now) -> EventKind {
        if self.cancel_requested {
            return self.fail(cancelled(), now);
        }
        if !policy.allows(failure.code, self.attempt) {
            return self.fail(failure, now);
        }
        let not_before = now.wall.plus(policy.pause(self, failure.code));
        self.waiting(not_before, Some(failure));
        EventKind::Queued
    }

    fn fail(&mut self, failure: Failure, now: Now) -> EventKind {
        self.ended(JobState::Failed { failure, at: now.wall });
        EventKind::Failed
    }
}

fn until(now: Now, length: Duration) -> Tick {
    now.plus(length).tick
}

fn cancelled() -> Failure {
    Failure::new(Code::Cancelled, "the export was cancelled")
}
