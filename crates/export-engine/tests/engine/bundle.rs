//! Sealed bundles: what is in them, that they verify, and what becomes of an export when sealing fails.

use std::collections::BTreeMap;
use std::io::{Cursor, Read as _};
use std::sync::Arc;

use async_trait::async_trait;
use export_contract::MemoryAudit;
use export_contract::corpus;
use export_core::audit::{AuditAction, AuditEntry};
use export_core::code::Code;
use export_core::digest::Digest;
use export_core::error::{ErrorKind, PortError};
use export_core::id::TenantId;
use export_core::manifest::Manifest;
use export_core::ports::{
    AuditFilter, AuditLedger, AuditLog as _, AuditSource as _, Checkpoint, NodeId, Timestamper, Unsigned,
};
use export_core::time::Now;
use export_core::warning::WarningCode;
use export_engine::{Engine, Parts, SealLog, Sealing, Timestamps, Writers};
use export_seal::manifest::{BundleManifest, EntryType};
use export_seal::merkle::verify_inclusion;
use export_seal::verify::{Presented, PresentedFile, Report, Trust, Verdict, verify};

use crate::files::{all_writers, export, stored};
use crate::support::{Bench, OneKey, REQUEST};

/// Writers that seal with `signer`.
fn sealing(signer: &Arc<OneKey>) -> Writers {
    all_writers().sealing_with(Sealing { signer: signer.clone(), timestamps: None, log: None })
}

fn unpack(archive: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut archive = tar::Archive::new(flate2::read::GzDecoder::new(Cursor::new(archive)));
    let read = |entry: std::io::Result<tar::Entry<'_, _>>| {
        let mut entry = entry.unwrap();
        let mut bytes = Vec::new();
        let name = entry.path().unwrap().display().to_string();
        entry.read_to_end(&mut bytes).unwrap();
        (name, bytes)
    };
    archive.entries().unwrap().map(read).collect()
}

/// What a strict verifier says of these files.
pub(crate) fn verdict(files: &[(String, Vec<u8>)], signer: &OneKey) -> Report {
    let presented = |(path, bytes): &(String, Vec<u8>)| PresentedFile {
        path: path.clone(),
        size: bytes.len() as u64,
        sha256: Digest::of(bytes),
    };
    let presented: Vec<_> = files.iter().map(presented).collect();
    let kept: BTreeMap<_, _> = files.iter().cloned().collect();
    let stamps = |_: &[u8], _: Digest| Err("there is none".to_owned());
    let trust = Trust { keys: &[signer.record()], stamps: &stamps };
    verify(Presented { files: &presented, kept: &kept }, trust)
}

