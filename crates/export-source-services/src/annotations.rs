//! Policy and VexLens: what is said about a scan.

use async_trait::async_trait;
use export_core::error::PortError;
use export_core::finding::{Verdict, VexStatement};
use export_core::id::TenantId;
use export_core::ports::{Flows, VerdictSource, VexSource};
use export_core::request::OnSourceError;
use export_core::scan::ScanRef;

use crate::client::Client;
use crate::stream::{about, nothing};
use crate::{Endpoint, InvalidEndpoint, Service, Surroundings};

/// Policy: `GET /internal/verdicts/{scan_id}`.
#[derive(Clone)]
pub struct PolicySource(Client);

/// VexLens: `GET /internal/vex/applied/{scan_id}`.
#[derive(Clone)]
pub struct VexLensSource(Client);

impl PolicySource {
    /// The service at `endpoint`. Nothing is sent yet.
    ///
    /// # Errors
    /// If TLS cannot be set up.
    pub fn new(endpoint: Endpoint, around: Surroundings) -> Result<Self, InvalidEndpoint> {
        Client::new(Service::Policy, endpoint, around).map(Self)
    }
}

impl VexLensSource {
    /// The service at `endpoint`. Nothing is sent yet.
    ///
    /// # Errors
    /// If TLS cannot be set up.
    pub fn new(endpoint: Endpoint, around: Surroundings) -> Result<Self, InvalidEndpoint> {
        Client::new(Service::VexLens, endpoint, around).map(Self)
    }
}

#[async_trait]
impl VerdictSource for PolicySource {
    async fn verdicts(
        &self,
        tenant: &TenantId,
        scan: &ScanRef,
        on_error: OnSourceError,
    ) -> Result<Flows<Verdict<'static>>, PortError> {
        let said = about(&self.0, ("policy: verdicts", &["verdicts"]), (tenant, scan), on_error).await?;
        Ok(said.unwrap_or_else(nothing))
    }
}

#[async_trait]
impl VexSource for VexLensSource {
    async fn statements(
        &self,
        tenant: &TenantId,
        scan: &ScanRef,
        on_error: OnSourceError,
    ) -> Result<Flows<VexStatement<'static>>, PortError> {
        let asked = ("vexlens: statements", ["vex", "applied"].as_slice());
        let said = about(&self.0, asked, (tenant, scan), on_error).await?;
        Ok(said.unwrap_or_else(nothing))
    }
}
