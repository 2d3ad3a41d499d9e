//! Where jobs are kept, and who works on them.

use std::time::Duration;

use async_trait::async_trait;
use futures::stream::BoxStream;

use crate::catalogue::{ExportType, Format};
use crate::digest::Digest;
use crate::error::PortError;
use crate::export::{ExportEvent, Progress, Status};
use crate::id::{BundleId, ExportId, TenantId};
use crate::job::{Failure, Job, Lease, NewJob, Outcome, WorkerId};
use crate::time::{Now, Timestamp};

/// A job to be queued.
#[derive(Debug, Clone, PartialEq)]
pub struct Insert {
    /// The job.
    pub job: NewJob,
    /// The caller's key for this request, if it gave one, with the digest of the request.
    pub idempotency: Option<(String, Digest)>,
}

/// What became of an [`Insert`].
#[derive(Debug, Clone, PartialEq)]
pub enum Inserted {
    /// It is queued.
    New(Job),
    /// The same key with the same request was here before: this is its job as it stands now.
    Duplicate(Job),
    /// The key was used for another request; nothing was queued.
    KeyReused,
    /// The tenant has as many jobs queued as it may; nothing was queued.
    QueueFull,
}

/// A worker's wish for jobs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Claim {
    /// Who asks.
    pub worker: WorkerId,
    /// The most jobs to give.
    pub limit: usize,
    /// For how long, unless renewed.
    pub lease: Duration,
}

/// A job that was given to a worker.
#[derive(Debug, Clone, PartialEq)]
pub struct Claimed {
    /// The job, `processing`.
    pub job: Job,
    /// The right to write to it.
    pub lease: Lease,
}

/// The answer to a heartbeat.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Renewal {
    /// The lease holds until the new time.
    Held(Lease),
    /// The lease holds, and a user wants the job cancelled.
    CancelRequested(Lease),
    /// The job belongs to somebody else, or to nobody: stop, and write nothing more.
    Lost,
}

/// What a worker has to say at the end of an attempt.
#[derive(Debug, Clone, PartialEq)]
pub enum Recorded {
    /// It is complete.
    Complete(Outcome),
    /// It has failed.
    Fail(Failure),
    /// It is given back unharmed.
    Release,
}

/// What became of a cancel.
#[derive(Debug, Clone, PartialEq)]
pub enum CancelOutcome {
    /// It has ended, or will as soon as its worker learns of it.
    Accepted(Job),
    /// It had ended already.
    AlreadyEnded(Job),
    /// The tenant has no such job.
    NotFound,
}

/// What became of a retry.
#[derive(Debug, Clone, PartialEq)]
pub enum RetryOutcome {
    /// It is queued again.
    Queued(Job),
    /// It has not failed.
    NotFailed(Job),
    /// The tenant has no such job.
    NotFound,
}

/// Keeps jobs, and gives each to one worker at a time.
///
/// Every change goes through [`Job::apply`], is durable when the call returns, and is one transaction with its event.
/// What a user asks for, and every end of a job, is noted in the audit trail in that same transaction, as the functions of
/// [`AuditEntry`](crate::audit::AuditEntry) say it.
/// Calls that carry a lease change nothing unless the job is `processing` under that very lease (job, worker and fence).
#[async_trait]
pub trait JobStore: Send + Sync {
    /// Queues a job. Of several calls with the same tenant and key, also at the same time, exactly one queues.
    ///
    /// # Errors
    /// `Full`, `Unavailable`; the job is then not queued.
    async fn insert(&self, insert: Insert, now: Now) -> Result<Inserted, PortError>;

    /// Gives up to `limit` jobs whose time has come, each to one caller only. Tenants take turns, whatever the length of their
    /// queues; within a tenant the oldest comes first.
    ///
    /// # Errors
    /// `Unavailable`.
    async fn claim(&self, claim: Claim, now: Now) -> Result<Vec<Claimed>, PortError>;

    /// Prolongs a lease by `length` from now on, and notes the progress; progress that differs is told as an event.
    ///
    /// # Errors
    /// `Unavailable`; the lease then stands as it was.
    async fn renew(
        &self,
        lease: &Lease,
        length: Duration,
        progress: Progress,
        now: Now,
    ) -> Result<Renewal, PortError>;

    /// Ends an attempt. None if the lease is lost, or if a cancel was accepted and the attempt is to be completed:
    /// nothing has changed then.
    ///
    /// # Errors
    /// `Unavailable`; whether it was noted is then unknown, and the same call may be made again.
    async fn record(&self, lease: &Lease, what: Recorded, now: Now) -> Result<Option<Job>, PortError>;

