//! Reports of guards of AI-written code hold what guards have found, and nothing else.

use std::path::Path;
use std::sync::Arc;

use export_contract::{MemorySources, corpus};
use export_core::catalogue::{ExportType, Format};
use export_core::code::Code;
use export_core::finding::{CodeGuard, CodeWeakness, Finding, Subject};
use export_core::request::ExportRequest;
use export_engine::{Conversion, Converted, Fault, Sources, Writers, convert};

use crate::support::{Bench, Lines};

fn guarded(guard: Option<CodeGuard<'static>>) -> Finding<'static> {
    let code = CodeWeakness { rule_id: "R".into(), guard, ..CodeWeakness::default() };
    let seed = if code.guard.is_some() { 1 } else { 2 };
    Finding { subject: Subject::Code(code), component: None, ..corpus::finding(&corpus::scan(0), seed) }
}

fn request(kind: ExportType, format: Format) -> ExportRequest {
    let body = format!(r#"{{"type":"{kind}","format":"{format}","scope":{{"scan_ids":["scan-0"]}}}}"#);
    ExportRequest::parse(body.as_bytes()).unwrap()
}

async fn run(requests: Vec<ExportRequest>, out: &Path) -> Result<Converted, Fault> {
    let bench = Bench::new(3);
    let findings =
        vec![corpus::finding(&corpus::scan(0), 4), guarded(None), guarded(Some(CodeGuard::default()))];
    let sources = Arc::new(MemorySources::new().with_scan(&bench.tenant, corpus::scan(0), findings));
    let parts = bench.parts().sources;
    let sources = Sources { scans: sources.clone(), vex: sources.clone(), verdicts: sources, ..parts };
    let guard = Lines { kind: ExportType::AiCodeGuardReport, ..Lines::default() };
    let sarif = Lines { format: Format::Sarif, ..Lines::default() };
    let writers = Writers::new(vec![Arc::new(guard), Arc::new(sarif), Arc::new(Lines::default())], vec![]);
    let conversion = Conversion { tenant: bench.tenant.clone(), requests, at: corpus::AT, out };
    convert(&sources, &writers, &bench.limits(), conversion, &Arc::default()).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_what_a_guard_has_found_enters_the_snapshot() {
    let out = tempfile::tempdir().unwrap();
    let made = run(vec![request(ExportType::AiCodeGuardReport, Format::Json)], out.path()).await.unwrap();
    assert_eq!((made.facts.totals.findings, made.artifacts[0].0.rows), (1, Some(1)));
    assert_eq!(made.facts.scans.len(), 1, "what was looked at is told");
    let made = run(vec![request(ExportType::ScanReport, Format::Json)], out.path()).await.unwrap();
    assert_eq!(made.facts.totals.findings, 3);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_shares_no_snapshot_with_reports_of_everything() {
    let out = tempfile::tempdir().unwrap();
    let mixed = vec![
        request(ExportType::AiCodeGuardReport, Format::Json),
        request(ExportType::ScanReport, Format::Sarif),
    ];
    let fault = run(mixed, out.path()).await.unwrap_err();
    assert_eq!(fault.code, Code::InvalidRequest, "{fault}");
}
