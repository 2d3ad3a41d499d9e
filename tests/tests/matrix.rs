//! All pairs of type and format through the real server, each read by a reader that is not ours.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeMap;
use std::path::Path;

use export_core::catalogue::ExportType;
use export_core::digest::Digest;
use export_tests::{Settings, Site, exportctl, fixtures, read_back};
use serde_json::{Value, json};
use tempfile::TempDir;

const SCANS: [&str; 2] = ["payments-api-2026-11-20", "checkout-service-2026-11-22"];

/// The artifacts of one export, in a folder.
struct Made {
    export: Value,
    folder: TempDir,
}

impl Made {
    fn read(&self, format: &str, name: &str) -> Value {
        read_back(&[(format, &self.folder.path().join(name))]).remove(0)
    }

    fn json(&self, name: &str) -> Value {
        serde_json::from_slice(&std::fs::read(self.folder.path().join(name)).unwrap()).unwrap()
    }

    fn rows(&self) -> u64 {
        self.export["artifacts"][0]["rows"].as_u64().unwrap()
    }
}

async fn make(site: &Site, kind: &str, format: &str, options: Value) -> Made {
    let scope = match kind {
        "audit_log" => {
            json!({"date_range": {"start": "2020-01-01T00:00:00Z", "end": "2100-01-01T00:00:00Z"}})
        }
        _ => json!({"scan_ids": SCANS}),
    };
    let body = json!({"type": kind, "format": format, "scope": scope, "options": options});
    let id = site.submit(body.clone()).await;
    let export = site.ended(&id).await;
    assert_eq!(export["status"], "completed", "{body}: {export:#}\n{}", site.log());
    let folder = tempfile::tempdir().unwrap();
    for artifact in export["artifacts"].as_array().unwrap() {
        let name = artifact["name"].as_str().unwrap();
        let bytes = site.download(&id, name).await;
        assert_eq!(artifact["sha256"], Digest::of(&bytes).to_string(), "{body}: {name}");
        assert_eq!(artifact["size"], bytes.len(), "{body}: {name}");
        std::fs::write(folder.path().join(name), bytes).unwrap();
    }
    Made { export, folder }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_pair_is_made_and_all_say_the_same() {
    let site = Site::start(Settings::default()).await;
    let mut made = BTreeMap::new();
    for kind in ExportType::ALL {
        for format in kind.formats() {
            let (kind, format) = (kind.as_str(), format.as_str());
            made.insert((kind, format), make(&site, kind, format, json!({})).await);
        }
    }
    assert_eq!(made.len(), 19);
    let of = |kind, format| &made[&(kind, format)];

    // Findings: one list, whatever holds it.
    let all = of("scan_report", "json").read("json", "report.json")["ids"].clone();
    assert_eq!(of("scan_report", "sarif").read("sarif", "report.sarif")["ids"], all);
    assert_eq!(of("vulnerability_report", "csv").read("csv", "findings.csv")["ids"], all);
    assert_eq!(of("vulnerability_report", "xlsx").read("xlsx", "report.xlsx")["ids"], all);
    assert_eq!(of("evidence_bundle", "zip").read("zip", "evidence.zip")["ids"], all);
    assert_eq!(of("evidence_bundle", "tar.gz").read("tar.gz", "evidence.tar.gz")["ids"], all);
    let report = of("scan_report", "json").json("report.json");
    let text = of("scan_report", "pdf").read("pdf", "report.pdf");
    for finding in report["findings"].as_array().unwrap() {
        let id = finding["vulnerability"]["id"].as_str().or_else(|| finding["rule_id"].as_str());
        has(&text, id.unwrap_or_else(|| panic!("a finding has a rule: {finding:#}")));
    }

    // Vulnerabilities: one row each.
    let table = of("vulnerability_report", "csv").read("csv", "report.csv");
    let book = of("vulnerability_report", "xlsx").read("xlsx", "report.xlsx");
    assert_eq!(book["rows_of"]["Vulnerabilities"], table["rows"]);
    assert_eq!(of("vulnerability_report", "pdf").rows(), table["rows"]);
    let text = of("vulnerability_report", "pdf").read("pdf", "report.pdf");
    table["table"].as_array().unwrap().iter().for_each(|row| has(&text, word(row, "vulnerability")));

    // Scans.
    let table = of("scan_summary", "csv").read("csv", "report.csv");
    assert_eq!(of("scan_summary", "xlsx").read("xlsx", "report.xlsx")["rows_of"]["Scans"], table["rows"]);
    assert_eq!((&table["rows"], of("scan_summary", "pdf").rows()), (&json!(SCANS.len()), SCANS.len() as u64));
    let text = of("scan_summary", "pdf").read("pdf", "report.pdf");
    table["table"].as_array().unwrap().iter().for_each(|row| has(&text, word(row, "image")));

    // Verdicts.
    let verdicts = of("policy_compliance", "json").json("report.json");
    let text = of("policy_compliance", "pdf").read("pdf", "report.pdf");
    let broken = verdicts["verdicts"].as_array().unwrap().iter().filter(|it| it["decision"] == "fail");
    broken.for_each(|verdict| {
        has(&text, verdict["rule"].as_str().or_else(|| verdict["rule_id"].as_str()).unwrap());
    });

    // SBOMs, guards, the trail.
    let components = |format, name| {
        let all = of("sbom", format).read(format, name)["components"].as_array().unwrap().clone();
        // What SPDX calls the whole that several scans are of.
        all.into_iter().filter(|component| component != "demo@").collect::<Vec<_>>()
    };
    assert_eq!(components("cyclonedx", "sbom.cdx.json"), components("spdx", "sbom.spdx.json"));
    let guarded = of("ai_code_guard_report", "json").read("json", "report.json");
    assert_eq!(of("ai_code_guard_report", "sarif").read("sarif", "report.sarif")["ids"], guarded["ids"]);
    assert!(guarded["rows"].as_u64().unwrap() > 5);
    let trail = of("audit_log", "json").read("json", "audit-log.json");
    let requested =
        trail["actions"].as_array().unwrap().iter().filter(|it| *it == "export.requested").count();
    assert!(
        requested >= 1 && of("audit_log", "csv").read("csv", "audit-log.csv")["rows"].as_u64().unwrap() >= 1
    );

    // The numbers on top are the same everywhere.
    let open = report["totals"]["open"].as_u64().unwrap();
    for kind in ["scan_report", "vulnerability_report", "scan_summary"] {
        let text = of(kind, "pdf").read("pdf", "report.pdf");
        has(&text, &open.to_string());
    }
}

fn word<'v>(row: &'v Value, name: &str) -> &'v str {
    row[name].as_str().unwrap_or_else(|| panic!("{name} in {row:#}"))
}

