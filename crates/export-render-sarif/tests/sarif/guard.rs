//! Reports of guards of AI-written code.

use export_contract::{MemorySnapshot, corpus};
use export_core::catalogue::ExportType;
use export_core::finding::{
    Attribution, CodeGuard, CodeWeakness, Finding, Location, Probability, Severity, Subject,
};
use export_core::record::FindingRecord;
use serde_json::{Value, json};

use crate::support::{read, render, render_as, text};

/// A finding of a guard that is sure and one that is not, and a file with a hostile name.
pub(crate) fn snapshot() -> MemorySnapshot {
    let hostile = "uploads/=HYPERLINK(\"https://evil.example\")/<img src=x>/..\u{202e}gpj.sh";
    let records = [("src/a.rs", Some(0.98)), ("src/b.rs", None), (hostile, Some(0.3))].into_iter().zip(0..);
    MemorySnapshot::new(records.map(|((path, confidence), seed)| record(seed, path, confidence)).collect())
}

fn record(seed: u64, path: &'static str, confidence: Option<f64>) -> FindingRecord<'static> {
    let guard = CodeGuard {
        id: format!("g-{seed}").into(),
        category: "injection".into(),
        confidence: confidence.and_then(Probability::new),
        start_column: Some(7),
        snippet_sha256: Some("0a".repeat(32).into()),
        resolution: "Bind it".into(),
        repository: "git.example/app".into(),
        attribution: Some(Attribution {
            model: "acme-coder-2".into(),
            session: Some("s-1".into()),
            share: Probability::new(0.25),
        }),
    };
    let code = CodeWeakness {
        rule_id: "ACG-INJ-001".into(),
        cwes: vec!["CWE-89".into()],
        message: "the parameter reaches the query".into(),
        guard: Some(guard),
    };
    let place = Location { path: path.into(), start_line: Some(3), end_line: Some(5), layer: None };
    let finding = Finding {
        severity: Severity::High,
        title: "SQL from a request".into(),
        subject: Subject::Code(code),
        component: None,
        target: path.into(),
        image: "git.example/app".into(),
        locations: vec![place],
        suppression: None,
        ..corpus::finding(&corpus::scan(0), seed)
    };
    FindingRecord::join(finding, None, vec![], corpus::AT)
}

fn run(kind: ExportType) -> Value {
    let (_, files) = render_as(kind, &snapshot(), "{}").unwrap();
    read(files.main()).unwrap()["runs"][0].take()
}

fn of_file<'r>(run: &'r Value, target: &str) -> &'r Value {
    let results = run["results"].as_array().unwrap();
    results.iter().find(|result| result["properties"]["target"] == target).unwrap()
}

#[test]
fn a_result_tells_all_that_the_guard_knows() {
    let run = run(ExportType::AiCodeGuardReport);
    let result = of_file(&run, "src/a.rs");
    assert_eq!(result["rank"], 98.0);
    let region = &result["locations"][0]["physicalLocation"]["region"];
    assert_eq!(*region, json!({"startLine": 3, "startColumn": 7, "endLine": 5}));
    let properties = &result["properties"];
    for (name, value) in [
        ("category", json!("injection")),
        ("confidence", json!(0.98)),
        ("snippetSha256", json!("0a".repeat(32))),
        ("model", json!("acme-coder-2")),
        ("session", json!("s-1")),
        ("modelShare", json!(0.25)),
        ("repository", json!("git.example/app")),
        ("guardId", json!("g-0")),
    ] {
        assert_eq!(properties[name], value, "{name}");
    }
    let message = text(&result["message"]["text"]);
    assert!(message.ends_with("Written by acme-coder-2. The guard is 98 % sure. Bind it."), "{message}");
    assert!(of_file(&run, "src/b.rs").get("rank").is_none(), "nobody knows how sure it is");
    let help = text(&run["tool"]["driver"]["rules"][0]["help"]["text"]);
    assert!(help.contains("\n\nBind it"), "{help}");
}

#[test]
fn it_is_told_apart_from_a_scan_report_of_the_same_repository() {
    let id = |kind| text(&run(kind)["automationDetails"]["id"]).to_owned();
    let (guard, scan) = (id(ExportType::AiCodeGuardReport), id(ExportType::ScanReport));
    assert!(
        guard.starts_with("export-center/ai-code-guard/") && !scan.contains("ai-code-guard"),
        "{guard} {scan}"
    );
}

#[test]
fn in_a_scan_report_the_severity_ranks() {
    let run = run(ExportType::ScanReport);
    let result = of_file(&run, "src/b.rs");
    assert_eq!((&result["rank"], &result["properties"]["model"]), (&json!(80), &json!("acme-coder-2")));
    assert!(render(&snapshot(), "{}").is_ok());
}
