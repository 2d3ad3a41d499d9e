//! What a file cannot hold is told, each kind of field with its number.

use std::collections::BTreeMap;

use export_contract::corpus;
use export_core::warning::WarningCode;
use serde_json::{Value, json};

use crate::schemas::assert_valid;
use crate::support::{VERSIONS, cyclonedx, list, read, render, snapshot, with_records};

fn document() -> Value {
    json!({
        "specVersion": "1.6",
        "serialNumber": "urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79",
        "metadata": {
            "timestamp": "2026-01-02T03:04:05Z",
            "tools": {"components": [{"type": "application", "name": "syft", "version": "1.18.1"}]},
            "authors": [{"name": "Ann", "email": "ann@example.org"}],
            "manufacturer": {"name": "ACME"},
            "lifecycles": [{"phase": "build"}],
            "component": {"type": "application", "name": "app", "bom-ref": "app"},
        },
        "components": [{
            "type": "cryptographic-asset", "bom-ref": "a", "name": "key", "scope": "optional",
            "pedigree": {"notes": "patched"}, "properties": [{"name": "x", "value": "y"}],
            "hashes": [{"alg": "Streebog-256", "content": "0".repeat(64)}],
            "licenses": [{"license": {"id": "MIT", "text": {"content": "..."}, "licensing": {"altIds": ["x"]}}}],
            "externalReferences": [{"type": "vcs", "url": "https://example.org/x", "hashes": []}],
            "components": [{"type": "library", "name": "inner"}],
        }],
        "services": [{"name": "s", "bom-ref": "s"}, {"name": "t"}],
        "dependencies": [{"ref": "a", "dependsOn": ["nowhere", "app"]}, {"ref": "s", "dependsOn": []}],
        "compositions": [{"aggregate": "complete"}],
        "vulnerabilities": [{"id": "CVE-2026-1", "recommendation": "upgrade", "affects": [{"ref": "a"}],
            "ratings": [{"method": "CVSSv31", "score": 9.8, "severity": "critical", "vector": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"}],
            "analysis": {"state": "not_affected", "justification": "code_not_reachable", "detail": "never called"}}],
        "annotations": [{"subjects": ["a"], "annotator": {"individual": {"name": "Ann"}}, "timestamp": "2026-01-02T03:04:05.678Z", "text": "looked at"}],
        "properties": [{"name": "p", "value": "q"}],
    })
}

/// The kinds of fields in a report, with their numbers.
fn told(report: &Value, fate: &str) -> BTreeMap<String, u64> {
    list(report, fate)
        .iter()
        .map(|it| (it["field"].as_str().unwrap().to_owned(), it["count"].as_u64().unwrap()))
        .collect()
}

fn assert_has(told: &BTreeMap<String, u64>, fields: &[(&str, u64)]) {
    for (field, count) in fields {
        assert_eq!(told.get(*field), Some(count), "{field} in {told:#?}");
    }
}

#[test]
fn every_kind_of_field_is_named() {
    let before = cyclonedx(document());
    for version in VERSIONS {
        let output = render(&snapshot(&before), version);
        assert_valid("losses", version, &output.json);
        let report = output.report.unwrap();
        assert_eq!(report["to"], json!({"format": "spdx", "spec_version": version}));
        let (dropped, changed) = (told(&report, "dropped"), told(&report, "changed"));
        assert_has(
            &dropped,
            &[
                ("components[].hashes[]", 1),
                ("components[].externalReferences[].hashes", 1),
                ("components[].licenses[].license.text", 1),
                ("components[].licenses[].license.licensing", 1),
                ("services[]", 2),
                ("compositions[]", 1),
                ("dependencies[]", 1),
                ("dependencies[].dependsOn[]", 1),
            ],
        );
        assert_has(
            &changed,
            &[
                ("components[].type", 1),
                ("components[].scope", 1),
                ("components[].pedigree", 1),
                ("properties[]", 1),
                ("metadata.lifecycles", 1),
                ("serialNumber", 1),
            ],
        );
        let only =
            if version == "2.3" { ("vulnerabilities[]", 1) } else { ("vulnerabilities[].recommendation", 1) };
        assert_has(&dropped, &[only]);
        assert!(output.rendered.warnings.iter().any(|it| it.code == WarningCode::FieldsLost));
    }
}

#[test]
fn what_is_only_changed_comes_back() {
    let before = cyclonedx(document());
    for version in VERSIONS {
        let after = read(&render(&snapshot(&before), version).bytes).document;
        let key = list(&after, "components").iter().find(|it| it["name"] == "key").unwrap();
        assert_eq!(key["type"], "cryptographic-asset", "{version}");
        assert_eq!(key["scope"], "optional", "{version}");
        let properties = list(key, "properties");
        assert!(properties.contains(&json!({"name": "x", "value": "y"})), "{version}: {properties:?}");
        assert!(
            properties.contains(&json!({"name": "cyclonedx:pedigree", "value": "{\"notes\":\"patched\"}"}))
        );
        let metadata = &after["metadata"];
        assert_eq!(metadata["component"]["name"], "app");
        assert_eq!(metadata["authors"], json!([{"name": "Ann", "email": "ann@example.org"}]));
        assert_eq!(metadata["manufacturer"]["name"], "ACME");
        let tools = list(&metadata["tools"], "components");
        assert!(tools.iter().any(|it| it["name"] == "syft" && it["version"] == "1.18.1"), "{tools:?}");
    }
    let after = read(&render(&snapshot(&before), "3.0.1").bytes).document;
    let vulnerability = &list(&after, "vulnerabilities")[0];
    assert_eq!(vulnerability["id"], "CVE-2026-1");
    assert_eq!(vulnerability["ratings"][0]["score"], 9.8);
    assert_eq!(vulnerability["analysis"]["state"], "not_affected");
    assert_eq!(vulnerability["analysis"]["justification"], "code_not_reachable");
    assert_eq!(list(&after, "annotations")[0]["text"], "looked at");
}

#[test]
fn findings_are_told_where_there_is_no_place_for_them() {
    let before = cyclonedx(document());
    let records = corpus::records(100);
    let vulnerabilities = records.iter().filter(|it| it.finding.vulnerability().is_some()).count() as u64;
    let second = render(&with_records(&before, records.clone()), "2.3");
    let dropped = told(&second.report.unwrap(), "dropped");
    assert_has(&dropped, &[("findings[] (vulnerability)", vulnerabilities)]);
    assert_eq!(
        dropped
            .iter()
            .filter(|(field, _)| field.starts_with("findings[] ("))
            .map(|(_, count)| count)
            .sum::<u64>(),
        100
    );
    assert!(second.rendered.warnings.iter().any(|it| it.message.contains("choose SPDX 3.0.1 or CycloneDX")));
    let third = render(&with_records(&before, records), "3.0.1");
    let dropped = told(&third.report.unwrap(), "dropped");
    assert!(!dropped.contains_key("findings[] (vulnerability)"));
    assert_eq!(third.rendered.rows, Some(vulnerabilities));
}

#[test]
fn nothing_lost_is_nothing_told() {
    let before = cyclonedx(json!({
        "specVersion": "1.6",
        "metadata": {"component": {"type": "application", "name": "app", "version": "1", "bom-ref": "app"}},
        "components": [{"type": "library", "name": "a", "version": "1", "purl": "pkg:npm/a@1", "bom-ref": "a",
            "hashes": [{"alg": "SHA-1", "content": "0".repeat(40)}], "licenses": [{"license": {"id": "MIT"}}],
            "supplier": {"name": "ACME"}, "publisher": "ACME", "copyright": "(c)", "description": "d"}],
        "dependencies": [{"ref": "app", "dependsOn": ["a"]}],
    }));
    for version in VERSIONS {
        let output = render(&snapshot(&before), version);
        assert_eq!((output.report, output.rendered.warnings), (None, vec![]), "{version}");
    }
}
