//! What tools wrote, through the programs' doors: told by `inspect`, converted together, and left out where that is asked for.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::{Path, PathBuf};

use export_tests::{Settings, Site, exportctl};
use serde_json::{Value, json};

/// A Trivy report of one npm package, as one vulnerability each says.
fn trivy(ids: &[&str]) -> String {
    let found: Vec<Value> = ids
        .iter()
        .map(|id| {
            json!({"VulnerabilityID": id, "PkgName": "lodash", "InstalledVersion": "4.17.20", "FixedVersion": "4.17.21",
                   "PkgIdentifier": {"PURL": "pkg:npm/lodash@4.17.20"}, "Severity": "MEDIUM"})
        })
        .collect();
    json!({"SchemaVersion": 2, "ArtifactName": "shop", "ArtifactType": "filesystem", "CreatedAt": "2026-11-20T10:00:00Z",
           "Results": [{"Target": "package-lock.json", "Class": "lang-pkgs", "Type": "npm", "Vulnerabilities": found}]})
    .to_string()
}

/// A Grype report of the same package, which calls the vulnerability by its GHSA.
fn grype() -> String {
    json!({"matches": [{
        "vulnerability": {"id": "GHSA-35jh-r3h4-6jhm", "severity": "High", "fix": {"versions": ["4.17.21"], "state": "fixed"}},
        "relatedVulnerabilities": [{"id": "CVE-2021-23337", "namespace": "nvd:cpe"}],
        "matchDetails": [],
        "artifact": {"name": "lodash", "version": "4.17.20", "type": "npm", "purl": "pkg:npm/lodash@4.17.20",
                     "locations": [{"path": "/package-lock.json"}]}
    }], "source": {"type": "directory", "target": "shop"}, "descriptor": {"name": "grype", "version": "0.84.0"}})
    .to_string()
}

fn write(folder: &Path, name: &str, text: &str) -> PathBuf {
    let path = folder.join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(&path, text).unwrap();
    path
}

fn convert(inputs: &[&Path], out: &Path, more: &[&str]) -> export_tests::Run {
    let mut arguments = vec!["--json".to_owned(), "convert".into()];
    arguments.extend(inputs.iter().map(|path| path.display().to_string()));
    arguments.extend(["--format", "json", "--out"].map(str::to_owned));
    arguments.push(out.display().to_string());
    arguments.extend(more.iter().map(ToString::to_string));
    exportctl(arguments)
}

fn report(out: &Path) -> Value {
    serde_json::from_slice(&fs::read(out.join("report.json")).unwrap()).unwrap()
}

#[test]
fn inspect_says_what_a_file_is_and_where_it_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let good = write(folder.path(), "scan.txt", &trivy(&["CVE-2021-23337"]));
    let told = exportctl(["inspect", good.to_str().unwrap()]);
    assert_eq!(told.code, 0, "{told:?}");
    for part in ["a Trivy report", "shop", "1 vulnerability; 1 medium", "2026-11-20T10:00:00Z"] {
        assert!(told.stdout.contains(part), "{part}: {}", told.stdout);
    }
    let cut = write(folder.path(), "cut.json", &trivy(&["CVE-2021-23337"])[..220]);
    let other = write(folder.path(), "page.html", "<html></html>");
    let told = exportctl([
        "--json",
        "inspect",
        good.to_str().unwrap(),
        cut.to_str().unwrap(),
        other.to_str().unwrap(),
    ]);
    assert_eq!(told.code, 1, "{told:?}");
    assert!(told.stderr.contains("2 of 3 files cannot be read"), "{}", told.stderr);
    let all: Value = serde_json::Deserializer::from_str(&told.stdout).into_iter().next().unwrap().unwrap();
    assert_eq!(all[0]["told"]["findings"], 1);
    assert!(all[1]["refused"]["place"].as_str().unwrap().contains("cut.json"), "{all:#}");
    assert_eq!(all[2]["is"], "XML or HTML");
    assert_eq!(exportctl(["inspect", "no-such-file"]).code, 2);
    let verdict = r#"{"scan_id":"any","policy_set":"s","policy":"p","rule":"r","decision":"fail"}"#;
    let verdicts = write(folder.path(), "v.ndjson", verdict);
    let told = exportctl(["inspect", verdicts.to_str().unwrap()]);
    assert!(told.stdout.contains("1 fail") && !told.stdout.contains("odd"), "{}", told.stdout);
}

#[test]
fn two_scanners_that_tell_the_same_are_one_finding_with_the_worst_severity() {
    let folder = tempfile::tempdir().unwrap();
    let trivy = write(folder.path(), "trivy.json", &trivy(&["CVE-2021-23337", "CVE-2020-28500"]));
    let grype = write(folder.path(), "grype.json", &grype());
    let out = folder.path().join("out");
    let run = convert(&[&trivy, &grype], &out, &[]);
    assert_eq!(run.code, 0, "{run:?}");
    assert_eq!(run.json()["totals"]["findings"], 2, "{run:?}");
    let report = report(&out);
    let merged = report["findings"].as_array().unwrap().iter().find(|it| it["severity"] == "high").unwrap();
    let text = merged.to_string();
    assert!(text.contains("CVE-2021-23337") && text.contains("GHSA-35jh-r3h4-6jhm"), "{merged:#}");
    assert!(run.json()["warnings"].to_string().contains("were made one of each"), "{run:?}");
}

