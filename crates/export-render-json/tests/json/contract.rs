//! The renderers' suite. Each document is held to the published schema and then to its records.

use std::sync::Arc;

use export_contract::renderers::Subject;
use export_contract::{MemorySnapshot, corpus};
use export_core::catalogue::ExportType;
use export_core::ports::{Snapshot, SnapshotFacts};
use export_core::record::FindingRecord;
use export_core::warning::{Warning, WarningCode};
use export_render_json::JsonRenderer;
use serde_json::{Map, Value, json};

use crate::support::validate;

export_contract::renderers_suite!(open);

fn open() -> (Subject, ()) {
    let listing = &[ExportType::ScanReport, ExportType::AiCodeGuardReport];
    (Subject { renderer: Arc::new(JsonRenderer), listing, check, streams: true }, ())
}

fn check(bytes: &[u8], records: &[FindingRecord<'static>]) -> Result<(), String> {
    let document: Value = serde_json::from_slice(bytes).map_err(|error| error.to_string())?;
    validate(&document)?;
    let findings = document["findings"].as_array().unwrap();
    if findings.len() != records.len() || document["snapshot"]["rows"] != records.len() {
        return Err(format!("{} findings of {} records", findings.len(), records.len()));
    }
    records.iter().zip(findings).try_for_each(|(record, finding)| {
        for (pointer, expected) in texts(record) {
            let found = finding.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
            if found != expected {
                return Err(format!("{pointer} of {} is {found:?}, not {expected:?}", record.finding.id));
            }
        }
        Ok(())
    })
}

/// Where texts of a record must stand; one that is empty may be left out.
fn texts<'r>(record: &'r FindingRecord<'static>) -> Vec<(&'static str, &'r str)> {
    let finding = &record.finding;
    let mut texts = vec![
        ("/id", &*finding.id),
        ("/scan_id", &*finding.scan_id),
        ("/image", &*finding.image),
        ("/target", &*finding.target),
        ("/rule_id", finding.rule()),
        ("/kind", finding.kind().as_str()),
        ("/severity", finding.severity.as_str()),
        ("/status", record.status.as_str()),
        ("/title", &*finding.title),
        ("/description", &*finding.description),
        ("/fix/versions", &*finding.fix.versions),
        ("/locations/0/path", &*finding.locations[0].path),
        ("/primary_url", finding.primary_url.as_deref().unwrap_or_default()),
        ("/references/0", &*finding.references[0]),
    ];
    if let Some(component) = &finding.component {
        texts.push(("/component/name", &component.name));
        texts.push(("/component/version", &component.version));
    }
    if let Some(verdict) = record.verdicts.first() {
        texts.push(("/verdicts/0/reason", &verdict.reason));
        texts.push(("/verdict", verdict.decision.as_str()));
    }
    texts
}

fn render(snapshot: &dyn Snapshot, options: &str) -> String {
    crate::support::render(ExportType::ScanReport, snapshot, options).1
}

fn snapshot() -> MemorySnapshot {
    let warning = Warning::new(WarningCode::SourceLenient, "a date was not one").at("a.json#/b");
    MemorySnapshot::new(corpus::records(40)).with_facts(|facts| facts.warnings = vec![warning])
}

#[test]
fn the_head_tells_the_facts() {
    let snapshot = snapshot();
    let SnapshotFacts { totals, .. } = snapshot.facts();
    let document: Value = serde_json::from_str(&render(&snapshot, "{}")).unwrap();
    validate(&document).unwrap();
    assert_eq!(document["export"]["created_at"], "2026-11-23T14:05:00Z");
    assert_eq!(document["request"], json!({"scope": {"scan_ids": ["scan-0"]}, "options": {}}));
    assert_eq!(document["totals"]["findings"], 40);
    assert_eq!(document["totals"]["open_by_severity"]["critical"], totals.open_by_severity[0]);
    assert_eq!(document["totals"]["by_decision"]["pass"], totals.by_decision[4]);
    assert_eq!(document["scans"].as_array().unwrap().len(), 3);
    assert_eq!(document["warnings"][0]["place"], "a.json#/b");
    let members: Vec<&String> = document.as_object().unwrap().keys().collect();
    assert_eq!(members.len(), 10);
    assert!(!render(&snapshot, "{}").contains("hunter2"), "credentials of the delivery are not told");
}

#[test]
fn every_option_has_its_place_in_the_schema() {
    let options = r#"{"include_sbom":true,"include_evidence":true,"include_remediation":true,"template":"t",
        "custom_fields":{"a":"b"},"on_source_error":"warn","baseline_scan_id":"s","spec_version":"1.6",
        "csv":{"delimiter":"\t","bom":true,"formula_escape":"off"},"sarif_profile":"github",
        "pdf_profile":"archival","pdf_max_rows":5,"redaction":"r","retention_days":30}"#;
    let document: Value = serde_json::from_str(&render(&snapshot(), options)).unwrap();
    validate(&document).unwrap();
    assert_eq!(document["request"]["options"].as_object().unwrap().len(), 14);
}

