//! Policy and VexLens: what is said about a scan.

use async_trait::async_trait;
use export_core::error::PortError;
use export_core::finding::{Verdict, VexStatement};
use export_core::id::TenantId;
use export_core::ports::{Flows, VerdictSource, VexSource};
use export_core::scan::ScanRef;

use crate::client::{Ask, Client};
use crate::records::{ACCEPT, Records};
use crate::stream::{Reading, direct, nothing};
use crate::wire::Record;
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
    ) -> Result<Flows<Verdict<'static>>, PortError> {
        said(&self.0, "policy: verdicts", &["verdicts"], tenant, scan).await
    }
}

#[async_trait]
impl VexSource for VexLensSource {
    async fn statements(
        &self,
        tenant: &TenantId,
        scan: &ScanRef,
    ) -> Result<Flows<VexStatement<'static>>, PortError> {
        said(&self.0, "vexlens: statements", &["vex", "applied"], tenant, scan).await
    }
}

/// What a service says about a scan; nothing if it does not know it.
async fn said<T: Record>(
    client: &Client,
    operation: &'static str,
    path: &[&str],
    tenant: &TenantId,
    scan: &ScanRef,
) -> Result<Flows<T>, PortError> {
    let path = path.iter().copied().chain([scan.id.as_str()]).map(str::to_owned).collect();
    let ask =
        Ask { operation, tenant: tenant.clone(), path, query: vec![], accept: ACCEPT, waited_for: false };
    match Records::open(client, ask, T::NAMES).await? {
        Some(records) => Ok(direct(Reading::new(client.service.name(), records, scan))),
        None => Ok(nothing()),
    }
}
