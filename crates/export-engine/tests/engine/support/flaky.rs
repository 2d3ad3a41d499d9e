//! A job store whose calls fail by name.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use export_contract::{MemoryJobs, When};
use export_core::error::{ErrorKind, PortError};
use export_core::export::Progress;
use export_core::id::{ExportId, TenantId};
use export_core::job::{Job, Lease};
use export_core::ports::{
    CancelOutcome, Claim, Claimed, Insert, Inserted, JobStore, Recorded, Renewal, RetryOutcome,
};
use export_core::time::Now;

type Plan = dyn Fn(&'static str, u64) -> Option<When> + Send + Sync;

/// Fails where its plan says so.
pub(crate) struct Flaky {
    inner: Arc<MemoryJobs>,
    plan: Box<Plan>,
    calls: Mutex<BTreeMap<&'static str, u64>>,
}

impl Flaky {
    /// `plan` is asked before each call, with its name and how often that name was called, this time included.
    pub(crate) fn new(
        inner: &Arc<MemoryJobs>,
        plan: impl Fn(&'static str, u64) -> Option<When> + Send + Sync + 'static,
    ) -> Self {
        Self { inner: Arc::clone(inner), plan: Box::new(plan), calls: Mutex::default() }
    }

    /// How often `name` was called.
    pub(crate) fn calls(&self, name: &'static str) -> u64 {
        self.calls.lock().unwrap().get(name).copied().unwrap_or(0)
    }

    async fn through<R>(
        &self,
        name: &'static str,
        call: impl Future<Output = Result<R, PortError>>,
    ) -> Result<R, PortError> {
        let number = {
            let mut calls = self.calls.lock().unwrap();
            let count = calls.entry(name).or_default();
            *count += 1;
            *count
        };
        let down = || Err(PortError::new(ErrorKind::Unavailable, name, "the job store is down"));
        match (self.plan)(name, number) {
            None => call.await,
            Some(When::Before) => down(),
            Some(When::After) => {
                call.await?;
                down()
            }
        }
    }
}

#[async_trait]
impl JobStore for Flaky {
    async fn insert(&self, insert: Insert, now: Now) -> Result<Inserted, PortError> {
        self.through("insert", self.inner.insert(insert, now)).await
    }

    async fn claim(&self, claim: Claim, now: Now) -> Result<Vec<Claimed>, PortError> {
        self.through("claim", self.inner.claim(claim, now)).await
    }

    async fn renew(
        &self,
        lease: &Lease,
        length: Duration,
        progress: Progress,
        now: Now,
    ) -> Result<Renewal, PortError> {
        self.through("renew", self.inner.renew(lease, length, progress, now)).await
    }

    async fn record(&self, lease: &Lease, what: Recorded, now: Now) -> Result<Option<Job>, PortError> {
        self.through("record", self.inner.record(lease, what, now)).await
    }

    async fn cancel(
        &self,
        tenant: &TenantId,
        id: ExportId,
        by: &str,
        now: Now,
    ) -> Result<CancelOutcome, PortError> {
        self.through("cancel", self.inner.cancel(tenant, id, by, now)).await
    }

    async fn retry(
        &self,
        tenant: &TenantId,
        id: ExportId,
        by: &str,
        now: Now,
    ) -> Result<RetryOutcome, PortError> {
        self.through("retry", self.inner.retry(tenant, id, by, now)).await
    }

    async fn requeue_expired(&self, now: Now) -> Result<u64, PortError> {
        self.through("requeue_expired", self.inner.requeue_expired(now)).await
    }
}
