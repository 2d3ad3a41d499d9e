//! The platform's services as sources: whole exports through the public door, and none that is short.

use std::collections::BTreeSet;
use std::fs;

use export_contract::services::{Fault, Stub, Style, TOKEN};
use export_tests::{Settings, Site, binary};
use serde_json::{Value, json};

const SCAN: &str = "checkout-2026-11-20";
const IMAGE: &str = "registry.example.com/shop/checkout:2.4.1";

/// A server that asks the stub for everything. The stub knows the tenant that a site has.
async fn site(stub: &Stub) -> Site {
    let mut settings = Settings::default()
        .with("EXPORT_LOG__FORMAT", "json")
        .with("EXPORT_LOG__SPANS", "true")
        .with("EXPORT_SOURCES__SERVICES__SCANNER__TIMEOUT", "500ms")
        .with("EXPORT_SOURCES__SERVICES__SCANNER__RETRIES", "2");
    for service in ["SCANNER", "POLICY", "VEXLENS", "SBOM"] {
        settings = settings
            .with(&format!("EXPORT_SOURCES__SERVICES__{service}__URL"), stub.url.clone())
            .with(&format!("EXPORT_SOURCES__SERVICES__{service}__TOKEN"), TOKEN);
    }
    Site::start(settings).await
}

fn report(format: &str, scope: &Value) -> Value {
    json!({"type": "scan_report", "format": format, "scope": scope, "options": {"include_sbom": true}})
}

async fn manifest(site: &Site, id: &str) -> Value {
    serde_json::from_slice(&site.download(id, "manifest.json").await).expect("a manifest is JSON")
}

