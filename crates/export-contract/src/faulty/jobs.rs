//! Faults of job stores.

use std::time::Duration;

use async_trait::async_trait;
use export_core::catalogue::{ExportType, Format};
use export_core::digest::Digest;
use export_core::error::PortError;
use export_core::export::{ExportEvent, Progress};
use export_core::id::{BundleId, ExportId, TenantId};
use export_core::job::{Job, Lease};
use export_core::ports::{
    CancelOutcome, Claim, Claimed, EventFilter, Insert, Inserted, JobFilter, JobPage, JobReader, JobStore,
    QueueDepth, Recorded, Renewal, RetryOutcome,
};
use export_core::time::Now;
use futures::stream::BoxStream;

use super::Faulty;

#[async_trait]
impl<T: JobStore + ?Sized> JobStore for Faulty<T> {
    async fn insert(&self, insert: Insert, now: Now) -> Result<Inserted, PortError> {
        self.plan.through("insert", self.inner.insert(insert, now)).await
    }

    async fn claim(&self, claim: Claim, now: Now) -> Result<Vec<Claimed>, PortError> {
        self.plan.through("claim", self.inner.claim(claim, now)).await
    }

    async fn renew(
        &self,
        lease: &Lease,
        length: Duration,
        progress: Progress,
        now: Now,
    ) -> Result<Renewal, PortError> {
        self.plan.through("renew", self.inner.renew(lease, length, progress, now)).await
    }

    async fn record(&self, lease: &Lease, what: Recorded, now: Now) -> Result<Option<Job>, PortError> {
        self.plan.through("record", self.inner.record(lease, what, now)).await
    }

    async fn cancel(
        &self,
        tenant: &TenantId,
        id: ExportId,
        by: &str,
        now: Now,
    ) -> Result<CancelOutcome, PortError> {
        self.plan.through("cancel", self.inner.cancel(tenant, id, by, now)).await
    }

    async fn retry(
        &self,
        tenant: &TenantId,
        id: ExportId,
        by: &str,
        now: Now,
    ) -> Result<RetryOutcome, PortError> {
        self.plan.through("retry", self.inner.retry(tenant, id, by, now)).await
    }

    async fn requeue_expired(&self, now: Now) -> Result<u64, PortError> {
        self.plan.through("requeue_expired", self.inner.requeue_expired(now)).await
    }
}

#[async_trait]
impl<T: JobReader + ?Sized> JobReader for Faulty<T> {
    async fn get(&self, tenant: &TenantId, id: ExportId) -> Result<Option<Job>, PortError> {
        self.plan.through("get", self.inner.get(tenant, id)).await
    }

    async fn find_bundle(&self, tenant: &TenantId, id: BundleId) -> Result<Option<Job>, PortError> {
        self.plan.through("find_bundle", self.inner.find_bundle(tenant, id)).await
    }

    async fn recall(
        &self,
        tenant: &TenantId,
        key: &str,
        request: &Digest,
    ) -> Result<Option<Inserted>, PortError> {
        self.plan.through("recall", self.inner.recall(tenant, key, request)).await
    }

    async fn list(&self, tenant: &TenantId, filter: &JobFilter, limit: usize) -> Result<JobPage, PortError> {
        self.plan.through("list", self.inner.list(tenant, filter, limit)).await
    }

    async fn events(&self, filter: EventFilter<'_>) -> Result<Vec<ExportEvent>, PortError> {
        self.plan.through("events", self.inner.events(filter)).await
    }

    async fn last_event(&self, tenant: &TenantId) -> Result<u64, PortError> {
        self.plan.through("last_event", self.inner.last_event(tenant)).await
    }

    async fn typical_duration(
        &self,
        kind: ExportType,
        format: Format,
    ) -> Result<Option<Duration>, PortError> {
        self.plan.through("typical_duration", self.inner.typical_duration(kind, format)).await
    }

    async fn depth(&self) -> Result<QueueDepth, PortError> {
        self.plan.through("depth", self.inner.depth()).await
    }

    fn hints(&self) -> BoxStream<'static, ()> {
        self.inner.hints()
    }

    async fn check(&self) -> Result<(), PortError> {
        self.plan.through("check", self.inner.check()).await
    }
}
