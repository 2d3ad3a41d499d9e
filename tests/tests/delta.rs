//! What changed since the scan before: asked for at every door, told the same in every format.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::path::{Path, PathBuf};

use export_tests::{Settings, Site, exportctl, fixtures, read_back};
use serde_json::{Value, json};
use tempfile::TempDir;

const SCAN: &str = "payments-api-2026-11-20";
const BEFORE: &str = "payments-api-2026-10-21";
/// A scan of an image that was scanned once.
const ALONE: &str = "storefront-web-2026-11-21";
/// Findings whose severity was another one before.
const RATED: usize = 7;

/// The demo library, in which some severities were others before.
fn library() -> TempDir {
    let library = tempfile::tempdir().unwrap();
    for scan in [SCAN, BEFORE, ALONE] {
        copy(&fixtures().join("library").join(scan), &library.path().join(scan));
    }
    let path = library.path().join(BEFORE).join("trivy.json");
    let mut report: Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
    let results = report["Results"].as_array_mut().unwrap().iter_mut();
    let findings = results.filter_map(|it| it.get_mut("Vulnerabilities")?.as_array_mut()).flatten();
    let medium = findings.filter(|it| it["Severity"] == "MEDIUM").take(40);
    medium.for_each(|it| it["Severity"] = json!("CRITICAL"));
    std::fs::write(&path, serde_json::to_vec(&report).unwrap()).unwrap();
    library
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        std::fs::copy(&path, to.join(path.file_name().unwrap())).unwrap();
    }
}

fn convert(library: &Path, arguments: &[&str]) -> (export_tests::Run, TempDir) {
    let out = tempfile::tempdir().unwrap();
    let given = ["--json", "convert", library.to_str().unwrap(), "--out", out.path().to_str().unwrap()];
    let at = ["--at", "2026-11-23T14:05:00Z"];
    (exportctl(given.iter().chain(arguments).chain(&at)), out)
}

fn json_at(path: &Path) -> Value {
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

/// Introduced, fixed, changed severity, changed VEX or status, unchanged.
type Numbers = [u64; 5];

const WORDS: [&str; 5] = ["introduced", "fixed", "changed_severity", "changed_vex", "unchanged"];
const NAMES: [&str; 5] = ["Introduced", "Fixed", "Changed severity", "Changed VEX or status", "Unchanged"];

fn numbers(counts: &Value, names: [&str; 5]) -> Numbers {
    names.map(|name| counts[name].as_u64().unwrap_or(0))
}

/// The numbers of a report as JSON or SARIF, counted over its findings.
fn counted<'v>(findings: impl Iterator<Item = (&'v Value, &'v Value)>) -> Numbers {
    let mut numbers = [0; 5];
    for (state, before) in findings {
        let has = |name: &str| before.get(name).is_some();
        match state.as_str().unwrap() {
            "new" => numbers[0] += 1,
            "absent" => numbers[1] += 1,
            "updated" => {
                numbers[2] += u64::from(has("severity_before") || has("severityBefore"));
                let said = ["status_before", "vex_before", "statusBefore", "vexBefore"];
                numbers[3] += u64::from(said.into_iter().any(has));
            }
            _ => numbers[4] += 1,
        }
    }
    numbers
}

fn of_json(report: &Value) -> Numbers {
    let list = |name: &str| report[name].as_array().unwrap().iter();
    let all = list("findings").chain(list("absent"));
    let told = counted(all.map(|it| (&it["baseline_state"], &it["baseline_change"])));
    let names = ["new", "absent", "changed_severity", "changed_vex", "unchanged"];
    assert_eq!(numbers(&report["baseline"], names), told, "the head counts what the list has");
    told
}

fn of_sarif(report: &Value) -> Numbers {
    let results = report["runs"][0]["results"].as_array().unwrap().iter();
    let told = counted(results.map(|it| (&it["baselineState"], &it["properties"])));
    let baseline = &report["runs"][0]["properties"]["baseline"];
    assert_eq!(baseline["changed"], json!({"severity": told[2], "vex": told[3]}));
    told
}

/// Without white space the labels and numbers of a PDF follow one another, in this order or by columns.
fn is_told(pdf: &Value, told: Numbers) -> bool {
    let text = pdf["text"].as_str().unwrap();
    let [introduced, fixed, severity, vex, _] = told;
    let are = if introduced == 1 { "findingis" } else { "findingsare" };
    let line =
        format!("{introduced}{are}introduced,{fixed}fixed,{severity}changedinseverity,{vex}inVEXorstatus.");
    text.contains(&line) && NAMES.iter().all(|name| text.contains(&name.replace(' ', "")))
}

