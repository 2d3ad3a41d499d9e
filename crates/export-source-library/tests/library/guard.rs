//! Findings in AI-written code: `docs/contracts/ai-code-guard.md`.

use std::fs;

use export_core::digest::Digest;
use export_core::finding::{CodeGuard, CodeWeakness, Finding, FindingKind, Severity, Subject};
use export_core::request::Scope;
use export_core::warning::WarningCode;
use serde_json::{Value, json};

use crate::common::{Library, Read, findings_of, ids, vulnerabilities, workspace};

const DEMO: &str = "fixtures/library/checkout-service-2026-11-22/checkout-service.aiguard.json";

fn read(path: &str) -> String {
    fs::read_to_string(workspace().join(path)).unwrap()
}

fn schema() -> jsonschema::Validator {
    let schema = serde_json::from_str(&read("docs/contracts/ai-code-guard.schema.json")).unwrap();
    jsonschema::options().should_validate_formats(true).build(&schema).unwrap()
}

fn report(findings: &Value) -> Value {
    json!({"tool": {"name": "guard", "version": "1"}, "repository": "git.example/app", "findings": findings})
}

fn finding() -> Value {
    json!({"id": "g-1", "rule_id": "R1", "category": "injection", "severity": "High", "title": "t", "message": "m",
           "file": "src/a.rs", "start_line": 3, "end_line": 5, "snippet_sha256": "0a".repeat(32), "confidence": 0.5,
           "attribution": {"model": "coder", "session": "s-1", "share": 0.25}})
}

fn with(member: &str, value: Value) -> Value {
    let mut finding = finding();
    finding[member] = value;
    report(&json!([finding]))
}

fn weakness<'f>(finding: &'f Finding<'static>) -> (&'f CodeWeakness<'static>, &'f CodeGuard<'static>) {
    let Subject::Code(code) = &finding.subject else { panic!("{finding:?}") };
    (code, code.guard.as_ref().unwrap())
}

async fn findings(report: &Value) -> Read<Finding<'static>> {
    findings_of(report.to_string()).await.unwrap()
}

#[tokio::test]
async fn all_of_a_finding_is_kept() {
    let mut told = finding();
    told["cwes"] = json!(["CWE-89"]);
    told["resolution"] = json!("bind it");
    told["start_column"] = json!(7);
    let read = findings(&report(&json!([told]))).await;
    assert!(read.warnings.is_empty(), "{:?}", read.warnings);
    let [finding] = &read.items[..] else { panic!("one") };
    let (code, guard) = weakness(finding);
    assert_eq!((finding.kind(), finding.rule(), finding.severity), (FindingKind::Code, "R1", Severity::High));
    assert_eq!((&*finding.image, &*finding.target, &*finding.title), ("git.example/app", "src/a.rs", "t"));
    assert_eq!((&*code.message, &*code.cwes[0]), ("m", "CWE-89"));
    assert_eq!((finding.locations[0].start_line, finding.locations[0].end_line), (Some(3), Some(5)));
    assert_eq!((&*guard.id, &*guard.category, &*guard.resolution), ("g-1", "injection", "bind it"));
    assert_eq!((guard.confidence.unwrap().as_f64(), guard.start_column), (0.5, Some(7)));
    assert_eq!(guard.snippet_sha256.as_deref().unwrap(), "0a".repeat(32));
    let attribution = guard.attribution.as_ref().unwrap();
    assert_eq!((&*attribution.model, attribution.session.as_deref()), ("coder", Some("s-1")));
    assert_eq!(attribution.share.unwrap().as_f64(), 0.25);
}

#[tokio::test]
async fn a_folder_with_only_a_guards_report_is_a_scan() {
    let mut named = report(&json!([]));
    named["created_at"] = json!("2026-11-20T10:00:00Z");
    let bare = json!({"tool": {"name": "guard"}, "findings": null});
    let library = Library::with(&[("a/x", named.to_string()), ("b/x", bare.to_string())]);
    let scans = library.resolve(&ids(&["a", "b"])).await.unwrap().scans;
    let told: Vec<_> = scans.iter().map(|it| (it.id.as_str(), &*it.image, &*it.tool)).collect();
    assert_eq!(told, [("a", "git.example/app", "guard 1"), ("b", "b", "guard")]);
    assert!(scans[0].created_at.is_some() && library.findings("b").await.unwrap().items.is_empty());
    let by_name = Scope { image_refs: vec!["git.example/app".into()], ..Scope::default() };
    assert_eq!(library.resolve(&by_name).await.unwrap().scans.len(), 1);
}

