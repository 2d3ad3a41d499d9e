//! What an installation has not.

use async_trait::async_trait;
use export_core::attestation::Attestation;
use export_core::error::PortError;
use export_core::finding::{Intelligence, Verdict, VexStatement};
use export_core::id::TenantId;
use export_core::ports::{
    AttestationSource, Flows, IntelligenceSource, SbomSource, VerdictSource, VexSource,
};
use export_core::request::OnSourceError;
use export_core::sbom::SbomPart;
use export_core::scan::ScanRef;

use crate::stream::nothing;

/// A source that has nothing to say, for services that are not there.
#[derive(Debug, Clone, Copy, Default)]
pub struct Nothing;

#[async_trait]
impl VerdictSource for Nothing {
    async fn verdicts(
        &self,
        _: &TenantId,
        _: &ScanRef,
        _: OnSourceError,
    ) -> Result<Flows<Verdict<'static>>, PortError> {
        Ok(nothing())
    }
}

#[async_trait]
impl VexSource for Nothing {
    async fn statements(
        &self,
        _: &TenantId,
        _: &ScanRef,
        _: OnSourceError,
    ) -> Result<Flows<VexStatement<'static>>, PortError> {
        Ok(nothing())
    }
}

#[async_trait]
impl SbomSource for Nothing {
    async fn sboms(
        &self,
        _: &TenantId,
        _: &ScanRef,
        _: OnSourceError,
    ) -> Result<Flows<SbomPart<'static>>, PortError> {
        Ok(nothing())
    }
}

#[async_trait]
impl IntelligenceSource for Nothing {
    async fn intelligence(
        &self,
        _: &TenantId,
        _: OnSourceError,
    ) -> Result<Flows<Intelligence<'static>>, PortError> {
        Ok(nothing())
    }
}

#[async_trait]
impl AttestationSource for Nothing {
    async fn attestations(
        &self,
        _: &TenantId,
        _: &ScanRef,
        _: OnSourceError,
    ) -> Result<Flows<Attestation<'static>>, PortError> {
        Ok(nothing())
    }
}
