//! What real tools wrote, read by the library and written in each version. Skipped, visibly, where it is absent.

use std::collections::HashSet;
use std::fs;

use export_core::ports::Snapshot as _;
use serde_json::Value;

use crate::common::{VERSIONS, render, shared};
use crate::library::snapshot_of;

#[test]
fn documents_of_real_tools_are_written_in_every_version() {
    for path in [
        "own/syft/generated/node.cdx16.json",
        "own/syft/generated/py.cdx14.json",
        "own/trivy/generated/fs-repo.cdx.json",
        "own/cyclonedx/cyclonedx-py-1.6.json",
        "reference/pairs/grype-presenters/image.grype.cdx",
        "reference/pairs/trivy-convert-0.59.1/npm/report.cdx.json",
        "reference/cyclonedx/bom-examples/SaaSBOM/apigateway-microservices-datastores/bom.json",
    ] {
        let Some(file) = shared(path) else { continue };
        let content = fs::read(file).unwrap();
        let source: Value = serde_json::from_slice(&content).unwrap();
        for version in VERSIONS {
            let done = render(&snapshot_of(&[("sbom", &content)]), version);
            let count = |document: &Value, list: &str| document[list].as_array().map_or(0, Vec::len);
            for list in ["components", "services", "dependencies", "vulnerabilities"] {
                assert_eq!(count(&done.document, list), count(&source, list), "{path} in {version}: {list}");
            }
            let is_later = source["specVersion"].as_str().unwrap() <= version;
            assert!(!is_later || done.report.is_null(), "{path} in {version}: {}", done.report);
        }
    }
}

/// What a finding affects is a component that the report lists: none is invented, and none dangles.
#[test]
fn findings_are_tied_to_the_packages_of_their_report() {
    let Some(file) = shared("reference/pairs/trivy-convert-0.59.1/npm/input.trivy.json") else { return };
    let Some(sbom) = shared("reference/pairs/trivy-convert-0.59.1/npm/report.cdx.json") else { return };
    let (report, sbom) = (fs::read(file).unwrap(), fs::read(sbom).unwrap());
    for files in [vec![("report", &*report)], vec![("report", &*report), ("sbom", &*sbom)]] {
        let snapshot = snapshot_of(&files);
        let done = render(&snapshot, "1.6");
        assert_eq!(snapshot.facts().sboms.len(), 1);
        assert_eq!(done.rendered.rows, Some(snapshot.facts().totals.findings));
        let names: HashSet<&str> = done.document["components"]
            .as_array()
            .unwrap()
            .iter()
            .filter_map(|it| it["bom-ref"].as_str())
            .collect();
        assert!(!names.iter().any(|name| name.contains("found")), "{names:?}");
        let vulnerabilities = done.document["vulnerabilities"].as_array().unwrap();
        let affected = vulnerabilities.iter().flat_map(|it| it["affects"].as_array().unwrap());
        for affect in affected {
            assert!(names.contains(affect["ref"].as_str().unwrap()), "{affect}");
        }
    }
}