#[tokio::test(flavor = "multi_thread")]
async fn an_export_of_services_is_whole_whichever_way_they_answer() {
    for style in [Style::Lines, Style::Pages] {
        let stub = Stub::start(style).await;
        let site = site(&stub).await;
        let id = site.submit(report("json", &json!({"scan_ids": [SCAN]}))).await;
        let export = site.ended(&id).await;
        assert_eq!(export["status"], "completed", "{export:#}\n{}", site.log());
        let manifest = manifest(&site, &id).await;
        assert_eq!(manifest["snapshot"]["rows_matched"], 6);
        let sources = manifest["snapshot"]["sources"].as_array().unwrap();
        let mut names: Vec<_> = sources.iter().map(|it| it["name"].as_str().unwrap()).collect();
        names.sort_unstable();
        assert_eq!(names, ["policy", "sbom", "scanner", "vexlens"]);
        let report: Value = serde_json::from_slice(&site.download(&id, "report.json").await).unwrap();
        let text = report.to_string();
        for told in [
            "CVE-2021-44228",
            "DS-0002",
            "aws-access-key-id",
            "GPL-2.0-only",
            "INJ003",
            "a.okafor@example.com",
        ] {
            assert!(text.contains(told), "{told}: {report:#}");
        }
        assert!(!site.log().contains(TOKEN), "the token is in no log");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn scopes_by_image_by_digest_and_by_time() {
    let stub = Stub::start(Style::Lines).await;
    let site = site(&stub).await;
    let digest = "sha256:9f2d6c1b0a594837261504f3e2d1c0bfae9d8c7b6a5948372615f4e3d2c1b0a9";
    let november = json!({"start": "2026-11-01T00:00:00Z", "end": "2026-11-15T00:00:00Z"});
    for (scope, rows) in [
        (json!({"image_refs": [IMAGE]}), 6),
        (json!({"image_refs": [IMAGE], "date_range": november}), 1),
        (json!({"image_refs": [digest]}), 1),
        (json!({"date_range": november}), 1),
    ] {
        let id = site.submit(json!({"type": "vulnerability_report", "format": "csv", "scope": scope})).await;
        let export = site.ended(&id).await;
        assert_eq!(export["status"], "completed", "{scope}: {export:#}\n{}", site.log());
        assert_eq!(manifest(&site, &id).await["snapshot"]["rows_matched"], rows, "{scope}");
    }
    // A summary tells how things went: of an image, all its scans.
    let scope = json!({"image_refs": [IMAGE], "date_range": {"start": "2026-11-01T00:00:00Z", "end": "2026-11-30T00:00:00Z"}});
    let id = site.submit(json!({"type": "scan_summary", "format": "csv", "scope": scope})).await;
    let export = site.ended(&id).await;
    assert_eq!(export["status"], "completed", "{export:#}\n{}", site.log());
    assert_eq!(manifest(&site, &id).await["snapshot"]["rows_matched"], 7);

    let body = report("json", &json!({"scan_ids": ["nowhere"], "image_refs": ["no/where:1"]}));
    let (status, problem) = site.send("POST", "/api/v1/exports", Some(body)).await.unwrap();
    assert_eq!((status, &problem["code"]), (404, &json!("data_not_found")));
    let missing = json!({"scan_ids": ["nowhere"], "image_refs": ["no/where:1"]});
    assert_eq!(problem["scope"]["missing"], missing);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_is_cut_is_gathered_again_and_is_never_a_short_export() {
    let stub = Stub::start(Style::Lines).await;
    let site = site(&stub).await;
    let path = format!("/internal/scans/{SCAN}");
    // The head is asked for when the export is submitted and once an attempt; each first gather is spoilt in another way.
    stub.fail(
        &path,
        [Fault::Right, Fault::Right, Fault::CutAfter(3_000), Fault::Right, Fault::StopAfter(3_000)],
    );
    let id = site.submit(report("json", &json!({"scan_ids": [SCAN]}))).await;
    let export = site.ended(&id).await;
    assert_eq!(export["status"], "completed", "{export:#}\n{}", site.log());
    assert_eq!(export["attempt"], 3, "{export:#}");
    assert_eq!(manifest(&site, &id).await["snapshot"]["rows_matched"], 6);
    let asked = stub.asked("/internal/");
    let traces: BTreeSet<_> = asked.iter().map(|it| it.header("traceparent").unwrap_or_default()).collect();
    assert_eq!(traces.len(), 1, "one trace goes on to every service, in every attempt: {traces:?}");
    assert!(traces.iter().all(|trace| trace.len() == 55), "{traces:?}");
    let log = site.log();
    let events = log.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let told = events.filter(|it| it["service"] == "scanner" && it["elapsed_ms"].is_u64()).count();
    assert!(told >= 6, "times and attempts stand in the log:\n{log}");
}

async fn assert_fails(path: &str, fault: Fault, told: &str) {
    let stub = Stub::start(Style::Lines).await;
    let site = site(&stub).await;
    stub.fail_always(path, fault);
    let id = site.submit(report("json", &json!({"scan_ids": [SCAN]}))).await;
    let export = site.ended(&id).await;
    let ended = (&export["status"], &export["error_code"]);
    assert_eq!(ended, (&json!("failed"), &json!("source_unavailable")), "{export:#}");
    let error = export["error"].as_str().expect("a failure has words");
    assert!(error.contains(told) && error.contains(path), "{error}");
    assert_eq!(stub.asked(path).len(), 5, "each of five attempts asks once");
    let download = site.send("GET", &format!("/api/v1/exports/{id}/download"), None).await;
    assert_eq!(download.expect("the server answers").0, 409);
}

#[tokio::test(flavor = "multi_thread")]
async fn services_that_stay_out_of_order_end_in_a_failure_that_names_them() {
    let damaged = Fault::Instead("application/x-ndjson", b"{\"type\":\"statement\"}\n".to_vec());
    tokio::join!(
        assert_fails("/internal/verdicts/", Fault::StopAfter(300), "policy"),
        assert_fails("/internal/vex/", damaged, "vexlens"),
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_source_may_be_left_out_where_the_request_says_so() {
    let stub = Stub::start(Style::Lines).await;
    let site = site(&stub).await;
    stub.fail_always(
        "/internal/vex/",
        Fault::Instead("application/x-ndjson", b"{\"type\":\"statement\"}\n".to_vec()),
    );
    stub.fail_always("/internal/verdicts/", Fault::CutAfter(300));
    let mut body = report("json", &json!({"scan_ids": [SCAN]}));
    body["options"]["on_source_error"] = json!("warn");
    let id = site.submit(body).await;
    let export = site.ended(&id).await;
    assert_eq!(export["status"], "completed", "{export:#}\n{}", site.log());
    let warnings = export["warnings"].as_array().unwrap();
    let refused: Vec<_> = warnings.iter().filter(|it| it["code"] == "source_refused").collect();
    assert_eq!(refused.len(), 2, "{export:#}");
    assert!(
        refused[0].to_string().contains("/internal/vex/applied/")
            && refused[1].to_string().contains("policy")
    );
    assert_eq!(manifest(&site, &id).await["snapshot"]["rows_matched"], 6);
}

#[test]
fn what_is_wrong_with_the_configuration_is_told_without_the_token() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("export.toml");
    let text = "[sources.services.scanner]\nurl = \"ftp://scanner\"\ntoken = \"s3cr3t\"\n[sources.services.policy]\ntoken = \"s3cr3t\"\n";
    fs::write(&file, text).unwrap();
    let run = std::process::Command::new(binary("export-server"))
        .args(["--check-config", "--config"])
        .arg(&file)
        .env("EXPORT_SOURCES__SERVICES__SBOM__CONCURRENCY", "0")
        .env("EXPORT_SOURCES__SERVICES__SBOM__URL", "http://127.0.0.1:9")
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&run.stderr);
    assert!(!run.status.success());
    for line in ["scanner.url must be an http", "policy.token is set, but no url", "sbom.concurrency must be"]
    {
        assert!(told.contains(&format!("- sources.services.{line}")), "{told}");
    }
    assert!(!told.contains("s3cr3t"), "{told}");
}