fn has(pdf: &Value, text: &str) {
    let squeezed: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    assert!(pdf["text"].as_str().unwrap().contains(&squeezed), "{text} is not in the PDF");
}

#[test]
fn every_pair_of_a_library_is_the_same_bytes_again() {
    let out = tempfile::tempdir().unwrap();
    for kind in ExportType::ALL.iter().filter(|kind| **kind != ExportType::AuditLog) {
        let formats: Vec<&str> = kind.formats().iter().map(|format| format.as_str()).collect();
        let scan = SCANS[usize::from(*kind == ExportType::AiCodeGuardReport)];
        let scan = fixtures().join("library").join(scan).display().to_string();
        let [first, second] = ["first", "second"].map(|run| {
            let folder = out.path().join(run);
            let to = folder.display().to_string();
            let formats = formats.join(",");
            let arguments = ["--json", "convert", &scan, "--type", kind.as_str(), "--format", &formats];
            let run = exportctl(arguments.into_iter().chain(["--at", "2026-11-23T14:05:00Z", "--out", &to]));
            assert_eq!(run.code, 0, "{kind}: {run:?}");
            digests(&run.json(), &folder)
        });
        assert!(first.len() >= formats.len(), "{first:?}");
        assert_eq!(first, second, "{kind}");
    }
}

fn digests(converted: &Value, folder: &Path) -> Vec<(String, Digest)> {
    let of = |artifact: &Value| {
        let name = artifact["name"].as_str().unwrap().to_owned();
        let digest = Digest::of(&std::fs::read(folder.join(&name)).unwrap());
        (name, digest)
    };
    converted["artifacts"].as_array().unwrap().iter().map(of).collect()
}
