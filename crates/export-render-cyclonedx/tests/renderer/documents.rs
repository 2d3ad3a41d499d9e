//! Documents of a snapshot: one, several, none.

use std::collections::HashSet;

use export_contract::MemorySnapshot;
use export_contract::corpus;
use export_core::sbom::SbomFamily;
use export_core::warning::WarningCode;
use serde_json::{Value, json};

use crate::common::{VERSIONS, render, snapshot};

/// A component of an application, with a name that is not of this world alone.
pub(crate) fn application(name: &str, version: &str) -> Value {
    json!({"type": "application", "bom-ref": "root", "name": name, "version": version})
}

/// A component of a library with its package URL as its name.
pub(crate) fn library(name: &str, version: &str) -> Value {
    let purl = format!("pkg:npm/{name}@{version}");
    json!({"type": "library", "bom-ref": purl, "name": name, "version": version, "purl": purl})
}

fn document(name: &str) -> Value {
    json!({
        "serialNumber": "urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79",
        "version": 3,
        "metadata": {
            "timestamp": "2026-01-02T03:04:05Z",
            "component": application(name, "1"),
            "tools": {"components": [{"type": "application", "name": "syft", "version": "1.18.1"}]},
            "supplier": {"name": name},
        },
        "components": [library("a", "1"), {"type": "file", "name": "nameless"}],
        "dependencies": [{"ref": "root", "dependsOn": ["pkg:npm/a@1", "urn:cdx:other/1#x"]}],
        "compositions": [{"aggregate": "complete", "assemblies": ["root"]}],
        "vulnerabilities": [{"id": "CVE-2020-1", "affects": [{"ref": "pkg:npm/a@1"}]}],
        "annotations": [{"subjects": ["root"], "annotator": {"organization": {"name": "o"}},
                         "timestamp": "2026-01-02T03:04:05Z", "text": "t"}],
        "citations": [{"pointers": ["/components/0"], "timestamp": "2026-01-02T03:04:05Z", "attributedTo": "root"}],
    })
}

/// Every name in a document, and everything that is referred to.
fn names(document: &Value) -> (Vec<&str>, Vec<&str>) {
    (collect(document, &["bom-ref"]), collect(document, &["ref", "dependsOn", "assemblies", "subjects"]))
}

fn collect<'d>(value: &'d Value, members: &[&str]) -> Vec<&'d str> {
    match value {
        Value::Object(object) => object
            .iter()
            .flat_map(|(name, value)| match value {
                Value::String(text) if members.contains(&name.as_str()) => vec![text.as_str()],
                Value::Array(texts) if members.contains(&name.as_str()) => {
                    texts.iter().filter_map(Value::as_str).collect()
                }
                _ => collect(value, members),
            })
            .collect(),
        Value::Array(items) => items.iter().flat_map(|item| collect(item, members)).collect(),
        _ => vec![],
    }
}

#[test]
fn one_document_keeps_its_root_and_names_what_it_was_made_from() {
    let done = render(&snapshot(&[document("app")]), "1.7");
    let metadata = &done.document["metadata"];
    assert_eq!(metadata["component"], application("app", "1"));
    assert_eq!(metadata["timestamp"], "2026-11-23T14:05:00Z");
    let kept = json!([{"name": "export-center:source_timestamp", "value": "2026-01-02T03:04:05Z"}]);
    assert_eq!(metadata["properties"], kept);
    let tools: Vec<_> =
        metadata["tools"]["components"].as_array().unwrap().iter().map(|it| &it["name"]).collect();
    assert_eq!(tools, ["syft", "export-center"]);
    let link = &done.document["externalReferences"][0];
    assert_eq!(
        (&link["type"], &link["url"]),
        (&json!("bom"), &json!("urn:cdx:3e671687-395b-41f5-a30f-a58921a69b79/3"))
    );
    assert_eq!(done.document["citations"].as_array().unwrap().len(), 1);
    assert_eq!((done.report, done.rendered.rows), (Value::Null, Some(0)));
    assert_eq!(done.rendered.warnings, []);
}

