//! Exports of the audit trail.

use std::sync::Arc;

use export_contract::{Fault, Faulty, MemorySources, When, corpus};
use export_core::audit::{AuditAction, AuditEntry, FlatEvent};
use export_core::catalogue::{ExportType, Format};
use export_core::code::Code;
use export_core::error::ErrorKind;
use export_core::job::Job;
use export_core::manifest::Manifest;
use export_core::ports::{
    Brief, JobStore as _, Outlet, RecordKind, RenderError, Rendered, Renderer, Snapshot,
};
use export_core::problem::Problem;
use export_core::request::ExportRequest;
use export_core::time::Clock as _;
use export_engine::{Conversion, Engine, Parts, Sources, Writers, convert};

use crate::support::Bench;

const WHOLE: &str =
    r#"{"type":"audit_log","format":"json","scope":{"date_range":{"start":"-7d","end":"now"}}}"#;

/// One event a line.
struct EventLines;

impl Renderer for EventLines {
    fn format(&self) -> Format {
        Format::Json
    }

    fn types(&self) -> &[ExportType] {
        &[ExportType::AuditLog, ExportType::ScanReport]
    }

    fn render(
        &self,
        _: &Brief<'_>,
        from: &dyn Snapshot,
        out: &mut dyn Outlet,
    ) -> Result<Rendered, RenderError> {
        let (mut events, mut rows) = (from.audit()?, 0);
        while let Some(event) = events.next()? {
            serde_json::to_writer(&mut *out, &FlatEvent::from(&event)).map_err(std::io::Error::from)?;
            out.write_all(b"\n")?;
            rows += 1;
        }
        Ok(Rendered { rows: Some(rows), lists: vec![(RecordKind::AuditEvent, rows)], ..Rendered::default() })
    }
}

fn parts(bench: &Bench) -> Parts {
    Parts { writers: Writers::new(vec![Arc::new(EventLines)], vec![]), ..bench.parts() }
}

async fn submit(bench: &Bench, parts: Parts, body: &str) -> Result<Job, Box<Problem>> {
    let engine = Engine::new(parts, bench.limits());
    engine.submit(bench.caller(), body.as_bytes()).await.map(|submitted| submitted.job)
}

/// The lines of the export's file, and its manifest.
async fn lines(bench: &Bench, job: &Job) -> (Vec<serde_json::Value>, Manifest) {
    let job = bench.ended(job.id).await;
    let outcome = job.outcome().unwrap_or_else(|| panic!("it is not complete: {job:?}"));
    let bytes = bench.bytes(&format!("{}/audit-log.json", outcome.prefix)).await;
    let lines = bytes.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
    let manifest = bench.bytes(&format!("{}/manifest.json", outcome.prefix)).await;
    let lines = lines.map(|line| serde_json::from_slice(line).unwrap()).collect();
    (lines, serde_json::from_slice(&manifest).unwrap())
}

#[tokio::test]
async fn it_has_what_was_there_when_it_was_read_and_no_scans() {
    let bench = Bench::new(3);
    let reads: Arc<Faulty<MemorySources>> = Arc::new(Faulty::new(bench.sources.clone()));
    let parts = || {
        let parts = parts(&bench);
        let (scans, verdicts, vex, sboms) = (reads.clone(), reads.clone(), reads.clone(), reads.clone());
        let intelligence = reads.clone();
        Parts { sources: Sources { scans, verdicts, vex, sboms, intelligence, ..parts.sources }, ..parts }
    };
    let other = corpus::job::tenant("globex");
    let trail = bench.jobs.trail();
    trail.note(&other, AuditEntry::new("gus", AuditAction::LinkIssued, "exp-x"), bench.clock.now());
    let scan = bench.submit().await;
    let job = submit(&bench, parts(), WHOLE).await.unwrap();
    bench.jobs.cancel(&bench.tenant, scan.id, "ann", bench.clock.now()).await.unwrap();
    let _worker = bench.worker(parts());
    let (lines, manifest) = lines(&bench, &job).await;
    let told: Vec<_> =
        lines.iter().map(|it| (it["action"].as_str().unwrap(), it["target"].as_str().unwrap())).collect();
    let (scan, own) = (scan.id.to_string(), job.id.to_string());
    let expected = [("export.requested", &*scan), ("export.requested", &*own), ("export.cancelled", &*scan)];
    assert_eq!(told, expected, "its own end is not in it");
    assert_eq!(manifest.snapshot.rows_matched, 3);
    assert_eq!(manifest.artifacts[0].rows, Some(3));
    assert_eq!((manifest.snapshot.sources.len(), manifest.snapshot.sources[0].records), (1, 3));
    assert_eq!(manifest.snapshot.sources[0].digest, manifest.snapshot.digest);
    assert_eq!(reads.calls(), [""; 0], "no other source was asked");
}