#[test]
fn a_file_that_cannot_be_read_ends_it_all_or_is_left_out_as_asked() {
    let folder = tempfile::tempdir().unwrap();
    let good = write(folder.path(), "a.json", &trivy(&["CVE-2021-23337"]));
    let cut = write(folder.path(), "b.json", &trivy(&["CVE-2021-23337", "CVE-2020-28500"])[..400]);
    let out = folder.path().join("out");
    let run = convert(&[&good, &cut], &out, &[]);
    assert_eq!((run.code, run.json()["error"]["code"].as_str()), (1, Some("source_invalid")), "{run:?}");
    assert!(!out.join("report.json").exists());
    let run = convert(&[&good, &cut], &out, &["--on-source-error", "warn"]);
    assert_eq!((run.code, run.json()["totals"]["findings"].as_u64()), (0, Some(1)), "{run:?}");
    let warnings = run.json()["warnings"].clone();
    let refused = warnings.as_array().unwrap().iter().find(|it| it["code"] == "source_refused").unwrap();
    assert!(refused["place"].as_str().unwrap().contains("b.json"), "{warnings:#}");
    let run = convert(&[&cut], &out, &["--on-source-error", "warn"]);
    assert_eq!((run.code, run.json()["error"]["code"].as_str()), (1, Some("source_invalid")), "{run:?}");
}

#[test]
fn several_folders_are_a_scan_each() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "monday/trivy.json", &trivy(&["CVE-2021-23337"]));
    write(folder.path(), "tuesday/trivy.json", &trivy(&["CVE-2021-23337", "CVE-2020-28500"]));
    let out = folder.path().join("out");
    let [monday, tuesday] = ["monday", "tuesday"].map(|name| folder.path().join(name));
    let run = convert(&[&monday, &tuesday], &out, &[]);
    assert_eq!((run.code, run.json()["totals"]["findings"].as_u64()), (0, Some(3)), "{run:?}");
    let run = convert(&[&monday, &tuesday], &out, &["--scan", "tuesday"]);
    assert_eq!((run.code, run.json()["totals"]["findings"].as_u64()), (0, Some(2)), "{run:?}");
    let file = monday.join("trivy.json");
    assert_eq!(convert(&[&file, &tuesday], &out, &[]).code, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_leaves_out_what_cannot_be_read_and_knows_policy_sets() {
    let library = tempfile::tempdir().unwrap();
    write(library.path(), "good/trivy.json", &trivy(&["CVE-2021-23337"]));
    let verdict = json!({"policy_set": "release", "policy": "p", "rule": "r", "decision": "pass"});
    write(library.path(), "good/v.ndjson", &format!("{verdict}\n"));
    write(library.path(), "broken/trivy.json", &trivy(&["CVE-2021-23337"])[..220]);
    write(library.path(), "other/trivy.json", &trivy(&["CVE-2020-28500"]));
    let url = format!("file://{}", library.path().display());
    let site = Site::start(Settings::default().with("EXPORT_SOURCES__LIBRARY__URL", url)).await;
    let body = |scope: Value, options: Value| json!({"type": "scan_report", "format": "json", "scope": scope, "options": options});

    let ids = json!({"scan_ids": ["good", "broken"]});
    let (_, refused) =
        site.send("POST", "/api/v1/exports", Some(body(ids.clone(), json!({})))).await.unwrap();
    assert_eq!(
        (refused["status"].as_u64(), refused["code"].as_str()),
        (Some(422), Some("source_invalid")),
        "{refused:#}"
    );
    let id = site.submit(body(ids, json!({"on_source_error": "warn"}))).await;
    let export = site.ended(&id).await;
    assert_eq!(export["status"], "completed", "{export:#}");
    assert!(export["warnings"].to_string().contains("source_refused"), "{export:#}");

    let missing = body(json!({"scan_ids": ["good"], "policy_sets": ["release", "none"]}), json!({}));
    let (_, refused) = site.send("POST", "/api/v1/exports", Some(missing)).await.unwrap();
    assert_eq!(refused["scope"]["missing"], json!({"policy_sets": ["none"]}), "{refused:#}");
    let id = site.submit(body(json!({"policy_sets": ["release"]}), json!({"on_source_error": "warn"}))).await;
    let export = site.ended(&id).await;
    assert_eq!(
        (export["status"].as_str(), export["artifacts"][0]["rows"].as_u64()),
        (Some("completed"), Some(1)),
        "{export:#}"
    );
}