#[test]
fn all_formats_tell_the_same_changes() {
    let library = library();
    let formats = "json,sarif,csv,xlsx,pdf";
    let (run, out) =
        convert(library.path(), &["--scan", SCAN, "--baseline", "previous", "--format", formats]);
    assert_eq!(run.code, 0, "{run:?}");
    let path = |name: &str| out.path().join(name);
    let report = json_at(&path("report.json"));
    let told = of_json(&report);
    assert!(told.iter().all(|count| *count > 0) && told[2] >= RATED as u64, "every kind: {told:?}");
    assert_eq!(report["request"]["options"]["baseline_scan_id"], BEFORE, "as it was resolved");
    assert_eq!(of_sarif(&json_at(&path("report.sarif"))), told);
    let files = [
        ("csv", path("findings.csv")),
        ("csv", path("changes.csv")),
        ("xlsx", path("report.xlsx")),
        ("csv", path("report.csv")),
        ("pdf", path("report.pdf")),
    ];
    let files: Vec<(&str, &Path)> = files.iter().map(|(format, path)| (*format, path.as_path())).collect();
    let [findings, changes, book, vulnerabilities, pdf] = &read_back(&files)[..] else {
        panic!("five files")
    };
    let [introduced, fixed, severity, vex, unchanged] = told;
    assert_eq!(numbers(&findings["changes"], WORDS), [introduced, 0, severity, vex, unchanged]);
    assert_eq!(numbers(&changes["changes"], WORDS), [introduced, fixed, severity, vex, 0]);
    assert_eq!(numbers(&book["changes"], WORDS), [introduced, fixed, severity, vex, 0]);
    assert_eq!(numbers(&book["counted"], NAMES), told);
    assert_eq!(book["sheets"], json!(["Summary", "What changed", "Vulnerabilities", "Findings", "Changes"]));
    assert!(is_told(pdf, told), "{told:?}: {}", pdf["text"]);
    let sum = |column: &str| {
        let rows = vulnerabilities["table"].as_array().unwrap().iter();
        rows.map(|row| row[column].as_str().unwrap().parse::<u64>().unwrap()).sum::<u64>()
    };
    let of_vulnerabilities = |name: &str, states: &[&str]| {
        let all = report[name].as_array().unwrap().iter().filter(|it| it["kind"] == "vulnerability");
        all.filter(|it| states.iter().any(|state| it["baseline_state"] == *state)).count() as u64
    };
    assert_eq!(sum("findings_introduced"), of_vulnerabilities("findings", &["new"]));
    assert_eq!(sum("findings_changed"), of_vulnerabilities("findings", &["updated"]));
    assert_eq!(sum("findings_unchanged"), of_vulnerabilities("findings", &["unchanged"]));
}

/// What is introduced and what is fixed have no vulnerability of one package in common: an upgrade that ends nothing is neither.
#[test]
fn what_an_upgrade_does_not_end_is_not_fixed() {
    let (run, out) =
        convert(&fixtures().join("library"), &["--scan", SCAN, "--baseline", BEFORE, "--format", "json"]);
    assert_eq!(run.code, 0, "{run:?}");
    let report = json_at(&out.path().join("report.json"));
    let of = |name: &str, state: &str| {
        let all = report[name].as_array().unwrap().iter().filter(|it| it["baseline_state"] == state);
        let named = all.map(|it| (it["rule_id"].clone(), it["component"]["name"].clone()));
        named.filter(|(_, package)| !package.is_null()).collect::<Vec<_>>()
    };
    let (new, gone) = (of("findings", "new"), of("absent", "absent"));
    assert!(!new.is_empty() && !gone.is_empty());
    assert!(new.iter().all(|it| !gone.contains(it)));
}

#[test]
fn a_scan_without_one_before_it_is_told_and_one_alone_is_refused() {
    let library = library();
    let both = ["--scan", SCAN, "--scan", ALONE, "--baseline", "previous", "--format", "json"];
    let (run, out) = convert(library.path(), &both);
    assert_eq!(run.code, 0, "{run:?}");
    let report = json_at(&out.path().join("report.json"));
    assert_eq!(report["request"]["options"]["baseline_scan_id"], json!([BEFORE]));
    let warning = &report["warnings"].as_array().unwrap().iter().find(|it| it["code"] == "baseline_missing");
    assert!(warning.unwrap()["message"].as_str().unwrap().contains(ALONE), "{report:#}");
    let of_alone = report["findings"].as_array().unwrap().iter().filter(|it| it["scan_id"] == ALONE);
    assert!(of_alone.into_iter().all(|it| it["baseline_state"] == "new"));
    let (run, _) = convert(library.path(), &["--scan", ALONE, "--baseline", "previous", "--format", "json"]);
    assert_eq!(run.code, 1, "{run:?}");
    assert!(run.stderr.contains("Nothing to compare with") && run.stderr.contains(ALONE), "{run:?}");
}