#[tokio::test]
async fn a_range_has_both_its_ends() {
    let bench = Bench::new(3);
    for millis in [0_u64, 999, 1_000, 2_000, 3_000, 3_001] {
        let at = bench.clock.now().plus(std::time::Duration::from_millis(millis));
        let entry = AuditEntry::new("ann", AuditAction::LinkIssued, millis.to_string());
        bench.jobs.trail().note(&bench.tenant, entry, at);
    }
    bench.clock.advance(std::time::Duration::from_secs(60));
    let body = r#"{"type":"audit_log","format":"json",
        "scope":{"date_range":{"start":"2026-11-23T14:05:01Z","end":"2026-11-23T14:05:03Z"}}}"#;
    let job = submit(&bench, parts(&bench), body).await.unwrap();
    let _worker = bench.worker(parts(&bench));
    let (lines, _) = lines(&bench, &job).await;
    let told: Vec<_> = lines.iter().map(|it| it["target"].as_str().unwrap()).collect();
    assert_eq!(told, ["1000", "2000", "3000"]);
}

#[tokio::test]
async fn a_trail_that_breaks_off_is_read_again() {
    let bench = Bench::new(3);
    let faulty = Arc::new(Faulty::new(bench.jobs.trail()));
    faulty.inject(Fault { call: 1, when: When::Before, kind: ErrorKind::Unavailable });
    faulty.inject(Fault { call: 3, when: When::Before, kind: ErrorKind::Unavailable });
    let mut parts = parts(&bench);
    parts.sources.audit = faulty.clone();
    let job = submit(&bench, self::parts(&bench), WHOLE).await.unwrap();
    let _worker = bench.worker(parts);
    let (lines, _) = lines(&bench, &job).await;
    assert_eq!(lines.len(), 1);
    assert!(faulty.is_spent());
}

#[tokio::test]
async fn what_does_not_fit_is_refused_at_its_place() {
    let bench = Bench::new(3);
    let range = r#""date_range":{"start":"-7d"}"#;
    for (scope, options, code, pointers) in [
        (r#""scan_ids":["a"]"#, "", Code::InvalidRequest, vec!["/scope/scan_ids", "/scope/date_range"]),
        (&format!(r#""image_refs":["a"],{range}"#), "", Code::InvalidRequest, vec!["/scope/image_refs"]),
        (&format!(r#""policy_sets":["a"],{range}"#), "", Code::InvalidRequest, vec!["/scope/policy_sets"]),
        (range, r#""include_sbom":true"#, Code::UnsupportedOption, vec!["/options/include_sbom"]),
        (
            range,
            r#""include_remediation":true"#,
            Code::UnsupportedOption,
            vec!["/options/include_remediation"],
        ),
        (range, r#""baseline_scan_id":"a""#, Code::UnsupportedOption, vec!["/options/baseline_scan_id"]),
    ] {
        let body =
            format!(r#"{{"type":"audit_log","format":"json","scope":{{{scope}}},"options":{{{options}}}}}"#);
        let problem = submit(&bench, parts(&bench), &body).await.unwrap_err();
        let places: Vec<_> = problem.errors.iter().map(|error| error.pointer.as_str()).collect();
        assert_eq!((problem.code, places), (code, pointers), "{body}");
    }
    assert_eq!(bench.jobs.all(), []);
}

#[tokio::test]
async fn a_conversion_has_no_trail() {
    let (bench, out) = (Bench::new(3), tempfile::tempdir().unwrap());
    let request = ExportRequest::parse(WHOLE.as_bytes()).unwrap();
    let (tenant, at) = (bench.tenant.clone(), corpus::AT);
    let conversion = Conversion { tenant, requests: vec![request], at, out: out.path() };
    let Parts { sources, writers, .. } = parts(&bench);
    let refused =
        convert(&sources, &writers, &bench.limits(), conversion, &Arc::default()).await.unwrap_err();
    assert_eq!(refused.code, Code::InvalidRequest);
    assert!(refused.to_string().contains("a server"), "{refused}");
}
