//! Submitting: what is accepted, what is refused and with which words.

use std::sync::Arc;

use export_contract::{Fault, Faulty, MemorySources, When};
use export_core::code::Code;
use export_core::error::ErrorKind;
use export_core::export::Status;
use export_core::problem::Problem;
use export_core::time::{Clock as _, DateBound};
use export_engine::{Caller, Engine, Parts, Submitted, Traceparent};

use crate::support::{Bench, Flaky, REQUEST};

async fn submit(bench: &Bench, parts: Parts, caller: Caller, body: &str) -> Result<Submitted, Box<Problem>> {
    Engine::new(parts, bench.limits()).submit(caller, body.as_bytes()).await
}

/// The problem with `body`; nothing is queued because of it.
async fn refused(bench: &Bench, parts: Parts, body: &str) -> Problem {
    let before = bench.jobs.all().len();
    let problem = submit(bench, parts, bench.caller(), body).await.expect_err(body);
    assert_eq!(bench.jobs.all().len(), before, "nothing was queued by {body}");
    *problem
}

fn keyed(bench: &Bench, key: &str) -> Caller {
    Caller { idempotency_key: Some(key.to_owned()), ..bench.caller() }
}

#[tokio::test]
async fn an_accepted_export_is_queued_with_all_that_its_worker_needs() {
    let bench = Bench::new(3);
    let trace: Traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01".parse().unwrap();
    let caller = Caller { traceparent: Some(trace), ..bench.caller() };
    let body = r#"{"type":"scan_report","format":"json","scope":{"date_range":{"start":"-7d"}}}"#;
    let Submitted { job, replayed, estimate } = submit(&bench, bench.parts(), caller, body).await.unwrap();
    assert_eq!((replayed, estimate, job.status()), (false, None, Status::Queued));
    assert_eq!((job.tenant.as_str(), job.created_by.as_str()), ("acme", "ann@example.org"));
    assert_eq!(job.traceparent, Some(trace.to_string()));
    let now = bench.clock.now().wall;
    assert_eq!(job.request.scope.date_range.unwrap().end, DateBound::At(now), "made absolute, once");
    assert_eq!(bench.jobs.all(), [job]);
}

