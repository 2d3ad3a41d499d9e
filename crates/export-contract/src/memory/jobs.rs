//! A job store behind one lock: the shortest correct one.

mod queue;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use export_core::catalogue::{ExportType, Format};
use export_core::digest::Digest;
use export_core::error::PortError;
use export_core::export::{ExportEvent, Progress};
use export_core::id::{BundleId, ExportId, TenantId};
use export_core::job::{Job, Lease, RetryPolicy};
use export_core::ports::{
    CancelOutcome, Claim, Claimed, EventFilter, Insert, Inserted, JobFilter, JobPage, JobReader, JobStore,
    QueueDepth, Recorded, Renewal, RetryOutcome,
};
use export_core::time::Now;
use futures::StreamExt as _;
use futures::stream::{self, BoxStream};
use tokio::sync::watch;

use self::queue::Queue;
use super::MemoryAudit;

/// A job store in memory.
pub struct MemoryJobs {
    trail: Arc<MemoryAudit>,
    queue: Mutex<Queue>,
    changes: watch::Sender<u64>,
}

impl MemoryJobs {
    /// An empty store in which a tenant may have so many jobs running and queued.
    #[must_use]
    pub fn new(max_running: usize, max_queued: usize, policy: RetryPolicy) -> Self {
        let trail = Arc::new(MemoryAudit::default());
        Self {
            queue: Mutex::new(Queue::new(max_running, max_queued, policy, Arc::clone(&trail))),
            trail,
            changes: watch::Sender::new(0),
        }
    }

    /// The trail that it notes its changes in.
    #[must_use]
    pub fn trail(&self) -> Arc<MemoryAudit> {
        Arc::clone(&self.trail)
    }

    /// Every job, by id.
    #[must_use]
    pub fn all(&self) -> Vec<Job> {
        self.lock().jobs.values().cloned().collect()
    }

    fn lock(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Changes the queue, and hints if something was told.
    fn change<T>(&self, change: impl FnOnce(&mut Queue) -> T) -> T {
        let mut queue = self.lock();
        let before = queue.events.len();
        let result = change(&mut queue);
        if queue.events.len() > before {
            self.changes.send_modify(|count| *count += 1);
        }
        result
    }
}

#[async_trait]
impl JobStore for MemoryJobs {
    async fn insert(&self, insert: Insert, now: Now) -> Result<Inserted, PortError> {
        Ok(self.change(|queue| queue.insert(insert, now)))
    }

    async fn claim(&self, claim: Claim, now: Now) -> Result<Vec<Claimed>, PortError> {
        Ok(self.change(|queue| (0..claim.limit).map_while(|_| queue.claim_one(claim, now)).collect()))
    }

    async fn renew(
        &self,
        lease: &Lease,
        length: Duration,
        progress: Progress,
        now: Now,
    ) -> Result<Renewal, PortError> {
        Ok(self.change(|queue| queue.renew(lease, length, progress, now)))
    }

    async fn record(&self, lease: &Lease, what: Recorded, now: Now) -> Result<Option<Job>, PortError> {
        Ok(self.change(|queue| queue.record(lease, what, now)))
    }

    async fn cancel(
        &self,
        tenant: &TenantId,
        id: ExportId,
        by: &str,
        now: Now,
    ) -> Result<CancelOutcome, PortError> {
        Ok(self.change(|queue| queue.cancel(tenant, id, by, now)))
    }

    async fn retry(
        &self,
        tenant: &TenantId,
        id: ExportId,
        by: &str,
        now: Now,
    ) -> Result<RetryOutcome, PortError> {
        Ok(self.change(|queue| queue.retry(tenant, id, by, now)))
    }

    async fn requeue_expired(&self, now: Now) -> Result<u64, PortError> {
        Ok(self.change(|queue| queue.requeue_expired(now)))
    }
}

#[async_trait]
impl JobReader for MemoryJobs {
    async fn get(&self, tenant: &TenantId, id: ExportId) -> Result<Option<Job>, PortError> {
        Ok(self.lock().of(tenant, id).cloned())
    }

    async fn find_bundle(&self, tenant: &TenantId, id: BundleId) -> Result<Option<Job>, PortError> {
        let sealed = |job: &&Job| {
            let bundle = job.outcome().and_then(|outcome| outcome.bundle.as_ref());
            job.tenant == *tenant && bundle.is_some_and(|bundle| bundle.bundle_id == id)
        };
        Ok(self.lock().jobs.values().find(sealed).cloned())
    }

    async fn recall(
        &self,
        tenant: &TenantId,
        key: &str,
        request: &Digest,
    ) -> Result<Option<Inserted>, PortError> {
        Ok(self.lock().recall(&(tenant.clone(), key.to_owned()), request))
    }

    async fn list(&self, tenant: &TenantId, filter: &JobFilter, limit: usize) -> Result<JobPage, PortError> {
        let queue = self.lock();
        let mut found = queue.jobs.values().rev().filter(|job| job.tenant == *tenant && passes(filter, job));
        let jobs: Vec<_> = found.by_ref().take(limit).cloned().collect();
        Ok(JobPage { jobs, more: found.next().is_some() })
    }

    async fn events(&self, filter: EventFilter<'_>) -> Result<Vec<ExportEvent>, PortError> {
        let queue = self.lock();
        let told = queue.events.iter().filter(|(tenant, id, event)| {
            tenant == filter.tenant
                && *id > filter.after
                && filter.export.is_none_or(|export| export == event.export_id)
        });
        Ok(told.take(filter.limit).map(|(_, _, event)| event.clone()).collect())
    }

    async fn last_event(&self, tenant: &TenantId) -> Result<u64, PortError> {
        let queue = self.lock();
        let mut newest_first = queue.events.iter().rev();
        Ok(newest_first.find(|(owner, _, _)| owner == tenant).map_or(0, |(_, id, _)| *id))
    }

    async fn typical_duration(
        &self,
        kind: ExportType,
        format: Format,
    ) -> Result<Option<Duration>, PortError> {
        Ok(self.lock().typical_duration(kind, format))
    }

    async fn depth(&self) -> Result<QueueDepth, PortError> {
        Ok(self.lock().depth())
    }

    fn hints(&self) -> BoxStream<'static, ()> {
        let changes = self.changes.subscribe();
        stream::unfold(changes, |mut changes| async { changes.changed().await.ok().map(|()| ((), changes)) })
            .boxed()
    }

    async fn check(&self) -> Result<(), PortError> {
        Ok(())
    }
}

fn passes(filter: &JobFilter, job: &Job) -> bool {
    filter.kind.is_none_or(|kind| kind == job.request.kind)
        && filter.format.is_none_or(|format| format == job.request.format)
        && filter.status.is_none_or(|status| status == job.status())
        && filter.created_after.is_none_or(|start| start <= job.created_at)
        && filter.created_before.is_none_or(|end| job.created_at < end)
        && filter.before.is_none_or(|before| job.id < before)
}
