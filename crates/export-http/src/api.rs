//! What the API is put together from.

use std::sync::Arc;
use std::time::Duration;

use export_core::ports::{Authenticator, DownloadLinks, TemplateTrial};
use export_engine::Engine;
use export_verify::Verifier;
use tokio_util::sync::CancellationToken;

use crate::{Metrics, Readiness};

/// The parts of the API.
pub struct Api {
    /// Accepts and keeps exports.
    pub engine: Arc<Engine>,
    /// Makes and opens download links.
    pub links: Arc<dyn DownloadLinks>,
    /// Checks bearer tokens.
    pub auth: Arc<dyn Authenticator>,
    /// Tries tenants' templates.
    pub templates: Arc<dyn TemplateTrial>,
    /// Verifies bundles that clients send.
    pub verifier: Arc<Verifier>,
    /// Renders the metrics as Prometheus text.
    pub metrics: Metrics,
    /// Ends event streams, so that a graceful stop does not wait for their clients.
    pub stop: CancellationToken,
    /// Limits, secrets and checks.
    pub settings: HttpSettings,
}

/// How the API behaves.
pub struct HttpSettings {
    /// The largest body of a request, in bytes.
    pub body_limit: usize,
    /// How long a download link is valid; never longer than its artifact is kept.
    pub link_ttl: Duration,
    /// How long a request may take, streams and downloads excepted.
    pub request_timeout: Duration,
    /// The most event streams of one tenant at a time.
    pub streams_per_tenant: usize,
    /// The largest bundle that is verified, in bytes.
    pub upload_limit: u64,
    /// How long the upload of one may take.
    pub upload_timeout: Duration,
    /// Bundles that one tenant may send at a time.
    pub uploads_per_tenant: usize,
    /// Bundles that are verified at a time.
    pub verifications: usize,
    /// What cursors are authenticated with.
    pub secret: [u8; 32],
    /// What must work before `/readyz` says so.
    pub readiness: Readiness,
}

impl HttpSettings {
    /// The defaults: bodies of 1 MiB, links for 15 minutes, 30 seconds a request, 100 event streams a tenant; bundles of up to 4 GiB
    /// are verified, two at a time.
    #[must_use]
    pub const fn new(secret: [u8; 32], readiness: Readiness) -> Self {
        Self {
            body_limit: 1 << 20,
            link_ttl: Duration::from_secs(15 * 60),
            request_timeout: Duration::from_secs(30),
            streams_per_tenant: 100,
            upload_limit: 4 << 30,
            upload_timeout: Duration::from_secs(30 * 60),
            uploads_per_tenant: 2,
            verifications: 2,
            secret,
            readiness,
        }
    }
}
