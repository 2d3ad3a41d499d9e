//! Faults of sources and of the streams that they give.

use async_trait::async_trait;
use export_core::error::PortError;
use export_core::finding::{Finding, Intelligence, Verdict, VexStatement};
use export_core::id::TenantId;
use export_core::ports::{
    Flows, IntelligenceSource, Resolution, SbomSource, ScanSource, VerdictSource, VexSource,
};
use export_core::request::Scope;
use export_core::sbom::SbomPart;
use export_core::scan::ScanRef;

use super::Faulty;

#[async_trait]
impl<T: ScanSource + ?Sized> ScanSource for Faulty<T> {
    async fn resolve(&self, tenant: &TenantId, scope: &Scope) -> Result<Resolution, PortError> {
        self.plan.through("resolve", self.inner.resolve(tenant, scope)).await
    }

    async fn findings(
        &self,
        tenant: &TenantId,
        scan: &ScanRef,
    ) -> Result<Flows<Finding<'static>>, PortError> {
        let flows = self.plan.through("findings", self.inner.findings(tenant, scan)).await?;
        Ok(self.plan.stream("finding", flows))
    }
}

#[async_trait]
impl<T: VerdictSource + ?Sized> VerdictSource for Faulty<T> {
    async fn verdicts(
        &self,
        tenant: &TenantId,
        scan: &ScanRef,
    ) -> Result<Flows<Verdict<'static>>, PortError> {
        let flows = self.plan.through("verdicts", self.inner.verdicts(tenant, scan)).await?;
        Ok(self.plan.stream("verdict", flows))
    }
}

#[async_trait]
impl<T: VexSource + ?Sized> VexSource for Faulty<T> {
    async fn statements(
        &self,
        tenant: &TenantId,
        scan: &ScanRef,
    ) -> Result<Flows<VexStatement<'static>>, PortError> {
        let flows = self.plan.through("statements", self.inner.statements(tenant, scan)).await?;
        Ok(self.plan.stream("statement", flows))
    }
}

#[async_trait]
impl<T: SbomSource + ?Sized> SbomSource for Faulty<T> {
    async fn sboms(&self, tenant: &TenantId, scan: &ScanRef) -> Result<Flows<SbomPart<'static>>, PortError> {
        let flows = self.plan.through("sboms", self.inner.sboms(tenant, scan)).await?;
        Ok(self.plan.stream("SBOM part", flows))
    }
}

#[async_trait]
impl<T: IntelligenceSource + ?Sized> IntelligenceSource for Faulty<T> {
    async fn intelligence(&self, tenant: &TenantId) -> Result<Flows<Intelligence<'static>>, PortError> {
        let flows = self.plan.through("intelligence", self.inner.intelligence(tenant)).await?;
        Ok(self.plan.stream("piece of intelligence", flows))
    }
}