#[test]
fn several_documents_become_one_without_a_name_twice() {
    for version in VERSIONS {
        let done = render(&snapshot(&[document("one"), document("two")]), version);
        let (defined, referred) = names(&done.document);
        let unique: HashSet<&str> = defined.iter().copied().collect();
        assert_eq!(unique.len(), defined.len(), "{version}: {defined:?}");
        for reference in referred {
            assert!(
                unique.contains(reference) || reference.starts_with("urn:cdx:"),
                "{version}: {reference}"
            );
        }
        let root = &done.document["metadata"]["component"];
        assert_eq!((&root["name"], &root["bom-ref"]), (&json!("acme"), &json!("export-center:root")));
        let dependencies = done.document["dependencies"].as_array().unwrap();
        let of_root = dependencies.iter().find(|it| it["ref"] == "export-center:root").unwrap();
        assert_eq!(&of_root["dependsOn"].as_array().unwrap()[..2], [json!("1:root"), json!("2:root")]);
        let parts: Vec<&Value> = done.document["components"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|it| it["version"] == "1")
            .collect();
        assert_eq!(parts.len(), 4, "{version}: a library and a root of each");
        assert!(done.lost("dropped").contains(&("metadata/supplier/name", 1)), "{version}: {}", done.report);
        assert!(done.lost("dropped").contains(&("citations[]", 2)), "{version}: {}", done.report);
    }
}

#[test]
fn what_a_version_lacks_is_told_with_its_number_and_first_place() {
    let done = render(&snapshot(&[document("app")]), "1.4");
    let dropped = done.lost("dropped");
    assert_eq!(dropped, [("annotations[]", 1), ("citations[]", 1)]);
    assert_eq!(done.lost("changed"), [("metadata.tools", 1)]);
    assert_eq!(done.report["dropped"][0]["example"], "scan-0/sbom-0.json#/annotations/0");
    let warning = done.rendered.warnings.iter().find(|it| it.code == WarningCode::FieldsLost).unwrap();
    assert!(warning.message.contains("CycloneDX 1.4 has no place for 2 fields"), "{warning}");
}

#[test]
fn without_a_document_the_artifacts_are_those_of_the_scans() {
    let done = render(&MemorySnapshot::new(corpus::records(30)), "1.6");
    let parts: Vec<&Value> = done.document["components"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|it| it["type"] == "container")
        .collect();
    assert_eq!(parts.len(), 3);
    assert_eq!(parts[0]["bom-ref"], "export-center:scan:scan-0");
    assert_eq!(done.rendered.warnings[0].code, WarningCode::SbomIncomplete);
    let one = MemorySnapshot::new(corpus::records(30)).with_facts(|facts| facts.scans.truncate(1));
    assert_eq!(render(&one, "1.6").document["metadata"]["component"]["name"], corpus::scan(0).image);
}

#[test]
fn the_same_data_has_the_same_serial_number_and_other_data_another() {
    let number =
        |documents: &[Value], version| render(&snapshot(documents), version).document["serialNumber"].clone();
    let first = number(&[document("a")], "1.6");
    assert_eq!(first, number(&[document("a")], "1.6"));
    let others = [number(&[document("b")], "1.6"), number(&[document("a")], "1.5"), number(&[], "1.6")];
    assert!(!others.contains(&first));
    // Version 8, variant 10.
    let text = first.as_str().unwrap();
    assert!(text.as_bytes()[23] == b'8' && b"89ab".contains(&text.as_bytes()[28]), "{text}");
}

#[test]
fn tools_of_old_documents_are_merged_with_new_ones() {
    let old = json!({"metadata": {"tools": [{"vendor": "v", "name": "old"}]}});
    let done = render(&snapshot(&[old.clone(), document("new")]), "1.6");
    let tools = done.document["metadata"]["tools"]["components"].as_array().unwrap();
    let names: Vec<_> = tools.iter().map(|tool| &tool["name"]).collect();
    assert_eq!(
        (names, &tools[0]["publisher"]),
        (vec![&json!("old"), &json!("syft"), &json!("export-center")], &json!("v"))
    );
    let alone = render(&snapshot(&[old]), "1.7");
    assert_eq!(
        alone.document["metadata"]["tools"][0],
        json!({"vendor": "v", "name": "old"}),
        "its shape is kept"
    );
}

#[test]
fn elements_of_a_scan_report_are_components_like_others() {
    let listed =
        json!({"metadata": {"component": application("img", "1")}, "components": [library("a", "1")]});
    let snapshot = MemorySnapshot::new(vec![]).with_sbom(SbomFamily::Scan, "trivy 0.69.1", &listed);
    assert_eq!(render(&snapshot, "1.5").document["components"], json!([library("a", "1")]));
}
