//! Every data format of one scope, made by the real programs and read back by foreign readers.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::path::Path;

use export_core::digest::Digest;
use export_tests::{Settings, Site, exportctl, exportctl_with, fixtures, read_back};
use serde_json::{Value, json};

const SCAN: &str = "payments-api-2026-11-20";
const GUARDED: &str = "checkout-service-2026-11-22";

/// Type, format and options of every pair, and the name of its main artifact.
fn pairs() -> Vec<(&'static str, &'static str, Value, &'static str)> {
    vec![
        ("scan_report", "json", json!({}), "report.json"),
        ("scan_report", "json", json!({"json_lines": true}), "report.ndjson"),
        ("scan_report", "sarif", json!({}), "report.sarif"),
        (
            "scan_report",
            "sarif",
            json!({"sarif_profile": "github", "template": "developer-sarif"}),
            "report.sarif",
        ),
        ("vulnerability_report", "csv", json!({}), "report.csv"),
        ("vulnerability_report", "csv", json!({"csv": {"delimiter": ";", "bom": true}}), "report.csv"),
        ("vulnerability_report", "xlsx", json!({}), "report.xlsx"),
        ("sbom", "cyclonedx", json!({}), "sbom.cdx.json"),
        ("sbom", "cyclonedx", json!({"spec_version": "1.4"}), "sbom.cdx.json"),
        ("sbom", "cyclonedx", json!({"spec_version": "1.7"}), "sbom.cdx.json"),
        ("sbom", "spdx", json!({}), "sbom.spdx.json"),
        ("sbom", "spdx", json!({"spec_version": "3.0.1"}), "sbom.spdx.json"),
        ("evidence_bundle", "zip", json!({}), "evidence.zip"),
        ("evidence_bundle", "tar.gz", json!({}), "evidence.tar.gz"),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn every_format_of_a_scope_holds_the_same_findings() {
    let site = Site::start(Settings::default()).await;
    let folder = tempfile::tempdir().unwrap();
    let mut all: Option<Value> = None;
    let mut components: Option<Value> = None;
    for (kind, format, options, name) in pairs() {
        let body = json!({"type": kind, "format": format, "scope": {"scan_ids": [SCAN]}, "options": options});
        let id = site.submit(body.clone()).await;
        let export = site.ended(&id).await;
        assert_eq!(export["status"], "completed", "{export:#}\n{}", site.log());
        assert_eq!(export["artifacts"][0]["name"], name, "{body}");
        // The file that lists findings: beside the main one, if that lists vulnerabilities.
        let listing = if format == "csv" { "findings.csv" } else { name };
        let artifacts = export["artifacts"].as_array().unwrap().iter();
        let artifact = artifacts.into_iter().find(|it| it["name"] == listing).unwrap();
        let bytes = site.download(&id, listing).await;
        assert_eq!(artifact["sha256"], Digest::of(&bytes).to_string(), "{body}");
        let path = folder.path().join(listing);
        std::fs::write(&path, bytes).unwrap();
        let [held] = &read_back(&[(format, path.as_path())])[..] else { panic!("one file") };
        assert_eq!(held.get("problem").unwrap_or(&Value::Null), &Value::Null, "{body}");
        if let Some(ids) = held.get("ids").filter(|_| kind != "sbom") {
            assert_eq!(all.get_or_insert_with(|| ids.clone()), ids, "{body}: the findings differ");
            let rows = held.pointer("/rows_of/Vulnerabilities").unwrap_or(&held["rows"]);
            assert_eq!(&artifact["rows"], rows, "{body}");
        }
        if let Some(held) = held.get("components") {
            check_sbom(&mut components, held, &export, &body);
        }
    }
    assert!(all.unwrap().as_array().unwrap().len() > 100);
}

/// Reports of guards hold what guards have found: all of it in a repository's scan, nothing in an image's.
#[tokio::test(flavor = "multi_thread")]
async fn reports_of_guards_hold_their_findings_and_no_others() {
    let site = Site::start(Settings::default()).await;
    let folder = tempfile::tempdir().unwrap();
    let mut held = Vec::new();
    for (scan, format, options, name) in [
        (
            GUARDED,
            "json",
            json!({"include_remediation": true, "custom_fields": {"Owner": "Ann"}}),
            "report.json",
        ),
        (GUARDED, "json", json!({"json_lines": true}), "report.ndjson"),
        (
            GUARDED,
            "sarif",
            json!({"template": "developer-sarif", "include_remediation": true}),
            "report.sarif",
        ),
        (GUARDED, "sarif", json!({"sarif_profile": "github"}), "report.sarif"),
        (SCAN, "json", json!({}), "report.json"),
        (SCAN, "sarif", json!({}), "report.sarif"),
    ] {
        let body = json!({"type": "ai_code_guard_report", "format": format, "scope": {"scan_ids": [scan]}, "options": options});
        let id = site.submit(body.clone()).await;
        let export = site.ended(&id).await;
        assert_eq!(export["status"], "completed", "{export:#}\n{}", site.log());
        let path = folder.path().join(name);
        std::fs::write(&path, site.download(&id, name).await).unwrap();
        let [read] = &read_back(&[(format, path.as_path())])[..] else { panic!("one file") };
        assert_eq!(export["artifacts"][0]["rows"], read["rows"], "{body}");
        held.push(read["ids"].clone());
    }
    assert_eq!(held[0].as_array().unwrap().len(), 13);
    assert!(held[..4].iter().all(|ids| *ids == held[0]), "{held:?}");
    assert_eq!(held[4..], [json!([]), json!([])]);
}

#[tokio::test(flavor = "multi_thread")]
async fn policy_compliance_tells_every_verdict() {
    let site = Site::start(Settings::default()).await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("report.json");
    let lines = |scan: &str, name: &str| {
        let path = fixtures().join("library").join(scan).join(name);
        std::fs::read_to_string(path).unwrap().lines().count()
    };
    let scope = json!({"scan_ids": [SCAN, GUARDED]});
    let id = site.submit(json!({"type": "policy_compliance", "format": "json", "scope": scope})).await;
    let export = site.ended(&id).await;
    assert_eq!(export["status"], "completed", "{export:#}\n{}", site.log());
    std::fs::write(&path, site.download(&id, "report.json").await).unwrap();
    let [read] = &read_back(&[("json", path.as_path())])[..] else { panic!("one file") };
    let verdicts =
        lines(SCAN, "payments-api.verdicts.ndjson") + lines(GUARDED, "checkout-service.verdicts.ndjson");
    assert_eq!((&read["rows"], &export["artifacts"][0]["rows"]), (&json!(verdicts), &json!(verdicts)));
    let overall = &read["overall"];
    assert_eq!(
        (&overall["evaluated"], &overall["compliance"]["verdicts"]),
        (&json!(verdicts), &json!(verdicts))
    );
    assert_eq!(overall["images"], json!({"compliant": 0, "evaluated": 2, "without_verdicts": 0}));
}

#[test]
fn the_reference_implementation_takes_every_version_of_cyclonedx() {
    let scan = fixtures().join("library/edge-gateway-2026-11-22").display().to_string();
    let out = tempfile::tempdir().unwrap();
    let made: Vec<_> = ["1.4", "1.5", "1.6", "1.7"]
        .into_iter()
        .map(|version| {
            let folder = out.path().join(version);
            let to = folder.display().to_string();
            let run = exportctl([
                "convert",
                &scan,
                "--format",
                "cyclonedx",
                "--spec-version",
                version,
                "--out",
                &to,
            ]);
            assert_eq!(run.code, 0, "{run:?}");
            folder.join("sbom.cdx.json")
        })
        .collect();
    let files: Vec<_> = made.iter().map(|path| ("strict-cyclonedx", path.as_path())).collect();
    for (held, version) in read_back(&files).into_iter().zip(["1.4", "1.5", "1.6", "1.7"]) {
        assert_eq!((&held["problem"], &held["version"]), (&Value::Null, &json!(version)));
        assert_ne!(held["rows"], 0, "{version}");
    }
}

/// SBOMs of every version have the same components, and what they cannot hold is told.
fn check_sbom(components: &mut Option<Value>, held: &Value, export: &Value, body: &Value) {
    assert!(held.as_array().unwrap().len() > 40, "{body}");
    assert_eq!(components.get_or_insert_with(|| held.clone()), held, "{body}: the components differ");
    let warnings = export["warnings"].as_array().unwrap();
    let lost = warnings.iter().any(|warning| warning["code"] == "fields_lost");
    let told =
        export["artifacts"].as_array().unwrap().iter().any(|it| it["name"] == "conversion-report.json");
    assert_eq!(lost, told, "{export:#}");
    assert!(lost, "the scan has misconfigurations, which no SBOM holds: {export:#}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_report_brings_its_sbom_along_and_options_that_do_not_fit_are_refused() {
    let site = Site::start(Settings::default()).await;
    let asking = |kind: &str, format: &str, options: Value| json!({"type": kind, "format": format, "scope": {"scan_ids": [SCAN]}, "options": options});
    let id = site.submit(asking("vulnerability_report", "csv", json!({"include_sbom": true}))).await;
    let export = site.ended(&id).await;
    let names: Vec<_> = export["artifacts"].as_array().unwrap().iter().map(|it| it["name"].clone()).collect();
    assert_eq!(
        names,
        ["report.csv", "findings.csv", "sbom.cdx.json", "conversion-report.json", "manifest.json"]
    );
    for (body, pointer) in [
        (asking("sbom", "cyclonedx", json!({"include_sbom": true})), "/options/include_sbom"),
        (asking("sbom", "cyclonedx", json!({"spec_version": "2.3"})), "/options/spec_version"),
        (asking("sbom", "spdx", json!({"spec_version": "1.6"})), "/options/spec_version"),
        (asking("scan_report", "json", json!({"spec_version": "1.6"})), "/options/spec_version"),
        (asking("scan_report", "sarif", json!({"json_lines": true})), "/options/json_lines"),
        (asking("scan_report", "sarif", json!({"template": "compliance-detailed"})), "/options/template"),
        (asking("scan_report", "json", json!({"sarif_profile": "github"})), "/options/sarif_profile"),
        (asking("vulnerability_report", "xlsx", json!({"csv": {"bom": true}})), "/options/csv"),
        (
            asking("vulnerability_report", "csv", json!({"custom_fields": {"a": "b"}})),
            "/options/custom_fields",
        ),
        (asking("ai_code_guard_report", "json", json!({"include_sbom": true})), "/options/include_sbom"),
        (asking("policy_compliance", "json", json!({"baseline_scan_id": SCAN})), "/options/baseline_scan_id"),
        (
            asking("policy_compliance", "json", json!({"include_remediation": true})),
            "/options/include_remediation",
        ),
        (asking("sbom", "spdx", json!({"include_remediation": true})), "/options/include_remediation"),
        (asking("scan_summary", "csv", json!({"baseline_scan_id": SCAN})), "/options/baseline_scan_id"),
    ] {
        let (status, problem) = site.send("POST", "/api/v1/exports", Some(body.clone())).await.unwrap();
        assert_eq!((status, &problem["code"]), (422, &json!("unsupported_option")), "{body}");
        assert_eq!(problem["errors"][0]["pointer"], pointer, "{body}");
    }
}

/// One list of vulnerabilities, whatever shows it, and the upgrades that end them.
#[tokio::test(flavor = "multi_thread")]
async fn csv_and_workbook_list_the_same_vulnerabilities_and_upgrades() {
    let site = Site::start(Settings::default()).await;
    let folder = tempfile::tempdir().unwrap();
    let mut counts = Vec::new();
    for (format, options) in [
        ("csv", json!({"include_remediation": true})),
        ("xlsx", json!({"include_remediation": true, "custom_fields": {"Ticket": "=1+1"}})),
    ] {
        let body = json!({"type": "vulnerability_report", "format": format, "scope": {"scan_ids": [SCAN]}, "options": options});
        let id = site.submit(body).await;
        let export = site.ended(&id).await;
        assert_eq!(export["status"], "completed", "{export:#}\n{}", site.log());
        let mut read = Vec::new();
        for name in ["report", "upgrades"].map(|stem| format!("{stem}.{format}")) {
            if format == "xlsx" && name != "report.xlsx" {
                continue;
            }
            let path = folder.path().join(&name);
            std::fs::write(&path, site.download(&id, &name).await).unwrap();
            read.push(path);
        }
        let files: Vec<_> = read.iter().map(|path| (format, path.as_path())).collect();
        let held = read_back(&files);
        counts.push(if format == "csv" {
            let ends = held[1]["table"].as_array().unwrap().iter().filter(|row| row["ends"] != "0").count();
            assert!(ends > 5, "{ends} upgrades end something");
            [held[0]["rows"].clone(), held[1]["rows"].clone()]
        } else {
            assert_eq!(held[0]["formulas"], 0);
            [&held[0]["rows_of"]["Vulnerabilities"], &held[0]["rows_of"]["Upgrades"]].map(Clone::clone)
        });
    }
    assert_eq!(counts[0], counts[1]);
}

/// An image means all its scans in a summary; each pair tells the same number of them.
#[tokio::test(flavor = "multi_thread")]
async fn a_summary_of_an_image_has_its_history() {
    let site = Site::start(Settings::default()).await;
    let folder = tempfile::tempdir().unwrap();
    let mut told = Vec::new();
    for format in ["csv", "xlsx"] {
        let range = json!({"start": "2020-01-01T00:00:00Z", "end": "2030-01-01T00:00:00Z"});
        let scope =
            json!({"image_refs": ["registry.harbor.example/payments/payments-api"], "date_range": range});
        let body = json!({"type": "scan_summary", "format": format, "scope": scope});
        let id = site.submit(body).await;
        let export = site.ended(&id).await;
        assert_eq!(export["status"], "completed", "{export:#}\n{}", site.log());
        let name = format!("report.{format}");
        let path = folder.path().join(&name);
        std::fs::write(&path, site.download(&id, &name).await).unwrap();
        let held = read_back(&[(format, path.as_path())]).remove(0);
        told.push(held.pointer("/rows_of/Scans").unwrap_or(&held["rows"]).clone());
        if format == "csv" {
            let table = held["table"].as_array().unwrap();
            assert!(table.iter().any(|row| row["open_change"] != ""), "{table:?}");
        }
    }
    assert!(told[0].as_u64().unwrap() >= 2 && told[0] == told[1], "{told:?}");
    let body = json!({"type": "scan_summary", "format": "csv", "scope": {"image_refs": ["nowhere/at-all"]}});
    let (status, problem) = site.send("POST", "/api/v1/exports", Some(body)).await.unwrap();
    assert_eq!((status, &problem["scope"]["missing"]["image_refs"]), (404, &json!(["nowhere/at-all"])));
}

/// The same scope and time give the same bytes, wherever and however they are made.
#[test]
fn files_are_the_same_bytes_in_every_zone_locale_and_number_of_threads() {
    let scan = fixtures().join("library").join(SCAN);
    let out = tempfile::tempdir().unwrap();
    let surroundings: [&[(&str, &str)]; 3] = [
        &[("TZ", "UTC"), ("LC_ALL", "C"), ("TOKIO_WORKER_THREADS", "1")],
        &[("TZ", "Pacific/Kiritimati"), ("LC_ALL", "tr_TR.UTF-8"), ("TOKIO_WORKER_THREADS", "7")],
        &[("TZ", "America/St_Johns"), ("LANG", "de_DE.UTF-8"), ("HOME", "/nowhere")],
    ];
    let formats = "json,sarif,csv,xlsx,cyclonedx,spdx,zip,tar.gz,pdf";
    let mut first: Option<Vec<(String, String)>> = None;
    for (index, variables) in surroundings.into_iter().enumerate() {
        let folder = out.path().join(index.to_string());
        let arguments = ["--json", "convert", &scan.display().to_string(), "--format", formats, "--at"];
        let arguments = arguments.into_iter().chain(["2026-11-23T14:05:00Z", "--out"]);
        let folder = folder.display().to_string();
        let run = exportctl_with(variables, arguments.chain([folder.as_str()]));
        assert_eq!(run.code, 0, "{run:?}");
        let digests = digests(&run.json(), Path::new(&folder));
        assert!(digests.len() >= 9, "{digests:?}");
        assert_eq!(first.get_or_insert_with(|| digests.clone()), &digests, "{variables:?}");
    }
}

fn digests(converted: &Value, folder: &Path) -> Vec<(String, String)> {
    let of = |artifact: &Value| {
        let name = artifact["name"].as_str().unwrap().to_owned();
        let digest = Digest::of(&std::fs::read(folder.join(&name)).unwrap()).to_string();
        assert_eq!(artifact["sha256"], digest, "{name}");
        (name, digest)
    };
    converted["artifacts"].as_array().unwrap().iter().map(of).collect()
}

#[test]
fn an_option_that_does_nothing_is_wrong_usage() {
    let scan = fixtures().join("library").join(SCAN).display().to_string();
    let run = exportctl(["convert", &scan, "--format", "csv", "--json-lines", "--out", "nowhere"]);
    assert_eq!(run.code, 2, "{run:?}");
    assert!(run.stderr.contains("--json-lines fits only json"), "{}", run.stderr);
}