#[tokio::test]
async fn a_guards_report_may_lie_beside_a_scanners() {
    let trivy = vulnerabilities(r#"[{"VulnerabilityID":"CVE-1","PkgName":"p","Severity":"LOW"}]"#);
    let guard = json!({"tool": {"name": "guard"}, "findings": [finding()]});
    let library = Library::with(&[("s/trivy.json", trivy), ("s/guard", guard.to_string())]);
    let scan = &library.resolve(&ids(&["s"])).await.unwrap().scans[0];
    assert_eq!((&*scan.image, &*scan.tool), ("app:1", "trivy"));
    let read = library.findings("s").await.unwrap();
    assert!(read.warnings.is_empty() && read.documents.len() == 2, "{read:?}");
    assert_eq!(read.items.iter().map(|it| &*it.image).collect::<Vec<_>>(), ["app:1", "app:1"]);
}

#[tokio::test]
async fn the_tool_s_own_json_is_read_without_its_code() {
    let text = read("fixtures/contracts/ai-code-guard/report.json");
    let told: Value = serde_json::from_str(&text).unwrap();
    let read = findings_of(&text).await.unwrap();
    assert!(read.warnings.is_empty(), "{:?}", read.warnings);
    let told = told["findings"].as_array().unwrap();
    assert_eq!(read.items.len(), told.len());
    for (finding, told) in read.items.iter().zip(told) {
        let (code, guard) = weakness(finding);
        let snippet = told["code_snippet"].as_str().unwrap();
        assert_eq!(
            (finding.rule(), &*code.message),
            (told["rule_id"].as_str().unwrap(), told["description"].as_str().unwrap())
        );
        assert_eq!(guard.snippet_sha256.as_deref().unwrap(), Digest::of(snippet.as_bytes()).to_string());
        assert_eq!(guard.resolution, told["fix_suggestion"].as_str().unwrap());
        assert_eq!(code.cwes.first().map(|cwe| &**cwe), told["cwe_id"].as_str());
        assert_eq!(finding.locations[0].start_line.map(u64::from), told["line"].as_u64());
        assert_eq!(guard.start_column.map(|it| u64::from(it) - 1), told["column"].as_u64());
        assert!(!format!("{finding:?}").contains(snippet), "the code is not kept: {finding:?}");
    }
    let library = Library::with(&[("s/report", &text)]);
    let scan = &library.resolve(&ids(&["s"])).await.unwrap().scans[0];
    assert_eq!((&*scan.image, &*scan.tool), ("s", "ai-code-guard"));
}

#[tokio::test]
async fn what_the_tool_did_not_look_at_is_told() {
    let text = read("fixtures/contracts/ai-code-guard/report.json");
    let mut told: Value = serde_json::from_str(&text).unwrap();
    told["errors"] = json!(["a.py: no Python", "b.py: too large"]);
    told["summary"]["issues_found"] = json!(11);
    let warnings: Vec<_> = findings(&told).await.warnings.into_iter().map(|it| it.message).collect();
    assert_eq!(warnings.len(), 2, "{warnings:?}");
    assert!(
        warnings[0].contains("has 11 findings, and has 10") && warnings[1].contains("2 errors"),
        "{warnings:?}"
    );
}

#[tokio::test]
async fn ids_stay_and_never_meet() {
    let at = |line: u64, snippet: &str| json!({"rule_id": "R", "file": "f", "line": line, "confidence": 1, "code_snippet": snippet});
    let id = |report: &Value| {
        let report = report.clone();
        async move { findings(&report).await.items.into_iter().map(|it| it.id.to_string()).collect::<Vec<_>>() }
    };
    let first = id(&report(&json!([at(3, "x"), at(4, "x"), at(5, "y")]))).await;
    let moved = id(&report(&json!([at(13, "x"), at(14, "x"), at(15, "y")]))).await;
    assert_eq!(first, moved, "lines above change nothing");
    assert!(first[0] != first[1] && first[1] != first[2], "{first:?}");
    let named = id(&with("start_line", json!(9))).await;
    assert_eq!(named, id(&with("title", json!("other"))).await);
    assert_ne!(named, id(&with("id", json!("g-2"))).await);

    let one = report(&json!([finding()])).to_string();
    let read = Library::with(&[("s/a", &one), ("s/b", &one)]).findings("s").await.unwrap();
    assert_eq!((read.items.len(), read.warnings.len()), (2, 0), "{:?}", read.warnings);
    assert_eq!(read.items[0].id, read.items[1].id, "the snapshot makes one of them");
}

#[tokio::test]
async fn the_schema_and_the_reader_agree() {
    let schema = schema();
    let demo: Value = serde_json::from_str(&read(DEMO)).unwrap();
    assert!(schema.is_valid(&demo));
    for (member, value, valid, warnings) in [
        ("category", Value::Null, true, 0),
        ("attribution", Value::Null, true, 0),
        ("attribution", json!({}), true, 0),
        ("unknown", json!([1]), true, 0),
        ("confidence", Value::Null, true, 1),
        ("severity", json!("severe"), true, 1),
        ("start_line", json!(0), true, 1),
        ("end_line", json!(2), true, 1),
        ("snippet_sha256", json!("0A".repeat(32)), true, 1),
        ("snippet_sha256", json!(format!("sha256:{}", "0a".repeat(32))), true, 1),
        ("snippet_sha256", json!("0a"), false, 0),
        ("confidence", json!(1.01), false, 0),
        ("confidence", json!("high"), false, 0),
        ("attribution", json!({"share": 94}), false, 0),
        ("start_line", json!(-1), false, 0),
        ("start_line", json!("3"), false, 0),
        ("file", json!(""), false, 0),
        ("file", Value::Null, false, 0),
        ("rule_id", json!(""), false, 0),
        ("cwes", json!("CWE-1"), false, 0),
    ] {
        let report = with(member, value);
        assert_eq!(schema.is_valid(&report), valid, "schema: {report}");
        let read = findings_of(report.to_string()).await;
        match read {
            Ok(read) => {
                assert!(valid, "{report}");
                assert_eq!(read.warnings.len(), warnings, "{report}: {:?}", read.warnings);
                assert!(read.warnings.iter().all(|it| it.code == WarningCode::SourceLenient));
            }
            Err(error) => {
                assert!(!valid, "{error}");
                let place = format!("s/report.json#/findings/0/{member}");
                assert!(error.to_string().contains(&place), "{error} is not at {place}");
            }
        }
    }
}

#[tokio::test]
async fn other_scans_and_other_tools_are_not_taken_for_it() {
    let mut other = report(&json!([finding()]));
    other["scan_id"] = json!("elsewhere");
    let refused = findings_of(other.to_string()).await.unwrap_err();
    assert!(refused.to_string().contains("about the scan elsewhere and not about s"), "{refused}");
    let trivy = vulnerabilities("[]");
    let library = Library::with(&[("s/trivy.json", trivy.clone()), ("s/other", other.to_string())]);
    let warnings = library.findings("s").await.unwrap().warnings;
    assert_eq!(warnings[0].code, WarningCode::SourceIgnored);
    for strange in [
        json!({"tool": "agentscanner", "summary": {"findings": 9}, "findings": [{"check_id": "A", "file": "x"}]}),
        json!({"findings": []}),
        json!({"tool": {"name": "x"}, "findings": "none"}),
        json!({"findings": [1, {"rule_id": "R", "file": "f"}]}),
    ] {
        let library = Library::with(&[("s/trivy.json", trivy.clone()), ("s/other", strange.to_string())]);
        let read = library.findings("s").await.unwrap();
        assert_eq!(read.warnings[0].code, WarningCode::SourceIgnored, "{strange}: {:?}", read.warnings);
    }
    for cut in
        [r#"{"tool":{"name":"x"},"findings":[{"rule_id":"R","file":"f"}"#, r#"{"findings":[{"rule_id":"#]
    {
        assert!(findings_of(cut).await.is_err(), "{cut}");
    }
}

#[tokio::test]
async fn a_head_behind_the_findings_is_found() {
    let text = format!(
        r#"{{"findings":[{}],"repository":"git.example/late","tool":{{"name":"guard"}}}}"#,
        finding()
    );
    let library = Library::with(&[("s/x", text)]);
    let scan = &library.resolve(&ids(&["s"])).await.unwrap().scans[0];
    assert_eq!((&*scan.image, &*scan.tool), ("git.example/late", "guard"));
    assert_eq!(&*library.findings("s").await.unwrap().items[0].image, "git.example/late");
}
