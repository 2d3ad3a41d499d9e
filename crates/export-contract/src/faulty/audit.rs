//! Faults of audit trails.

use async_trait::async_trait;
use export_core::audit::{AuditEntry, AuditEvent};
use export_core::error::PortError;
use export_core::id::TenantId;
use export_core::ports::{AuditFilter, AuditLog, AuditPage, AuditRange, AuditSource, Flows};
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
