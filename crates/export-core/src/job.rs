//! The life of an export: a job with four states and one function that decides.
//!
//! Stores only store. Whatever changes a job goes through [`Job::apply`], which is a table over states and
//! events; the one rule that a store holds by itself is the fence: a write that carries an old lease is refused.

mod lease;
mod state;

use serde::{Deserialize, Serialize};

pub use self::lease::{Lease, WorkerId};
pub use self::state::{JobEvent, Refused, RetryPolicy};
use crate::code::Code;
use crate::export::{Artifact, EventKind, Export, ExportEvent, Progress, Stage, Status};
use crate::id::{ExportId, TenantId};
use crate::request::ExportRequest;
use crate::seal::BundleRecord;
use crate::time::{Now, Timestamp};
use crate::warning::Warning;

/// An export with everything that is needed to run it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Job {
    /// The export's id.
    pub id: ExportId,
    /// Its owner.
    pub tenant: TenantId,
    /// What was asked for, with absolute dates.
    pub request: ExportRequest,
    /// Who asked, as the token names them.
    pub created_by: String,
    /// When.
    pub created_at: Timestamp,
    /// The W3C `traceparent` of the request, so that the worker goes on with its trace.
    pub traceparent: Option<String>,
    /// Where it stands.
    pub state: JobState,
    /// Attempts since it was queued by a user; counted when claimed, so that a job that kills its worker runs out
    /// of attempts too.
    pub attempt: u32,
    /// Grows with every claim and never shrinks; each attempt writes under keys of its own.
    pub fence: u64,
    /// A user asked to cancel it while a worker has it.
    pub cancel_requested: bool,
    /// How far the present attempt is.
    pub progress: Progress,
}

/// Where a job stands.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "lowercase")]
pub enum JobState {
    /// It waits for a worker, until `not_before` if it was tried already.
    Queued {
        /// The earliest time of the next claim.
        not_before: Timestamp,
        /// Why the last attempt failed, if there was one.
        last_failure: Option<Failure>,
    },
    /// The holder of the lease works on it.
    Processing {
        /// Who may write, and until when.
        lease: Lease,
    },
    /// It has artifacts.
    Completed {
        /// What it produced.
        outcome: Outcome,
    },
    /// It ended without artifacts.
    Failed {
        /// Why.
        failure: Failure,
        /// When.
        at: Timestamp,
    },
}

/// What a completed export produced.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Outcome {
    /// When it was complete.
    pub completed_at: Timestamp,
    /// When its artifacts are deleted.
    pub expires_at: Option<Timestamp>,
    /// The prefix in the artifact store, below which each artifact stands under its name.
    pub prefix: String,
    /// Every artifact, the manifest last.
    pub artifacts: Vec<Artifact>,
    /// Everything that was not done as asked.
    pub warnings: Vec<Warning>,
    /// The seal, if it was sealed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bundle: Option<Box<BundleRecord>>,
}

/// Why an attempt failed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// For machines.
    pub code: Code,
    /// For people; no secrets, no contents.
    pub message: String,
}

impl Failure {
    /// A failure with its words.
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self { code, message: message.into() }
    }
}

/// What is needed to queue a job.
#[derive(Debug, Clone, PartialEq)]
pub struct NewJob {
    /// A fresh id.
    pub id: ExportId,
    /// The owner.
    pub tenant: TenantId,
    /// What was asked for, with absolute dates.
    pub request: ExportRequest,
    /// Who asked.
    pub created_by: String,
    /// The W3C `traceparent` of the request.
    pub traceparent: Option<String>,
}

impl Job {
    /// A job that was just accepted.
    #[must_use]
    pub fn queued(new: NewJob, now: Now) -> Self {
        Self {
            id: new.id,
            tenant: new.tenant,
            request: new.request,
            created_by: new.created_by,
            created_at: now.wall,
            traceparent: new.traceparent,
            state: JobState::Queued { not_before: now.wall, last_failure: None },
            attempt: 0,
            fence: 0,
            cancel_requested: false,
            progress: Progress::default(),
        }
    }

