//! Sources whose streams go wrong.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use async_trait::async_trait;
use export_contract::MemorySources;
use export_core::attestation::Attestation;
use export_core::error::{ErrorKind, PortError};
use export_core::finding::{Finding, Intelligence, Verdict, VexStatement};
use export_core::id::TenantId;
use export_core::ports::{
    AttestationSource, Flow, Flows, IntelligenceSource, Resolution, SbomSource, ScanSource, VerdictSource,
    VexSource,
};
use export_core::request::OnSourceError;
use export_core::request::Scope;
use export_core::sbom::SbomPart;
use export_core::scan::ScanRef;
use export_engine::Sources;
use futures::stream::{self, StreamExt as _};

use super::Gate;

/// What goes wrong.
#[derive(Clone)]
pub(crate) enum How {
    /// The stream stops without its end.
    CutOff,
    /// The end tells of one record more than came.
    WrongCount,
    /// Behind the first step comes a record that cannot be read.
    Invalid,
    /// The stream panics behind its first step.
    Panics,
    /// Opening it takes until the gate opens.
    Opening(Gate),
    /// The next step, behind the first one, takes until the gate opens.
    Flowing(Gate),
}

/// Spoils one of the streams: `findings`, `verdicts`, `statements`, `sboms` or `intelligence`.
pub(crate) struct Spoilt {
    inner: Arc<MemorySources>,
    what: &'static str,
    how: How,
    times: u64,
    spoilt: AtomicU64,
}

impl Spoilt {
    /// Sources whose `what` goes wrong the first so many times.
    pub(crate) fn sources(inner: &Arc<MemorySources>, what: &'static str, how: How, times: u64) -> Sources {
        let spoilt = Arc::new(Self { inner: Arc::clone(inner), what, how, times, spoilt: AtomicU64::new(0) });
        Sources {
            scans: spoilt.clone(),
            verdicts: spoilt.clone(),
            vex: spoilt.clone(),
            sboms: spoilt.clone(),
            attestations: spoilt.clone(),
            intelligence: spoilt,
            audit: Arc::new(export_engine::NoTrail),
        }
    }

    async fn spoil<T: Send + 'static>(&self, what: &'static str, flows: Flows<T>) -> Flows<T> {
        if what != self.what || self.spoilt.fetch_add(1, Ordering::Relaxed) >= self.times {
            return flows;
        }
        match self.how.clone() {
            How::CutOff => {
                let is_end = |flow: &Result<Flow<T>, _>| matches!(flow, Ok(Flow::End { .. }));
                flows.filter(move |flow| std::future::ready(!is_end(flow))).boxed()
            }
            How::WrongCount => flows
                .map(|flow| match flow {
                    Ok(Flow::End { items }) => Ok(Flow::End { items: items + 1 }),
                    other => other,
                })
                .boxed(),
            How::Invalid => {
                let error = PortError::new(ErrorKind::Invalid, "test: read", "it is no finding");
                let error = error.at("scan-1/trivy.json#/Results/3");
                flows.take(1).chain(stream::iter([Err(error)])).boxed()
            }
            How::Panics => flows
                .take(1)
                .chain(stream::poll_fn(|_| panic!("the source panics because the test wants it to")))
                .boxed(),
            How::Opening(gate) => {
                gate.pass().await;
                flows
            }
            How::Flowing(gate) => {
                let waiting = stream::once(async move { gate.pass().await }).filter_map(|()| async { None });
                let (first, rest) = split(flows).await;
                stream::iter(first).chain(waiting).chain(rest).boxed()
            }
        }
    }
}

async fn split<T: Send + 'static>(mut flows: Flows<T>) -> (Option<Result<Flow<T>, PortError>>, Flows<T>) {
    (flows.next().await, flows)
}

#[async_trait]
impl ScanSource for Spoilt {
    async fn resolve(
        &self,
        tenant: &TenantId,
        scope: &Scope,
        on_error: OnSourceError,
    ) -> Result<Resolution, PortError> {
        if let ("resolve", How::Opening(gate)) = (self.what, &self.how) {
            gate.pass().await;
        }
        self.inner.resolve(tenant, scope, on_error).await
    }

    async fn findings(
        &self,
        tenant: &TenantId,
        scan: &ScanRef,
        on_error: OnSourceError,
    ) -> Result<Flows<Finding<'static>>, PortError> {
        Ok(self.spoil("findings", self.inner.findings(tenant, scan, on_error).await?).await)
    }
}

#[async_trait]
impl VerdictSource for Spoilt {
    async fn verdicts(
        &self,
        tenant: &TenantId,
        scan: &ScanRef,
        on_error: OnSourceError,
    ) -> Result<Flows<Verdict<'static>>, PortError> {
        Ok(self.spoil("verdicts", self.inner.verdicts(tenant, scan, on_error).await?).await)
    }
}

#[async_trait]
impl VexSource for Spoilt {
    async fn statements(
        &self,
        tenant: &TenantId,
        scan: &ScanRef,
        on_error: OnSourceError,
    ) -> Result<Flows<VexStatement<'static>>, PortError> {
        Ok(self.spoil("statements", self.inner.statements(tenant, scan, on_error).await?).await)
    }
}

#[async_trait]
impl SbomSource for Spoilt {
    async fn sboms(
        &self,
        tenant: &TenantId,
        scan: &ScanRef,
        on_error: OnSourceError,
    ) -> Result<Flows<SbomPart<'static>>, PortError> {
        let flows = self.inner.sboms(tenant, scan, on_error).await?;
        Ok(self.spoil("sboms", flows).await)
    }
}

#[async_trait]
impl IntelligenceSource for Spoilt {
    async fn intelligence(
        &self,
        tenant: &TenantId,
        on_error: OnSourceError,
    ) -> Result<Flows<Intelligence<'static>>, PortError> {
        Ok(self.spoil("intelligence", self.inner.intelligence(tenant, on_error).await?).await)
    }
}

#[async_trait]
impl AttestationSource for Spoilt {
    async fn attestations(
        &self,
        tenant: &TenantId,
        scan: &ScanRef,
        on_error: OnSourceError,
    ) -> Result<Flows<Attestation<'static>>, PortError> {
        let flows = self.inner.attestations(tenant, scan, on_error).await?;
        Ok(self.spoil("attestations", flows).await)
    }
}
