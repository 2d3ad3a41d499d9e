//! Reports of guards of AI-written code.

use export_contract::{MemorySnapshot, corpus};
use export_core::catalogue::ExportType;
use export_core::finding::{
    Attribution, CodeGuard, CodeWeakness, Finding, Location, Probability, Severity, Subject,
};
use export_core::record::FindingRecord;
use serde_json::{Value, json};

use crate::support::{document, render, validate};

const KIND: ExportType = ExportType::AiCodeGuardReport;

fn record(seed: u64, severity: Severity, model: &str, confidence: Option<f64>) -> FindingRecord<'static> {
    let known = corpus::record(seed);
    let guard = CodeGuard {
        id: format!("g-{seed}").into(),
        category: if seed.is_multiple_of(2) { "injection".into() } else { "secrets".into() },
        confidence: confidence.and_then(Probability::new),
        start_column: Some(7),
        snippet_sha256: Some("0a".repeat(32).into()),
        resolution: "bind it".into(),
        repository: "git.example/app".into(),
        attribution: (!model.is_empty()).then(|| Attribution {
            model: model.to_owned().into(),
            session: Some("s-1".into()),
            share: Probability::new(0.5),
        }),
    };
    let code = CodeWeakness {
        rule_id: format!("R{}", seed % 3).into(),
        cwes: vec!["CWE-89".into()],
        message: "m".into(),
        guard: Some(guard),
    };
    let target = format!("src/{}.rs", seed % 2);
    let place = Location {
        path: target.clone().into(),
        start_line: Some(3),
        end_line: Some(5),
        ..Location::default()
    };
    let finding = Finding {
        severity,
        subject: Subject::Code(code),
        component: None,
        target: target.into(),
        locations: vec![place],
        ..known.finding
    };
    FindingRecord::join(finding, None, vec![], corpus::AT)
}

fn snapshot() -> MemorySnapshot {
    MemorySnapshot::new(vec![
        record(0, Severity::Critical, "coder-2", Some(1.0)),
        record(1, Severity::High, "coder-2", Some(0.5)),
        record(2, Severity::Low, "writer", Some(0.2)),
        record(3, Severity::Low, "", None),
    ])
}

#[test]
fn a_finding_tells_all_that_the_guard_knows() {
    let document = document(KIND, &snapshot());
    assert_eq!(document["schema"], "ai-code-guard-report/v1");
    let finding = &document["findings"][0];
    assert_eq!(
        finding["guard"],
        json!({
            "id": "g-0", "repository": "git.example/app", "category": "injection", "confidence": 1.0, "start_column": 7,
            "snippet_sha256": "0a".repeat(32), "attribution": {"model": "coder-2", "session": "s-1", "share": 0.5},
            "resolution": "bind it"
        })
    );
    assert_eq!(finding["code"], json!({"cwes": ["CWE-89"], "message": "m"}));
    assert_eq!(finding["locations"][0], json!({"path": "src/0.rs", "start_line": 3, "end_line": 5}));
    assert!(document["snapshot"].get("unmatched_verdicts").is_none());
    let scan_report = crate::support::document(ExportType::ScanReport, &snapshot());
    assert_eq!(scan_report["findings"], document["findings"], "each finding is the same in both reports");
}

#[test]
fn the_summary_counts_what_the_findings_are() {
    let summary = document(KIND, &snapshot())["summary"].take();
    assert_eq!(summary["all"]["findings"], 4);
    assert_eq!(
        summary["by_model"]["list"][0],
        json!({
            "name": "coder-2", "findings": 2, "open": summary["by_model"]["list"][0]["open"], "critical": 1, "high": 1,
            "share": 0.5, "mean_confidence": 0.75, "mean_model_share": 0.5
        })
    );
    assert_eq!(summary["by_model"]["unnamed"]["findings"], 1);
    let names = |list: &str| -> Vec<(Value, Value)> {
        let list = summary[list]["list"].as_array().unwrap().iter();
        list.map(|it| (it["name"].clone(), it["findings"].clone())).collect()
    };
    assert_eq!(names("by_category"), [(json!("injection"), json!(2)), (json!("secrets"), json!(2))]);
    assert_eq!(names("by_rule")[0], (json!("R0"), json!(2)));
    assert_eq!(names("by_file"), [(json!("src/0.rs"), json!(2)), (json!("src/1.rs"), json!(2))]);
    let buckets: Vec<_> = summary["confidence"]["buckets"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["findings"].clone())
        .collect();
    assert_eq!(buckets, [1, 0, 1, 0, 1]);
    assert_eq!(summary["confidence"]["unknown"], 1);
}

#[test]
fn nothing_found_is_a_report_of_what_was_looked_at() {
    let empty = MemorySnapshot::new(vec![]).with_facts(|facts| {
        let totals = export_core::totals::Totals::default();
        facts.scans = vec![export_core::ports::ScanTotals { scan: corpus::scan(0), totals }];
    });
    let document = document(KIND, &empty);
    assert_eq!((&document["summary"]["all"]["findings"], &document["findings"]), (&json!(0), &json!([])));
    assert_eq!(document["scans"][0]["id"], "scan-0");
}

#[test]
fn lines_have_a_summary_and_an_end() {
    let (rendered, text) = render(KIND, &snapshot(), r#"{"json_lines":true}"#);
    assert_eq!(rendered.rows, Some(4));
    let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert!(lines.iter().any(|line| line["summary"]["all"]["findings"] == 4));
    assert_eq!(lines.last().unwrap(), &json!({"end": {"findings": 4}}));
}

#[test]
fn the_schema_refuses_what_it_does_not_know() {
    let good = document(KIND, &snapshot());
    for (pointer, wrong) in [
        ("/schema", json!("ai-code-guard-report/v2")),
        ("/export/type", json!("scan_report")),
        ("/findings/0/guard/confidence", json!(1.5)),
        ("/findings/0/guard/snippet_sha256", json!("abc")),
        ("/summary/by_model/list/0/name", json!("")),
        ("/summary/confidence", json!({})),
    ] {
        let mut changed = good.clone();
        *changed.pointer_mut(pointer).unwrap() = wrong;
        assert!(validate(&changed).is_err(), "{pointer}");
    }
}
