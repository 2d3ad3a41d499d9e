//! Clients of a stub, and what a stream gives.

use export_core::request::OnSourceError::Fail;
use std::sync::Arc;
use std::time::Duration;

use export_contract::ManualClock;
use export_contract::services::{Stub, TENANT, TOKEN};
use export_core::error::PortError;
use export_core::finding::Finding;
use export_core::id::TenantId;
use export_core::ports::{Flow, Flows, ScanSource as _};
use export_core::scan::{ScanRef, SourceDigest};
use export_source_library::SbomDocuments;
use export_source_services::{
    Endpoint, Limits, PolicySource, SbomServiceSource, ScannerSource, Surroundings, Token, VexLensSource,
};
use futures::StreamExt as _;

pub(crate) const CHECKOUT: &str = "checkout-2026-11-20";
pub(crate) const OLDER: &str = "checkout-2026-11-01";
pub(crate) const GATEWAY: &str = "gateway-2026-11-10";
pub(crate) const TRACE: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

pub(crate) fn tenant() -> TenantId {
    TENANT.parse().unwrap()
}

/// Little patience, so that tests of faults are short.
pub(crate) fn limits() -> Limits {
    Limits {
        timeout: Duration::from_millis(400),
        deadline: Duration::from_secs(3),
        retries: 3,
        concurrency: 2,
        max_record_bytes: 16 * 1024,
        max_answer_bytes: 1 << 20,
        pause: Duration::from_millis(20),
        longest_pause: Duration::from_millis(500),
    }
}

pub(crate) fn around() -> Surroundings {
    let _installed_before = rustls::crypto::ring::default_provider().install_default();
    Surroundings {
        clock: Arc::new(ManualClock::new(export_core::time::Now::at(
            "2026-11-23T14:05:00Z".parse().unwrap(),
        ))),
        random: Arc::new(|| u64::MAX),
        trace: Arc::new(|| Some(TRACE.to_owned())),
        sboms: Arc::new(SbomDocuments),
        scratch: std::env::current_exe().unwrap().parent().unwrap().to_owned(),
    }
}

pub(crate) fn endpoint(url: &str, limits: Limits) -> Endpoint {
    Endpoint::new(url.parse().unwrap(), Some(Token::new(TOKEN).unwrap()), limits).unwrap()
}

pub(crate) fn scanner(stub: &Stub) -> ScannerSource {
    scanner_with(stub, limits())
}

pub(crate) fn scanner_with(stub: &Stub, limits: Limits) -> ScannerSource {
    ScannerSource::new(endpoint(&stub.url, limits), around()).unwrap()
}

pub(crate) fn policy(stub: &Stub) -> PolicySource {
    PolicySource::new(endpoint(&stub.url, limits()), around()).unwrap()
}

pub(crate) fn vexlens(stub: &Stub) -> VexLensSource {
    VexLensSource::new(endpoint(&stub.url, limits()), around()).unwrap()
}

pub(crate) fn sboms(stub: &Stub) -> SbomServiceSource {
    SbomServiceSource::new(endpoint(&stub.url, limits()), around()).unwrap()
}

/// A scan of the examples.
pub(crate) fn scan(id: &str) -> ScanRef {
    let digest = |digits: &str| Some(format!("sha256:{digits}"));
    let checkout = "registry.example.com/shop/checkout:2.4.1";
    let (image, image_digest, at) = match id {
        OLDER => (
            checkout,
            digest("9f2d6c1b0a594837261504f3e2d1c0bfae9d8c7b6a5948372615f4e3d2c1b0a9"),
            "2026-11-01T04:10:51Z",
        ),
        GATEWAY => ("registry.example.com/edge/gateway:3.2.1", None, "2026-11-10T04:15:30Z"),
        _ => (
            checkout,
            digest("6b1f2e3d4c5b6a79880716253443526170f9e8d7c6b5a493827160f5e4d3c2b1"),
            "2026-11-20T04:12:09Z",
        ),
    };
    ScanRef {
        id: id.parse().unwrap(),
        image: image.to_owned(),
        image_digest,
        created_at: Some(at.parse().unwrap()),
        tool: "trivy 0.69.1".to_owned(),
    }
}

/// What a stream gave: everything, or the first error.
#[derive(Debug)]
pub(crate) struct Read<T> {
    pub(crate) items: Vec<T>,
    pub(crate) documents: Vec<SourceDigest>,
    pub(crate) warnings: Vec<String>,
}

/// Reads a stream to its end, which must be said.
pub(crate) async fn read<T>(flows: Result<Flows<T>, PortError>) -> Result<Read<T>, PortError> {
    let mut flows = flows?;
    let mut read = Read { items: vec![], documents: vec![], warnings: vec![] };
    loop {
        match flows.next().await.expect("a stream says that it has ended")? {
            Flow::Item(item) => read.items.push(item),
            Flow::Document(document) => read.documents.push(document),
            Flow::Warning(warning) => read.warnings.push(warning.to_string()),
            Flow::End { items } => {
                assert_eq!(items, read.items.len() as u64);
                assert!(flows.next().await.is_none(), "nothing stands behind the end");
                return Ok(read);
            }
        }
    }
}

pub(crate) async fn findings(scanner: &ScannerSource, id: &str) -> Result<Read<Finding<'static>>, PortError> {
    read(scanner.findings(&tenant(), &scan(id), Fail).await).await
}