    /// Cancels a job for `by`: at once while it is queued, through its worker while it is processing.
    ///
    /// # Errors
    /// `Unavailable`.
    async fn cancel(
        &self,
        tenant: &TenantId,
        id: ExportId,
        by: &str,
        now: Now,
    ) -> Result<CancelOutcome, PortError>;

    /// Queues a failed job again for `by` under the same id, with a new budget of attempts.
    ///
    /// # Errors
    /// `Unavailable`.
    async fn retry(
        &self,
        tenant: &TenantId,
        id: ExportId,
        by: &str,
        now: Now,
    ) -> Result<RetryOutcome, PortError>;

    /// Takes every job whose lease has expired from its worker; the number of them. Any process may call it at any time.
    ///
    /// # Errors
    /// `Unavailable`.
    async fn requeue_expired(&self, now: Now) -> Result<u64, PortError>;
}

/// Which jobs a list shows; an absent member does not restrict.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct JobFilter {
    /// Of this type.
    pub kind: Option<ExportType>,
    /// Of this format.
    pub format: Option<Format>,
    /// Of this status.
    pub status: Option<Status>,
    /// Created at this time or later.
    pub created_after: Option<Timestamp>,
    /// Created before this time.
    pub created_before: Option<Timestamp>,
    /// Created before this export: the last one of the page before.
    pub before: Option<ExportId>,
}

/// One page of jobs.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct JobPage {
    /// The jobs, newest first.
    pub jobs: Vec<Job>,
    /// Whether there are older ones.
    pub more: bool,
}

/// Which events are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EventFilter<'a> {
    /// Of this tenant.
    pub tenant: &'a TenantId,
    /// Of this export only.
    pub export: Option<ExportId>,
    /// Behind this event; from the first one if 0.
    pub after: u64,
    /// At most so many.
    pub limit: usize,
}

/// How much waits and runs, over all tenants.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct QueueDepth {
    /// Jobs that wait.
    pub queued: u64,
    /// Jobs that a worker has.
    pub processing: u64,
    /// When the oldest waiting job was created.
    pub oldest_queued: Option<Timestamp>,
}

/// Reads what a [`JobStore`] keeps.
#[async_trait]
pub trait JobReader: Send + Sync {
    /// One job of the tenant, or none. A job of another tenant is none.
    ///
    /// # Errors
    /// `Unavailable`.
    async fn get(&self, tenant: &TenantId, id: ExportId) -> Result<Option<Job>, PortError>;

    /// The completed job of the tenant with this sealed bundle, or none. A bundle of another tenant is none.
    ///
    /// # Errors
    /// `Unavailable`.
    async fn find_bundle(&self, tenant: &TenantId, id: BundleId) -> Result<Option<Job>, PortError>;

    /// What [`JobStore::insert`] would say of the tenant's `key` because it was here before: `Duplicate` if with this
    /// request, `KeyReused` if with another, none if it was not.
    ///
    /// # Errors
    /// `Unavailable`.
    async fn recall(
        &self,
        tenant: &TenantId,
        key: &str,
        request: &Digest,
    ) -> Result<Option<Inserted>, PortError>;

    /// Up to `limit` jobs of the tenant, newest first.
    ///
    /// # Errors
    /// `Unavailable`.
    async fn list(&self, tenant: &TenantId, filter: &JobFilter, limit: usize) -> Result<JobPage, PortError>;

    /// Events in the order in which they happened, without gaps: an event that is read is never followed by an older one.
    ///
    /// # Errors
    /// `Unavailable`.
    async fn events(&self, filter: EventFilter<'_>) -> Result<Vec<ExportEvent>, PortError>;

    /// The id of the tenant's newest event, 0 if there is none.
    ///
    /// # Errors
    /// `Unavailable`.
    async fn last_event(&self, tenant: &TenantId) -> Result<u64, PortError>;

    /// How long exports of this type and format took lately, from creation to completion: the median of the last 20.
    ///
    /// # Errors
    /// `Unavailable`.
    async fn typical_duration(&self, kind: ExportType, format: Format)
    -> Result<Option<Duration>, PortError>;

    /// How much waits and runs.
    ///
    /// # Errors
    /// `Unavailable`.
    async fn depth(&self) -> Result<QueueDepth, PortError>;

    /// Hints that something has changed. A hint may be missing (changes by other processes), so poll as well.
    fn hints(&self) -> BoxStream<'static, ()>;

    /// Succeeds if the store can be read and written.
    ///
    /// # Errors
    /// `Unavailable`, `Full`.
    async fn check(&self) -> Result<(), PortError>;
}