/// A bundle of [`REQUEST`]'s scope as TAR.GZ.
fn bundle_request() -> String {
    REQUEST.replace("scan_report", "evidence_bundle").replace("json", "tar.gz")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_bundle_holds_everything_and_verifies() {
    let (bench, signer) = (Bench::new(200), Arc::new(OneKey::new()));
    let job = export(&bench, sealing(&signer), &bundle_request()).await;
    let outcome = job.outcome().unwrap_or_else(|| panic!("{job:?}"));
    let names: Vec<_> = outcome.artifacts.iter().map(|it| (it.name.as_str(), it.rows)).collect();
    assert_eq!(
        names,
        [
            ("evidence.tar.gz", Some(200)),
            ("audit-evidence.pdf", Some(200)),
            ("bundle-manifest.json", None),
            ("manifest.json", None)
        ]
    );
    let files = unpack(&stored(&bench, &job, "evidence.tar.gz").await);
    let names: Vec<&str> = files.iter().map(|(name, _)| name.as_str()).collect();
    let scans = ["scan-0", "scan-1", "scan-2"];
    let of_scans = |folder: &str, ending: &str| scans.map(|scan| format!("{folder}/{scan}{ending}"));
    let mut expected: Vec<String> = [
        "manifest.json",
        "attestation.dsse.json",
        "README.txt",
        "public-key.jwk.json",
        "report.pdf",
        "sbom.cdx.json",
    ]
    .map(str::to_owned)
    .into();
    expected.extend(of_scans("scans", ".json"));
    expected.extend(of_scans("verdicts", ".ndjson"));
    expected.push("verify.html".to_owned());
    expected.extend(of_scans("vex", ".openvex.json"));
    assert_eq!(names, expected);

    let report = verdict(&files, &signer);
    assert_eq!((report.verdict, report.failure), (Verdict::Whole, None));
    let record = outcome.bundle.clone().unwrap();
    let seal = report.seal.unwrap();
    assert_eq!(
        (seal.bundle_id, seal.export_id, seal.tenant),
        (record.bundle_id, job.id, bench.tenant.clone())
    );
    assert_eq!(seal.merkle_root, format!("sha256:{}", record.merkle_root));
    assert_eq!((seal.signature, seal.key_id), (record.signature, record.key_id));
    assert_eq!(stored(&bench, &job, "bundle-manifest.json").await, files[0].1);
    let manifest: Manifest = serde_json::from_slice(&stored(&bench, &job, "manifest.json").await).unwrap();
    assert_eq!(manifest.bundle.map(|it| it.merkle_root), Some(seal.merkle_root));

    let lines = |prefix: &str| -> usize {
        let of = files.iter().filter(|(name, _)| name.starts_with(prefix));
        of.map(|(_, bytes)| bytes.iter().filter(|byte| **byte == b'\n').count()).sum()
    };
    let records = corpus::records(200);
    assert_eq!(lines("scans/"), 200);
    assert_eq!(lines("verdicts/"), records.iter().map(|record| record.verdicts.len()).sum::<usize>());
    let vex = files.iter().filter(|(name, _)| name.starts_with("vex/"));
    let statements: usize = vex.map(|(_, bytes)| openvex(bytes)).sum();
    assert_eq!(statements, records.iter().filter(|record| record.vex.is_some()).count());
}

fn openvex(bytes: &[u8]) -> usize {
    let document: serde_json::Value = serde_json::from_slice(bytes).unwrap();
    assert_eq!(document["@context"], "https://openvex.dev/ns/v0.2.0");
    document["statements"].as_array().unwrap().len()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn evidence_of_a_report_is_the_report_sealed() {
    let (bench, signer) = (Bench::new(5), Arc::new(OneKey::new()));
    let options = r#","options":{"include_sbom":true,"include_evidence":true},"scope""#;
    let job = export(&bench, sealing(&signer), &REQUEST.replace(r#","scope""#, options)).await;
    let outcome = job.outcome().unwrap_or_else(|| panic!("{job:?}"));
    let names: Vec<_> = outcome.artifacts.iter().map(|it| it.name.as_str()).collect();
    assert_eq!(
        names,
        ["report.json", "sbom.cdx.json", "evidence.zip", "bundle-manifest.json", "manifest.json"]
    );
    assert!(outcome.artifacts[2].media_type.contains("zip"));
    let manifest: BundleManifest =
        serde_json::from_slice(&stored(&bench, &job, "bundle-manifest.json").await).unwrap();
    for (path, kind) in [("report.json", EntryType::Report), ("sbom.cdx.json", EntryType::Sbom)] {
        let entry = manifest.entries.iter().find(|entry| entry.path == path).unwrap();
        let artifact = outcome.artifacts.iter().find(|it| it.name == path).unwrap();
        assert_eq!((entry.kind, entry.sha256, entry.size), (kind, artifact.sha256, artifact.size));
    }
    assert_eq!(outcome.bundle.as_ref().unwrap().archive, "evidence.zip");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_signer_that_does_not_answer_is_asked_again() {
    let bench = Bench::new(5);
    let signer = Arc::new(OneKey::failing(vec![ErrorKind::Unavailable]));
    let job = export(&bench, sealing(&signer), &bundle_request()).await;
    assert!(job.outcome().is_some_and(|outcome| outcome.bundle.is_some()), "{job:?}");
    assert_eq!(job.attempt, 2);
    let files = unpack(&stored(&bench, &job, "evidence.tar.gz").await);
    assert_eq!(verdict(&files, &signer).verdict, Verdict::Whole);
}

/// Between asking which key signs and signing, it may be replaced: that is no failure.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_key_that_is_replaced_in_between_is_asked_for_again() {
    let bench = Bench::new(5);
    let signer = Arc::new(OneKey::failing(vec![ErrorKind::NotFound, ErrorKind::NotFound]));
    let job = export(&bench, sealing(&signer), &bundle_request()).await;
    assert_eq!((job.outcome().is_some(), job.attempt), (true, 1), "{job:?}");
    // Replaced again and again: the attempt is tried later.
    let signer = Arc::new(OneKey::failing(vec![ErrorKind::NotFound; 3]));
    let bench = Bench::new(5);
    let job = export(&bench, sealing(&signer), &bundle_request()).await;
    assert_eq!((job.outcome().is_some(), job.attempt), (true, 2), "{job:?}");
}

#[tokio::test]
async fn a_log_that_was_cut_off_is_not_signed() {
    let (bench, signer) = (Bench::new(5), OneKey::new());
    let trail = bench.jobs.trail();
    let now = Now::at(corpus::AT);
    for _ in 0..5 {
        let entry = AuditEntry::new("ann", AuditAction::ExportRequested, "x");
        trail.append(&bench.tenant, entry, now).await.unwrap();
    }
    let signed = export_engine::checkpoint(&*trail, &signer, &bench.tenant, now).await.unwrap();
    assert_eq!(signed.size, 5);
    let again = export_engine::checkpoint(&*trail, &signer, &bench.tenant, now).await.unwrap();
    assert_eq!(again, signed);
    let cut = Cut(trail);
    let refused = export_engine::checkpoint(&cut, &signer, &bench.tenant, now).await.unwrap_err();
    assert_eq!(refused.kind, ErrorKind::Corrupt, "{refused}");
}

/// A log whose last event is gone.
struct Cut(Arc<MemoryAudit>);

#[async_trait]
impl AuditLedger for Cut {
    async fn size(&self, tenant: &TenantId) -> Result<u64, PortError> {
        Ok(self.0.size(tenant).await? - 1)
    }

    async fn nodes(&self, tenant: &TenantId, wanted: &[NodeId]) -> Result<Vec<Digest>, PortError> {
        self.0.nodes(tenant, wanted).await
    }

    async fn keep_checkpoint(&self, _: &TenantId, _: Checkpoint) -> Result<Checkpoint, PortError> {
        panic!("nothing may be signed");
    }

    async fn checkpoint(
        &self,
        tenant: &TenantId,
        size: Option<u64>,
    ) -> Result<Option<Checkpoint>, PortError> {
        AuditLedger::checkpoint(&*self.0, tenant, size).await
    }

    async fn unsigned(&self) -> Result<Vec<Unsigned>, PortError> {
        self.0.unsigned().await
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_a_key_nothing_is_made_that_looks_like_evidence() {
    let bench = Bench::new(5);
    let signer = Arc::new(OneKey::absent());
    let job = export(&bench, sealing(&signer), &bundle_request()).await;
    assert_eq!(job.failure().map(|failure| failure.code), Some(Code::SealingKeyMissing), "{job:?}");

    let engine = Engine::new(Parts { writers: all_writers(), ..bench.parts() }, bench.limits());
    let refused = engine.submit(bench.caller(), bundle_request().as_bytes()).await.unwrap_err();
    assert_eq!((refused.code, refused.errors[0].pointer.as_str()), (Code::UnsupportedOption, "/type"));
}

/// An authority that does not answer.
struct Silent;

#[async_trait]
impl Timestamper for Silent {
    async fn stamp(&self, _: Digest) -> Result<Vec<u8>, PortError> {
        Err(PortError::new(ErrorKind::Unavailable, "time-stamp", "nobody is there"))
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_time_stamp_that_is_missing_is_told_or_ends_the_attempt() {
    for required in [false, true] {
        let (bench, signer) = (Bench::new(5), Arc::new(OneKey::new()));
        let timestamps = Some(Timestamps { authority: Arc::new(Silent), required });
        let writers = all_writers().sealing_with(Sealing { signer: signer.clone(), timestamps, log: None });
        let job = export(&bench, writers, &bundle_request()).await;
        if required {
            assert_eq!(job.failure().map(|failure| failure.code), Some(Code::SealingUnavailable), "{job:?}");
            continue;
        }
        let warnings = &job.outcome().unwrap_or_else(|| panic!("{job:?}")).warnings;
        assert!(warnings.iter().any(|it| it.code == WarningCode::TimestampMissing), "{warnings:?}");
        let files = unpack(&stored(&bench, &job, "evidence.tar.gz").await);
        assert_eq!(verdict(&files, &signer).verdict, Verdict::Whole);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_bundle_is_in_the_log_that_it_carries() {
    let (bench, signer) = (Bench::new(5), Arc::new(OneKey::new()));
    let trail = bench.jobs.trail();
    let log = SealLog { audit: trail.clone(), trail: trail.clone(), ledger: trail.clone() };
    let sealing = Sealing { signer: signer.clone(), timestamps: None, log: Some(log) };
    let job = export(&bench, all_writers().sealing_with(sealing), &bundle_request()).await;
    let record =
        job.outcome().and_then(|outcome| outcome.bundle.clone()).unwrap_or_else(|| panic!("{job:?}"));
    let files = unpack(&stored(&bench, &job, "evidence.tar.gz").await);
    let report = verdict(&files, &signer);
    assert_eq!(report.verdict, Verdict::Whole, "{report:?}");
    let head = report.log.unwrap();
    let seq = record.log_seq.unwrap();
    assert_eq!((head.origin.as_str(), head.size), ("export-center/log/acme", seq));

    let filter = AuditFilter { action: Some(AuditAction::BundleSealed), ..AuditFilter::default() };
    let events = trail.page(&bench.tenant, &filter, 10).await.unwrap().events;
    assert_eq!(events.len(), 1);
    let detail = |name: &str| events[0].entry.detail[&name.to_owned().into()].as_str().to_owned();
    let attestation = files.iter().find(|(name, _)| name == "attestation.dsse.json").unwrap();
    assert_eq!(detail("attestation_sha256"), Digest::of(&attestation.1).to_string());
    assert_eq!(detail("bundle_id"), record.bundle_id.to_string());
    // The event is the last leaf under the head that the bundle carries.
    let path = export_seal::merkle::inclusion_path(seq - 1, seq).unwrap();
    let mut hashes = Vec::new();
    for range in path {
        hashes.push(export_engine::hash_of(&*trail, &bench.tenant, range).await.unwrap());
    }
    let leaf = export_seal::chain::leaf(&events[0].hash);
    assert_eq!(verify_inclusion(seq - 1, seq, &leaf, &hashes, &head.root), Ok(()));

    let told = files.iter().find(|(name, _)| name == "audit/events.ndjson").unwrap();
    assert!(String::from_utf8_lossy(&told.1).contains("export.requested"));
}