    /// Where the export stands, as users see it.
    #[must_use]
    pub const fn status(&self) -> Status {
        match self.state {
            JobState::Queued { .. } => Status::Queued,
            JobState::Processing { .. } => Status::Processing,
            JobState::Completed { .. } => Status::Completed,
            JobState::Failed { .. } => Status::Failed,
        }
    }

    /// What it produced, if it is complete.
    #[must_use]
    pub const fn outcome(&self) -> Option<&Outcome> {
        match &self.state {
            JobState::Completed { outcome } => Some(outcome),
            JobState::Queued { .. } | JobState::Processing { .. } | JobState::Failed { .. } => None,
        }
    }

    /// Why it failed, or why its last attempt did.
    #[must_use]
    pub const fn failure(&self) -> Option<&Failure> {
        match &self.state {
            JobState::Failed { failure, .. } => Some(failure),
            JobState::Queued { last_failure, .. } => last_failure.as_ref(),
            JobState::Processing { .. } | JobState::Completed { .. } => None,
        }
    }

    /// Whether its artifacts are past their retention at `at`.
    #[must_use]
    pub fn is_expired(&self, at: Timestamp) -> bool {
        self.outcome().and_then(|outcome| outcome.expires_at).is_some_and(|end| end <= at)
    }

    /// The prefix below which the attempt with fence `fence` writes (contract, section 4).
    #[must_use]
    pub fn prefix(&self, fence: u64) -> String {
        let created = self.created_at.to_utc().format("%Y/%m");
        let root = format!("exports/{}/{created}/{}", self.tenant, self.id);
        if fence <= 1 { root } else { format!("{root}/attempt-{fence}") }
    }

    /// The export as the API shows it.
    #[must_use]
    pub fn to_export(&self) -> Export {
        let outcome = self.outcome();
        let ended = match &self.state {
            JobState::Failed { failure, at } => Some((failure, *at)),
            JobState::Queued { .. } | JobState::Processing { .. } | JobState::Completed { .. } => None,
        };
        Export {
            export_id: self.id,
            status: self.status(),
            kind: self.request.kind,
            format: self.request.format,
            created_at: self.created_at,
            completed_at: outcome.map(|it| it.completed_at).or(ended.map(|(_, at)| at)),
            artifacts: outcome.map(|it| it.artifacts.clone()),
            error: ended.map(|(failure, _)| failure.message.clone()),
            error_code: ended.map(|(failure, _)| failure.code),
            warnings: outcome.map(|it| it.warnings.clone()).unwrap_or_default(),
            progress: self.progress,
            attempt: self.attempt,
            expires_at: outcome.and_then(|it| it.expires_at),
            bundle_id: outcome.and_then(|it| it.bundle.as_ref()).map(|bundle| bundle.bundle_id),
            estimated_completion: None,
        }
    }

    /// What is told of the job after `event` has happened to it at `at`; `id` is the event's place in the store's log.
    #[must_use]
    pub fn to_event(&self, id: u64, event: EventKind, at: Timestamp) -> ExportEvent {
        ExportEvent {
            id: id.to_string(),
            event,
            export_id: self.id,
            at,
            status: self.status(),
            progress: (event != EventKind::Queued).then_some(self.progress),
            artifacts: self.outcome().map(|it| it.artifacts.clone()),
            error: self.failure().map(|failure| failure.message.clone()),
        }
    }

    fn waiting(&mut self, not_before: Timestamp, last_failure: Option<Failure>) {
        self.state = JobState::Queued { not_before, last_failure };
        self.progress = Progress::default();
        self.cancel_requested = false;
    }

    fn ended(&mut self, state: JobState) {
        self.state = state;
        self.progress.stage = Stage::Done;
        self.cancel_requested = false;
    }
}
