//! Faults of sources and of the streams that they give.

use async_trait::async_trait;
use export_core::attestation::Attestation;
use export_core::error::PortError;
use export_core::finding::{Finding, Intelligence, Verdict, VexStatement};
use export_core::id::TenantId;
use export_core::ports::{
    AttestationSource, Flows, IntelligenceSource, Resolution, SbomSource, ScanSource, VerdictSource,
    VexSource,
};
use export_core::request::OnSourceError;
use export_core::request::Scope;
use export_core::sbom::SbomPart;
use export_core::scan::ScanRef;

use super::Faulty;

#[async_trait]
impl<T: ScanSource + ?Sized> ScanSource for Faulty<T> {
    async fn resolve(
        &self,
        tenant: &TenantId,
        scope: &Scope,
        on_error: OnSourceError,
    ) -> Result<Resolution, PortError> {
        self.plan.through("resolve", self.inner.resolve(tenant, scope, on_error)).await
    }

    async fn findings(
        &self,
        tenant: &TenantId,
        scan: &ScanRef,
        on_error: OnSourceError,
    ) -> Result<Flows<Finding<'static>>, PortError> {
        let flows = self.plan.through("findings", self.inner.findings(tenant, scan, on_error)).await?;
        Ok(self.plan.stream("finding", flows))
    }
}

#[async_trait]
impl<T: VerdictSource + ?Sized> VerdictSource for Faulty<T> {
    async fn verdicts(
        &self,
        tenant: &TenantId,
        scan: &ScanRef,
        on_error: OnSourceError,
    ) -> Result<Flows<Verdict<'static>>, PortError> {
        let flows = self.plan.through("verdicts", self.inner.verdicts(tenant, scan, on_error)).await?;
        Ok(self.plan.stream("verdict", flows))
    }
}

#[async_trait]
impl<T: VexSource + ?Sized> VexSource for Faulty<T> {
    async fn statements(
        &self,
        tenant: &TenantId,
        scan: &ScanRef,
        on_error: OnSourceError,
    ) -> Result<Flows<VexStatement<'static>>, PortError> {
        let flows = self.plan.through("statements", self.inner.statements(tenant, scan, on_error)).await?;
        Ok(self.plan.stream("statement", flows))
    }
}

#[async_trait]
impl<T: SbomSource + ?Sized> SbomSource for Faulty<T> {
    async fn sboms(
        &self,
        tenant: &TenantId,
        scan: &ScanRef,
        on_error: OnSourceError,
    ) -> Result<Flows<SbomPart<'static>>, PortError> {
        let flows = self.plan.through("sboms", self.inner.sboms(tenant, scan, on_error)).await?;
        Ok(self.plan.stream("SBOM part", flows))
    }
}

#[async_trait]
impl<T: IntelligenceSource + ?Sized> IntelligenceSource for Faulty<T> {
    async fn intelligence(
        &self,
        tenant: &TenantId,
        on_error: OnSourceError,
    ) -> Result<Flows<Intelligence<'static>>, PortError> {
        let flows = self.plan.through("intelligence", self.inner.intelligence(tenant, on_error)).await?;
        Ok(self.plan.stream("piece of intelligence", flows))
    }
}

#[async_trait]
impl<T: AttestationSource + ?Sized> AttestationSource for Faulty<T> {
    async fn attestations(
        &self,
        tenant: &TenantId,
        scan: &ScanRef,
        on_error: OnSourceError,
    ) -> Result<Flows<Attestation<'static>>, PortError> {
        let opening = self.inner.attestations(tenant, scan, on_error);
        let flows = self.plan.through("attestations", opening).await?;
        Ok(self.plan.stream("attestation", flows))
    }
}
