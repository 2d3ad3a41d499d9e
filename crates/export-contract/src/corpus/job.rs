//! Jobs to be queued, and what happens to them.

use std::time::Duration;

use export_core::catalogue::{ExportType, Format};
use export_core::code::Code;
use export_core::digest::Digest;
use export_core::export::{Artifact, Progress, Stage};
use export_core::id::{BundleId, ExportId, TenantId};
use export_core::job::{Failure, NewJob, Outcome, WorkerId};
use export_core::ports::{Claim, Insert, Recorded};
use export_core::request::ExportRequest;
use export_core::seal::{BundleRecord, PublicKey};
use export_core::time::{Now, Timestamp};

use super::AT;

/// The length of every lease of the corpus.
pub const LEASE: Duration = Duration::from_secs(30);

/// `later` than [`AT`].
#[must_use]
pub fn after(later: Duration) -> Now {
    Now::at(AT).plus(later)
}

/// `seconds` later than [`AT`].
#[must_use]
pub fn second(seconds: u64) -> Now {
    after(Duration::from_secs(seconds))
}

/// A tenant of this name.
#[must_use]
pub fn tenant(name: &str) -> TenantId {
    name.parse().expect("tests name tenants by the rules")
}

/// The id of export number `number`, created at `at`.
#[must_use]
pub fn export_id(number: u32, at: Timestamp) -> ExportId {
    let mut random = [0; 10];
    // The first bits are the version's, and a counter that sorts is a help to whoever reads a failure.
    random[6..].copy_from_slice(&number.to_be_bytes());
    ExportId::new(at, &random)
}

/// Job number `number` of a tenant, created at `at`; its type varies with the number.
#[must_use]
pub fn new_job(number: u32, tenant: &TenantId, at: Timestamp) -> NewJob {
    let kind = ExportType::ALL[number as usize % ExportType::ALL.len()];
    let format = kind.formats()[number as usize % kind.formats().len()];
    NewJob {
        id: export_id(number, at),
        tenant: tenant.clone(),
        request: request(kind, format),
        created_by: "ann@example.org".to_owned(),
        traceparent: Some("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01".to_owned()),
    }
}

/// A request that is as full as its type allows.
#[must_use]
pub fn request(kind: ExportType, format: Format) -> ExportRequest {
    let names = match kind {
        ExportType::AuditLog => "",
        _ => r#""scan_ids":["scan-0"],"image_refs":["registry.example/app:1"],"#,
    };
    let body = format!(
        r#"{{"type":"{kind}","format":"{format}",
            "scope":{{{names}"date_range":{{"start":"2026-11-01T00:00:00Z","end":"2026-11-23T00:00:00.250Z"}}}},
            "options":{{"custom_fields":{{"hostile 🙂":"=1+1 \"'; DROP TABLE job; --"}},
                        "csv":{{"delimiter":"tab"}},"retention_days":7}},
            "delivery":{{"method":"webhook","config":{{"n":1.5,"deep":[null,{{}}]}}}}}}"#
    );
    ExportRequest::parse(body.as_bytes()).expect("the corpus writes valid requests")
}

/// A wish to queue job number `number`.
#[must_use]
pub fn insert(number: u32, tenant: &TenantId, at: Timestamp) -> Insert {
    Insert { job: new_job(number, tenant, at), idempotency: None }
}

/// The same with a key and the digest of `body`.
#[must_use]
pub fn keyed_insert(number: u32, tenant: &TenantId, at: Timestamp, key: &str, body: &str) -> Insert {
    let idempotency = Some((key.to_owned(), Digest::of(body.as_bytes())));
    Insert { idempotency, ..insert(number, tenant, at) }
}

/// Worker number `number`.
#[must_use]
pub const fn worker(number: u8) -> WorkerId {
    WorkerId::new([0xf0 | number; 16])
}

/// The wish of worker number `number` for up to `limit` jobs.
#[must_use]
pub const fn claim(number: u8, limit: usize) -> Claim {
    Claim { worker: worker(number), limit, lease: LEASE }
}

/// An attempt that is so far.
#[must_use]
pub const fn progress(rows_done: u64) -> Progress {
    Progress { stage: Stage::Render, rows_done, rows_total: Some(1_000_000) }
}

/// What is kept of bundle number `number`.
#[must_use]
pub fn bundle(number: u8) -> BundleRecord {
    let key = PublicKey::from_bytes([number; 32]);
    BundleRecord {
        bundle_id: BundleId::new(AT, &[number; 10]),
        sealed_at: AT,
        merkle_root: Digest::of(&[number]),
        entries: 3,
        key_id: key.id(),
        signature: "AA==".to_owned(),
        attestation: Digest::of(b"attestation"),
        log_seq: Some(u64::from(number)),
        archive: "evidence.zip".to_owned(),
        manifest: "bundle-manifest.json".to_owned(),
    }
}

/// An outcome at `at`.
#[must_use]
pub fn outcome(at: Timestamp) -> Outcome {
    Outcome {
        completed_at: at,
        expires_at: Some(at.plus(Duration::from_secs(86_400))),
        prefix: "exports/acme/2026/11/x".to_owned(),
        artifacts: vec![Artifact {
            name: "report.json".to_owned(),
            media_type: "application/json".to_owned(),
            size: 3,
            sha256: Digest::of(b"abc"),
            rows: Some(1),
            download_url: None,
        }],
        warnings: vec![],
        bundle: None,
    }
}

/// The end of an attempt that has worked.
#[must_use]
pub fn complete(at: Timestamp) -> Recorded {
    Recorded::Complete(outcome(at))
}

/// The end of an attempt that has failed with `code`.
#[must_use]
pub fn fail(code: Code) -> Recorded {
    Recorded::Fail(Failure::new(code, format!("it failed with {code}")))
}
