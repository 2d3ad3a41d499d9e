//! Faults of audit trails.

use async_trait::async_trait;
use export_core::audit::{AuditEntry, AuditEvent};
use export_core::digest::Digest;
use export_core::error::PortError;
use export_core::id::TenantId;
use export_core::ports::{
    AuditFilter, AuditLedger, AuditLog, AuditPage, AuditRange, AuditSource, Checkpoint, Flows, NodeId,
    Unsigned,
};
use export_core::time::Now;

use super::Faulty;

#[async_trait]
impl<T: AuditLog + ?Sized> AuditLog for Faulty<T> {
    async fn append(
        &self,
        tenant: &TenantId,
        entry: AuditEntry<'static>,
        now: Now,
    ) -> Result<u64, PortError> {
        self.plan.through("append", self.inner.append(tenant, entry, now)).await
    }
}

#[async_trait]
impl<T: AuditSource + ?Sized> AuditSource for Faulty<T> {
    async fn events(
        &self,
        tenant: &TenantId,
        range: AuditRange,
    ) -> Result<Flows<AuditEvent<'static>>, PortError> {
        let flows = self.plan.through("audit events", self.inner.events(tenant, range)).await?;
        Ok(self.plan.stream("audit event", flows))
    }

    async fn page(
        &self,
        tenant: &TenantId,
        filter: &AuditFilter,
        limit: usize,
    ) -> Result<AuditPage, PortError> {
        self.plan.through("page", self.inner.page(tenant, filter, limit)).await
    }
}

#[async_trait]
impl<T: AuditLedger + ?Sized> AuditLedger for Faulty<T> {
    async fn size(&self, tenant: &TenantId) -> Result<u64, PortError> {
        self.plan.through("audit size", self.inner.size(tenant)).await
    }

    async fn nodes(&self, tenant: &TenantId, wanted: &[NodeId]) -> Result<Vec<Digest>, PortError> {
        self.plan.through("audit nodes", self.inner.nodes(tenant, wanted)).await
    }

    async fn keep_checkpoint(
        &self,
        tenant: &TenantId,
        checkpoint: Checkpoint,
    ) -> Result<Checkpoint, PortError> {
        self.plan.through("keep checkpoint", self.inner.keep_checkpoint(tenant, checkpoint)).await
    }

    async fn checkpoint(
        &self,
        tenant: &TenantId,
        size: Option<u64>,
    ) -> Result<Option<Checkpoint>, PortError> {
        self.plan.through("checkpoint", self.inner.checkpoint(tenant, size)).await
    }

    async fn unsigned(&self) -> Result<Vec<Unsigned>, PortError> {
        self.plan.through("unsigned", self.inner.unsigned()).await
    }
}