#[test]
fn a_scan_beside_itself_has_not_changed() {
    let library = library();
    let again = library.path().join("payments-api-again");
    copy(&library.path().join(SCAN), &again);
    // Verdicts name the scan that they are about.
    let verdicts = again.join("payments-api.verdicts.ndjson");
    let text = std::fs::read_to_string(&verdicts).unwrap().replace(SCAN, "payments-api-again");
    std::fs::write(&verdicts, text).unwrap();
    let formats = ["--baseline", "payments-api-again", "--format", "xlsx,pdf,csv"];
    let (run, out) = convert(library.path(), &[&["--scan", SCAN][..], &formats].concat());
    assert_eq!(run.code, 0, "{run:?}");
    let path = |name: &str| -> PathBuf { out.path().join(name) };
    let files = [("xlsx", path("report.xlsx")), ("pdf", path("report.pdf")), ("csv", path("changes.csv"))];
    let files: Vec<(&str, &Path)> = files.iter().map(|(format, path)| (*format, path.as_path())).collect();
    let held = read_back(&files);
    assert_eq!(numbers(&held[0]["counted"], NAMES)[..4], [0; 4]);
    assert!(held[1]["text"].as_str().unwrap().contains("Nothingchanged."));
    assert_eq!(held[2]["rows"], 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_server_finds_the_scan_before_and_keeps_to_it() {
    let site = Site::start(Settings::default()).await;
    let asking = |kind: &str, format: &str, scan: &str, options: Value| json!({"type": kind, "format": format, "scope": {"scan_ids": [scan]}, "options": options});
    let previous = json!({"baseline_scan_id": "previous"});
    let id = site.submit(asking("scan_report", "json", SCAN, previous.clone())).await;
    let export = site.ended(&id).await;
    assert_eq!(export["status"], "completed", "{export:#}\n{}", site.log());
    let manifest: Value = serde_json::from_slice(&site.download(&id, "manifest.json").await).unwrap();
    assert_eq!(manifest["request"]["options"]["baseline_scan_id"], BEFORE);
    let report: Value = serde_json::from_slice(&site.download(&id, "report.json").await).unwrap();
    let told = of_json(&report);

    // Both engines of PDF tell it.
    let folder = tempfile::tempdir().unwrap();
    for (kind, profile) in [("scan_report", "standard"), ("vulnerability_report", "archival")] {
        let options = json!({"baseline_scan_id": "previous", "pdf_profile": profile});
        let id = site.submit(asking(kind, "pdf", SCAN, options)).await;
        let export = site.ended(&id).await;
        assert_eq!(export["status"], "completed", "{export:#}\n{}", site.log());
        let path = folder.path().join(format!("{kind}.pdf"));
        std::fs::write(&path, site.download(&id, "report.pdf").await).unwrap();
        let [pdf] = &read_back(&[("pdf", path.as_path())])[..] else { panic!("one file") };
        assert!(is_told(pdf, told), "{kind}, {profile}, {told:?}: {}", pdf["text"]);
    }

    for (scan, baseline, missing) in [
        (SCAN, "nowhere", json!({"baseline_scan_id": ["nowhere"]})),
        (ALONE, "previous", json!({"baseline": [ALONE]})),
        ("gone", "previous", json!({"scan_ids": ["gone"]})),
    ] {
        let body = asking("scan_report", "json", scan, json!({"baseline_scan_id": baseline}));
        let (status, problem) = site.send("POST", "/api/v1/exports", Some(body)).await.unwrap();
        assert_eq!((status, &problem["code"]), (404, &json!("data_not_found")), "{problem:#}");
        assert_eq!(problem["scope"]["missing"], missing, "{problem:#}");
    }
    for (kind, format) in [("sbom", "cyclonedx"), ("scan_summary", "xlsx"), ("evidence_bundle", "zip")] {
        let body = asking(kind, format, SCAN, previous.clone());
        let (status, problem) = site.send("POST", "/api/v1/exports", Some(body)).await.unwrap();
        assert_eq!((status, &problem["code"]), (422, &json!("unsupported_option")), "{problem:#}");
        assert_eq!(problem["errors"][0]["pointer"], "/options/baseline_scan_id");
    }
}