#[test]
fn numbers_and_absences_are_what_they_are() {
    let document: Value = serde_json::from_str(&render(&snapshot(), "{}")).unwrap();
    let findings = document["findings"].as_array().unwrap();
    let scores = findings.iter().filter_map(|it| it.pointer("/vulnerability/score"));
    assert!(scores.clone().count() > 10 && scores.into_iter().all(Value::is_f64));
    assert!(!document.to_string().contains("null"), "what is unknown is left out");
}

#[test]
fn the_schema_refuses_what_it_does_not_know() {
    let good: Value = serde_json::from_str(&render(&snapshot(), "{}")).unwrap();
    for (pointer, wrong) in [
        ("/findings/0/severity", json!("High")),
        ("/findings/0/kind", json!("secret-ish")),
        ("/findings/0/fix", json!({})),
        ("/export/created_at", json!("yesterday")),
        ("/totals/findings", json!(-1)),
        ("/snapshot/digest", json!("abc")),
        ("/schema", json!("scan-report/v2")),
    ] {
        let mut changed = good.clone();
        *changed.pointer_mut(pointer).unwrap() = wrong;
        assert!(validate(&changed).is_err(), "{pointer}");
    }
    let mut grown = good;
    grown["findings"][0]["surprise"] = json!(1);
    assert!(validate(&grown).is_err());
}

#[test]
fn lines_hold_what_the_document_holds_and_say_when_they_end() {
    let document: Value = serde_json::from_str(&render(&snapshot(), "{}")).unwrap();
    let text = render(&snapshot(), r#"{"json_lines":true}"#);
    let plural = Map::from_iter([
        ("scan".to_owned(), json!("scans")),
        ("policy".to_owned(), json!("policies")),
        ("source".to_owned(), json!("sources")),
        ("warning".to_owned(), json!("warnings")),
        ("finding".to_owned(), json!("findings")),
    ]);
    let mut rebuilt = json!({"scans": [], "policies": [], "sources": [], "warnings": [], "findings": []});
    for line in text.lines() {
        let line: Map<String, Value> = serde_json::from_str(line).unwrap();
        let [(name, value)] = line.into_iter().collect::<Vec<_>>().try_into().unwrap();
        match plural.get(&name).and_then(Value::as_str) {
            Some(list) => rebuilt[list].as_array_mut().unwrap().push(value),
            None => rebuilt[&name] = value,
        }
    }
    assert!(text.ends_with("{\"end\":{\"findings\":40}}\n"));
    rebuilt.as_object_mut().unwrap().remove("end");
    rebuilt["request"]["options"].as_object_mut().unwrap().remove("json_lines");
    assert_eq!(rebuilt, document);
}

#[test]
fn what_to_do_is_told_if_asked_for() {
    let snapshot =
        MemorySnapshot::new(corpus::hostile_records().into_iter().chain(corpus::records(60)).collect());
    for kind in [ExportType::ScanReport, ExportType::AiCodeGuardReport] {
        let plain: Value = serde_json::from_str(&crate::support::render(kind, &snapshot, "{}").1).unwrap();
        assert!(plain["findings"].as_array().unwrap().iter().all(|it| it.get("remediation").is_none()));
        let (_, text) = crate::support::render(kind, &snapshot, r#"{"include_remediation":true}"#);
        let document: Value = serde_json::from_str(&text).unwrap();
        validate(&document).unwrap();
        let mut upgrades = 0;
        for (finding, record) in document["findings"].as_array().unwrap().iter().zip(snapshot.records()) {
            let remediation = &finding["remediation"];
            assert!(!remediation["action"].as_str().unwrap().is_empty(), "{finding}");
            let link = remedy_link(record);
            assert_eq!(remediation["references"][0].as_str(), link, "{finding}");
            if let Some(to) = remediation["upgrade"]["to"].as_str() {
                upgrades += 1;
                assert!(record.finding.fix.versions.contains(to), "{finding}");
                assert!(remediation["fixed_versions"].as_array().unwrap().contains(&to.into()), "{finding}");
            }
        }
        assert!(upgrades > 10);
    }
}

/// The page to read first.
fn remedy_link<'r>(record: &'r FindingRecord<'static>) -> Option<&'r str> {
    let finding = &record.finding;
    let all = finding.primary_url.as_deref().into_iter().chain(finding.references.iter().map(|link| &**link));
    all.into_iter().find(|link| !link.trim().is_empty())
}