#[tokio::test]
async fn what_is_not_valid_is_refused() {
    let bench = Bench::new(3);
    for (body, code) in [
        ("{", Code::InvalidJson),
        (r#"{"type":"scan_report","type":"scan_report"}"#, Code::DuplicateMember),
        (r#"{"type":"scan_report","format":"json"}"#, Code::InvalidRequest),
        (r#"{"type":"scan_report","format":"csv","scope":{"scan_ids":["scan-0"]}}"#, Code::UnsupportedFormat),
    ] {
        assert_eq!(refused(&bench, bench.parts(), body).await.code, code, "{body}");
    }
}

#[tokio::test]
async fn a_format_without_a_renderer_is_refused_with_those_that_there_are() {
    let bench = Bench::new(3);
    let body = REQUEST.replace("json", "sarif");
    let problem = refused(&bench, bench.parts(), &body).await;
    assert_eq!((problem.code, problem.status), (Code::UnsupportedFormat, 422));
    assert_eq!(
        (problem.allowed_formats, problem.errors[0].pointer.as_str()),
        (vec!["json".to_owned()], "/format")
    );
}

#[tokio::test]
async fn options_that_would_be_ignored_are_refused_by_name() {
    let bench = Bench::new(3);
    for (member, pointer) in [
        (r#""options":{"include_sbom":true}"#, "/options/include_sbom"),
        (r#""options":{"include_evidence":true}"#, "/options/include_evidence"),
        (r#""options":{"spec_version":"1.6"}"#, "/options/spec_version"),
        (r#""options":{"sarif_profile":"github"}"#, "/options/sarif_profile"),
        (r#""options":{"pdf_profile":"archival"}"#, "/options/pdf_profile"),
        (r#""options":{"redaction":"strict"}"#, "/options/redaction"),
        (r#""options":{"template":"compliance-detailed"}"#, "/options/template"),
        (r#""options":{"pdf_max_rows":5}"#, "/options/pdf_max_rows"),
        (r#""options":{"csv":{"bom":true}}"#, "/options/csv"),
        (r#""delivery":{"method":"email"}"#, "/delivery/method"),
        (r#""delivery":{"method":"download","config":{"to":"ann@example.org"}}"#, "/delivery/config"),
    ] {
        let body = REQUEST.replace(r#","scope""#, &format!(r#",{member},"scope""#));
        let problem = refused(&bench, bench.parts(), &body).await;
        assert_eq!((problem.code, problem.status), (Code::UnsupportedOption, 422), "{body}");
        let pointers: Vec<_> = problem.errors.iter().map(|error| error.pointer.as_str()).collect();
        assert_eq!(pointers, [pointer]);
    }
    let harmless = r#""options":{"retention_days":3,"include_remediation":true,"custom_fields":{"a":"b"}},"delivery":{"method":"download"}"#;
    let body = REQUEST.replace(r#","scope""#, &format!(r#",{harmless},"scope""#));
    submit(&bench, bench.parts(), bench.caller(), &body).await.unwrap();
}

#[tokio::test]
async fn a_scope_that_does_not_exist_is_refused_with_what_is_missing() {
    let bench = Bench::new(3);
    let body = r#"{"type":"scan_report","format":"json",
        "scope":{"scan_ids":["scan-0","gone-1","gone-2"],"image_refs":["registry.example/no:1"]}}"#;
    let problem = refused(&bench, bench.parts(), body).await;
    assert_eq!((problem.code, problem.status), (Code::DataNotFound, 404));
    let missing = serde_json::json!({
        "missing": { "scan_ids": ["gone-1", "gone-2"], "image_refs": ["registry.example/no:1"] }
    });
    assert_eq!(problem.scope, Some(missing));
    assert!(problem.detail.contains("gone-1, gone-2, registry.example/no:1"), "{}", problem.detail);
}

#[tokio::test]
async fn a_baseline_that_does_not_exist_is_missing_like_the_scope() {
    let bench = Bench::new(3);
    let asking = |scan: &str| {
        let options = format!(r#","options":{{"baseline_scan_id":"{scan}"}},"scope""#);
        REQUEST.replace(r#","scope""#, &options)
    };
    let problem = refused(&bench, bench.parts(), &asking("gone-3")).await;
    assert_eq!(problem.scope, Some(serde_json::json!({ "missing": { "baseline_scan_id": ["gone-3"] } })));
    let problem = refused(&bench, bench.parts(), &asking("previous")).await;
    let alone = serde_json::json!({ "missing": { "baseline": ["scan-0", "scan-1", "scan-2"] } });
    assert_eq!((problem.code, problem.scope), (Code::DataNotFound, Some(alone)));
    submit(&bench, bench.parts(), bench.caller(), &asking("scan-1")).await.unwrap();
}

#[tokio::test]
async fn a_scope_of_another_tenant_does_not_exist() {
    let bench = Bench::new(3);
    let caller = Caller { tenant: "globex".parse().unwrap(), ..bench.caller() };
    let problem = submit(&bench, bench.parts(), caller, REQUEST).await.unwrap_err();
    assert_eq!(problem.code, Code::DataNotFound);
}

#[tokio::test]
async fn a_source_that_does_not_answer_is_told_as_such() {
    for (kind, code, status) in [
        (ErrorKind::Unavailable, Code::SourceUnavailable, 503),
        (ErrorKind::Timeout, Code::SourceUnavailable, 503),
        (ErrorKind::Invalid, Code::SourceInvalid, 422),
    ] {
        let bench = Bench::new(3);
        let scans: Arc<Faulty<MemorySources>> = Arc::new(Faulty::new(bench.sources.clone()));
        scans.inject(Fault { call: 1, when: When::Before, kind });
        let mut parts = bench.parts();
        parts.sources.scans = scans;
        let problem = refused(&bench, parts, REQUEST).await;
        assert_eq!((problem.code, problem.status), (code, status));
    }
}

#[tokio::test]
async fn a_job_store_that_does_not_answer_accepts_nothing() {
    let bench = Bench::new(3);
    let jobs = Flaky::new(&bench.jobs, |name, _| (name == "insert").then_some(When::Before));
    let parts = Parts { jobs: Arc::new(jobs), ..bench.parts() };
    let problem = refused(&bench, parts, REQUEST).await;
    assert_eq!((problem.code, problem.status), (Code::Unavailable, 503));
    assert!(!problem.detail.contains("down"), "what is wrong inside is for the log: {}", problem.detail);
}

#[tokio::test]
async fn an_estimate_that_cannot_be_made_is_left_out() {
    let bench = Bench::new(3);
    let reader = Arc::new(Faulty::new(bench.jobs.clone()));
    reader.fail(1, When::Before);
    let parts = Parts { reader: reader.clone(), ..bench.parts() };
    let submitted = submit(&bench, parts, bench.caller(), REQUEST).await.unwrap();
    assert_eq!((submitted.estimate, reader.calls()), (None, vec!["typical_duration"]));
}

#[tokio::test]
async fn a_full_queue_takes_no_more() {
    let bench = Bench::new(3);
    for _ in 0..100 {
        submit(&bench, bench.parts(), bench.caller(), REQUEST).await.unwrap();
    }
    let problem = refused(&bench, bench.parts(), REQUEST).await;
    assert_eq!((problem.code, problem.status), (Code::QueueFull, 429));
}

#[tokio::test]
async fn one_key_is_one_export_as_it_stands_now() {
    let bench = Bench::new(3);
    let first = submit(&bench, bench.parts(), keyed(&bench, "k"), REQUEST).await.unwrap();
    let worker = bench.worker(bench.parts());
    let done = bench.ended(first.job.id).await;
    worker.stop().await;
    // Written otherwise, and meant the same.
    let body = REQUEST.replace(',', " ,\n");
    let again = submit(&bench, bench.parts(), keyed(&bench, "k"), &body).await.unwrap();
    assert_eq!((first.replayed, again.replayed), (false, true));
    assert_eq!(again.job, done);
    assert_eq!(bench.jobs.all().len(), 1);
    let other = submit(&bench, bench.parts(), keyed(&bench, "K"), REQUEST).await.unwrap();
    assert_ne!(other.job.id, first.job.id);
}

#[tokio::test]
async fn one_key_is_one_export_even_if_its_scope_is_gone_or_its_source_is_down() {
    let bench = Bench::new(3);
    let first = submit(&bench, bench.parts(), keyed(&bench, "k"), REQUEST).await.unwrap();
    let mut gone = bench.parts();
    gone.sources.scans = Arc::new(MemorySources::new());
    let down: Arc<Faulty<MemorySources>> = Arc::new(Faulty::new(bench.sources.clone()));
    down.fail(1, When::Before);
    let mut silent = bench.parts();
    silent.sources.scans = down;
    for parts in [gone, silent] {
        let again = submit(&bench, parts, keyed(&bench, "k"), REQUEST).await.unwrap();
        assert_eq!((again.job, again.replayed), (first.job.clone(), true));
    }
    assert_eq!(bench.jobs.all().len(), 1);
}

#[tokio::test]
async fn a_key_is_good_for_one_request_only() {
    let bench = Bench::new(3);
    submit(&bench, bench.parts(), keyed(&bench, "k"), REQUEST).await.unwrap();
    let other = REQUEST.replace(r#","scan-2""#, "");
    let problem = submit(&bench, bench.parts(), keyed(&bench, "k"), &other).await.unwrap_err();
    assert_eq!((problem.code, problem.status), (Code::IdempotencyKeyReused, 422));
    assert_eq!(bench.jobs.all().len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_calls_with_one_key_at_the_same_time_queue_one_export() {
    let bench = Arc::new(Bench::new(3));
    let calls = (0..20).map(|_| {
        let bench = Arc::clone(&bench);
        tokio::spawn(async move { submit(&bench, bench.parts(), keyed(&bench, "k"), REQUEST).await.unwrap() })
    });
    let submitted = futures::future::join_all(calls.collect::<Vec<_>>()).await;
    let submitted: Vec<_> = submitted.into_iter().map(Result::unwrap).collect();
    assert_eq!(submitted.iter().filter(|it| !it.replayed).count(), 1);
    assert!(submitted.iter().all(|it| it.job.id == submitted[0].job.id));
}
