//! The way of a user: submit, follow, download, check; and what a user gets wrong.

use std::fs;

use export_core::digest::Digest;
use export_tests::{Settings, Site, exportctl, exportctl_with, files_named};
use serde_json::{Value, json};

fn demo(kind: &str, format: &str) -> Value {
    json!({"type": kind, "format": format, "scope": {"scan_ids": ["payments-api-2026-11-20"]}})
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pdf_a_csv_and_a_json_of_one_scope_agree() {
    let site = Site::start(Settings::default()).await;
    let pairs = [("vulnerability_report", "pdf"), ("vulnerability_report", "csv"), ("scan_report", "json")];
    let mut matched = Vec::new();
    for (kind, format) in pairs {
        let id = site.submit(demo(kind, format)).await;
        let export = site.ended(&id).await;
        assert_eq!(export["status"], "completed", "{export:#}\n{}", site.log());
        let manifest: Value = serde_json::from_slice(&site.download(&id, "manifest.json").await).unwrap();
        let name = format!("report.{format}");
        let bytes = site.download(&id, &name).await;
        assert_eq!(manifest["artifacts"][0]["name"], name);
        assert_eq!(manifest["artifacts"][0]["sha256"], Digest::of(&bytes).to_string());
        matched.push((manifest["snapshot"]["rows_matched"].clone(), manifest["snapshot"]["digest"].clone()));
        assert_eq!(files_named(&site.data().join("artifacts"), &name).len(), 1);
    }
    assert_eq!(matched[0], matched[1]);
    assert_eq!(matched[1], matched[2]);
    let metrics = reqwest::get(format!("{}/metrics", site.url)).await.unwrap().text().await.unwrap();
    for name in ["export_requests_total", "export_duration_seconds", "export_size_bytes"] {
        assert!(metrics.contains(name), "{name} is missing:\n{metrics}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn bad_requests_name_their_place() {
    let site = Site::start(Settings { no_worker: true, ..Settings::default() }).await;
    let post = |body: Value| site.send("POST", "/api/v1/exports", Some(body));
    let (status, problem) =
        post(json!({"type": "scan_report", "format": "csv", "scope": {"scan_ids": ["x"]}})).await.unwrap();
    assert_eq!((status, &problem["code"]), (422, &json!("unsupported_format")));
    assert_eq!(problem["allowed_formats"], json!(["pdf", "json", "sarif"]));

    let (status, problem) = post(json!({"type": "scan_report", "format": "json", "scop": {}})).await.unwrap();
    assert_eq!((status, &problem["code"]), (422, &json!("invalid_request")));
    let places: Vec<_> =
        problem["errors"].as_array().unwrap().iter().map(|it| it["pointer"].clone()).collect();
    assert_eq!(places, [json!("/scope"), json!("/scop")]);

    let (status, problem) =
        post(json!({"type": "scan_report", "format": "json", "scope": {"scan_ids": ["nowhere"]}}))
            .await
            .unwrap();
    assert_eq!((status, &problem["code"]), (404, &json!("data_not_found")));
    assert_eq!(problem["scope"]["missing"]["scan_ids"], json!(["nowhere"]));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_command_line_goes_the_whole_way() {
    let site = Site::start(Settings::default()).await;
    let environment = [("EXPORT_URL", site.url.as_str()), ("EXPORT_TOKEN", site.token.as_str())];
    let out = tempfile::tempdir().unwrap();
    let folder = out.path().display().to_string();
    let submitted = exportctl_with(
        &environment,
        [
            "--json",
            "submit",
            "--type",
            "scan_report",
            "--scan",
            "edge-gateway-2026-11-22",
            "--format",
            "json",
            "--watch",
        ],
    );
    assert_eq!(submitted.code, 0, "{submitted:?}");
    let id = submitted.json()["export_id"].as_str().unwrap().to_owned();
    let downloaded = exportctl_with(&environment, ["--json", "download", &id, "--out", &folder]);
    assert_eq!(downloaded.code, 0, "{downloaded:?}");
    assert!(out.path().join("report.json").is_file());
    let listed = exportctl_with(&environment, ["--json", "list"]).json();
    assert_eq!(listed["exports"][0]["export_id"], id);

    let unknown = exportctl_with(&environment, ["--json", "get", "exp-00000000000000000000000000"]);
    assert_eq!((unknown.code, &unknown.json()["error"]["code"]), (1, &json!("not_found")));
    assert_eq!(exportctl(["list", "--no-such-option"]).code, 2);
    let nobody = exportctl_with(&[("EXPORT_TOKEN", "x")], ["--server", "http://127.0.0.1:9", "list"]);
    assert_eq!(nobody.code, 1);
    assert!(nobody.stderr.contains("127.0.0.1:9"), "{}", nobody.stderr);
}

#[test]
fn files_of_other_kinds_are_refused_with_their_place() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out");
    let refused = |name: &str, content: &[u8]| {
        let path = folder.path().join(name);
        fs::write(&path, content).unwrap();
        let (path, out) = (path.display().to_string(), out.display().to_string());
        let run = exportctl(["--json", "convert", &path, "--format", "json", "--out", &out]);
        assert_eq!(run.code, 1, "{name}: {run:?}");
        let error = run.json()["error"].clone();
        assert_eq!(error["code"], "source_invalid", "{name}: {error}");
        let message = error["message"].as_str().unwrap().to_owned();
        assert!(message.contains(name), "{name}: {message}");
        assert!(!folder.path().join("out/report.json").exists(), "{name}");
        message
    };
    refused("empty.json", b"");
    refused("null.json", b"null");
    refused("nothing.json", b"{}");
    refused("list.json", b"[]");
    refused("binary.json", b"\x7fELF\0\0\0");
    let message = refused(
        "gitlab.json",
        br#"{"version":"15.0.0","vulnerabilities":[],"scan":{"type":"sast","status":"success"}}"#,
    );
    assert!(message.contains("GitLab"), "{message}");
    let trivy =
        fs::read(export_tests::fixtures().join("library/edge-gateway-2026-11-22/trivy.json")).unwrap();
    let message = refused("cut.json", &trivy[..trivy.len() / 2]);
    assert!(message.contains("/Results/"), "{message}");
    let missing = exportctl(["convert", "/nowhere/trivy.json", "--format", "json", "--out", "/nowhere/out"]);
    assert_eq!(missing.code, 2, "{missing:?}");
}

#[test]
fn a_large_report_converts_with_the_right_totals() {
    let folder = tempfile::tempdir().unwrap();
    let input = folder.path().join("input");
    let made = std::process::Command::new("python3")
        .arg(export_tests::fixtures().join("make_big.py"))
        .args(["-n", "100000", "--only", "trivy,vex,verdicts", "-o"])
        .arg(&input)
        .output()
        .expect("python3 runs");
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let expected: Value = serde_json::from_slice(&fs::read(input.join("expected.json")).unwrap()).unwrap();
    let file = |name: &str| input.join(name).display().to_string();
    let out = folder.path().join("out").display().to_string();
    let run = exportctl([
        "--json",
        "convert",
        &file("trivy.json"),
        &file("openvex.json"),
        &file("verdicts.ndjson"),
        "--format",
        "csv,json",
        "--out",
        &out,
    ]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let totals = run.json()["totals"].clone();
    let by = |name: &str, key: &str| expected["by"][name][key].as_u64().unwrap_or(0);
    assert_eq!(totals["findings"], expected["totals"]["findings"]);
    assert_eq!(totals["with_fix"], expected["totals"]["with_fix"]);
    for severity in ["critical", "high", "medium", "low", "unknown"] {
        assert_eq!(totals["by_severity"][severity], by("severity", &severity.to_uppercase()), "{severity}");
    }
    for decision in ["pass", "warn", "fail", "waived", "error"] {
        assert_eq!(totals["by_decision"][decision], by("policy_decision", decision), "{decision}");
    }
    let vex = &expected["effective_vex_status_by_finding"];
    for status in ["affected", "fixed", "not_affected", "under_investigation"] {
        assert_eq!(totals["by_vex"][status], vex[status], "{status}");
    }
    let made = run.json()["artifacts"].as_array().unwrap().clone();
    let rows = |name: &str| made.iter().find(|it| it["name"] == name).unwrap()["rows"].clone();
    assert_eq!((rows("findings.csv"), rows("report.json")), (json!(100_000), json!(100_000)));
}
