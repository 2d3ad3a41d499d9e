//! A check that any provider of a service can run: asks a running service as Export Center does, and tells what it found.
//!
//! `just provider-check URL` runs it. It reads, and changes nothing.

mod filters;
mod run;

use export_core::id::{ScanId, TenantId};
use export_core::scan::ScanRef;

use self::run::Run;
use crate::client::Client;
use crate::{Endpoint, InvalidEndpoint, Service, Surroundings};

/// A service that is to be checked.
pub struct Provider {
    /// Where it is, with the token it accepts.
    pub endpoint: Endpoint,
    /// What the client needs.
    pub around: Surroundings,
    /// A tenant that the token allows.
    pub tenant: TenantId,
    /// A scan that it knows; the newest of its list if absent, which only a Scanner has.
    pub scan: Option<ScanId>,
    /// The services at this address; those that are not named may be absent.
    pub services: Vec<Service>,
}

/// What one check found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// The service.
    pub service: Service,
    /// What must hold, in words.
    pub what: &'static str,
    /// Whether it does.
    pub outcome: Outcome,
}

/// Whether something holds, and what was seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It holds.
    Passed(String),
    /// It does not.
    Failed(String),
    /// It could not be looked at.
    Skipped(String),
}

impl Provider {
    /// Runs every check.
    ///
    /// # Errors
    /// If no client can be made.
    pub async fn check(&self) -> Result<Vec<Check>, InvalidEndpoint> {
        let mut checks = Vec::new();
        let mut scan = None;
        for service in Service::ALL {
            if service != Service::Scanner && !self.services.is_empty() && !self.services.contains(&service) {
                continue;
            }
            let required = self.services.contains(&service);
            let mut run = Run::new(self, service, self.client(service, true)?, self.client(service, false)?);
            match service {
                // Asked in any case: it may know the scan that the others are asked about.
                Service::Scanner => scan = run.scanner(required || self.services.is_empty()).await,
                Service::Policy | Service::VexLens | Service::Sbom => {
                    let scan = scan.clone().or_else(|| self.named());
                    run.about(scan.as_ref(), required).await;
                }
            }
            checks.extend(run.checks);
        }
        Ok(checks)
    }

    /// The scan that was named, as far as it is known.
    fn named(&self) -> Option<ScanRef> {
        let id = self.scan.clone()?;
        Some(ScanRef { id, image: String::new(), image_digest: None, created_at: None, tool: String::new() })
    }

    /// A client with its token, or without one. It asks once: a check is not to hide that a service fails now and then.
    fn client(&self, service: Service, with_token: bool) -> Result<Client, InvalidEndpoint> {
        let mut endpoint = self.endpoint.clone();
        endpoint.limits.retries = 0;
        if !with_token {
            endpoint.token = None;
        }
        Client::new(service, endpoint, self.around.clone())
    }
}
