//! Findings in SPDX 3.0.1, by the cases of the renderers' suite that are about lists of them, and by what they say.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use export_contract::renderers::Subject;
use export_contract::{MemorySnapshot, corpus};
use export_core::catalogue::{ExportType, Format};
use export_core::finding::{Component, VexStatus};
use export_core::ports::{Brief, Outlet, RenderError, Rendered, Renderer, Snapshot};
use export_core::record::FindingRecord;
use export_core::sbom::SbomFamily;
use export_core::warning::WarningCode;
use export_render_spdx::SpdxRenderer;
use serde_json::{Value, json};

use crate::schemas::assert_valid;
use crate::support::{cyclonedx, list, read, render, with_records, with_scan};

/// The renderer as it is asked for 3.0.1.
struct Third;

impl Renderer for Third {
    fn format(&self) -> Format {
        Format::Spdx
    }

    fn types(&self) -> &[ExportType] {
        &[ExportType::Sbom]
    }

    fn render(
        &self,
        brief: &Brief<'_>,
        from: &dyn Snapshot,
        out: &mut dyn Outlet,
    ) -> Result<Rendered, RenderError> {
        let mut request = brief.request.clone();
        request.options.spec_version = Some("3.0.1".to_owned());
        SpdxRenderer.render(&Brief { request: &request, ..*brief }, from, out)
    }
}

fn open() -> (Subject, ()) {
    (Subject { renderer: Arc::new(Third), listing: &[ExportType::Sbom], check, streams: true }, ())
}

export_contract::renderers_suite! { open =>
    it_writes_its_format_for_types_that_have_it
    the_same_snapshot_and_brief_give_the_same_bytes
    every_record_is_in_the_file
    hostile_text_stays_text
    a_very_long_text_is_whole_or_warned_of
    a_snapshot_without_records_is_rendered
    a_beat_that_says_stop_is_obeyed_at_once
    beats_come_at_least_every_thousand_records
    beats_never_go_back
    an_error_of_out_ends_rendering
    an_error_of_the_snapshot_ends_rendering
    a_large_snapshot_streams
}

/// The elements of a graph by id.
fn graph(document: &Value) -> BTreeMap<&str, &Value> {
    let elements = document["@graph"].as_array().unwrap().iter();
    elements.filter_map(|element| Some((element["spdxId"].as_str()?, element))).collect()
}

/// Every vulnerability of the records is there, in their order, with its texts and its component.
fn check(bytes: &[u8], records: &[FindingRecord<'static>]) -> Result<(), String> {
    let document: Value = serde_json::from_slice(bytes).map_err(|error| error.to_string())?;
    assert_valid("records", "3.0.1", &document);
    let graph = graph(&document);
    let elements = document["@graph"].as_array().unwrap();
    let mut told = elements.iter().filter(|it| it["relationshipType"] == "hasAssociatedVulnerability");
    for record in records.iter().filter(|record| record.finding.vulnerability().is_some()) {
        let finding = &record.finding;
        let relationship = told.next().ok_or_else(|| format!("{} is not there", finding.id))?;
        let vulnerability = graph[relationship["to"][0].as_str().unwrap()];
        let component = graph[relationship["from"].as_str().unwrap()];
        let named = finding.component.as_ref().unwrap();
        let texts = [
            ("id", text(relationship, "name"), &*finding.id),
            ("id", property(relationship, "export-center:finding_id"), &*finding.id),
            ("rule", text(vulnerability, "name"), finding.rule()),
            ("title", text(vulnerability, "summary"), &*finding.title),
            ("description", text(vulnerability, "description"), &*finding.description),
            ("version", text(component, "software_packageVersion"), &*named.version),
            ("target", property(relationship, "export-center:target"), &*finding.target),
            ("severity", property(relationship, "export-center:severity"), finding.severity.as_str()),
        ];
        for (what, is, should) in texts {
            if is != should {
                return Err(format!("{what} of {} is {is:?}, not {should:?}", finding.id));
            }
        }
        if !named.name.is_empty() && text(component, "name") != &*named.name {
            return Err(format!("the component of {} is called {}", finding.id, component["name"]));
        }
    }
    if told.next().is_some() { Err("there are more findings than records".to_owned()) } else { Ok(()) }
}

fn text<'v>(value: &'v Value, member: &str) -> &'v str {
    value[member].as_str().unwrap_or_default()
}

fn property<'v>(element: &'v Value, name: &str) -> &'v str {
    let entries = element["extension"][0]["extension_cdxProperty"].as_array().into_iter().flatten();
    let mut entries = entries.filter(|entry| entry["extension_cdxPropName"] == name);
    entries.next().map_or("", |entry| text(entry, "extension_cdxPropValue"))
}

#[test]
fn a_finding_is_about_the_component_that_the_document_has() {
    let mut record = corpus::records(50).into_iter().find(|it| it.finding.vulnerability().is_some()).unwrap();
    record.finding.scan_id = "scan-0".into();
    record.finding.component = Some(Component {
        name: "@babel/traverse".into(),
        version: "7.1.0".into(),
        // As another tool writes it.
        purl: Some("pkg:npm/@babel/traverse@7.1.0?arch=x".into()),
        ecosystem: "npm".into(),
    });
    let before = cyclonedx(
        json!({"specVersion": "1.6", "metadata": {"component": {"type": "application", "name": "app", "bom-ref": "app"}},
        "components": [{"type": "library", "bom-ref": "b", "group": "@babel", "name": "traverse", "version": "7.1.0",
                        "purl": "pkg:npm/%40babel/traverse@7.1.0"}]}),
    );
    for (version, member) in [("2.3", "packages"), ("3.0.1", "@graph")] {
        let output = render(&with_records(&before, vec![record.clone()]), version);
        let called = list(&output.json, member).iter().filter(|it| it["name"] == "@babel/traverse").count();
        assert_eq!(called, 1, "{version}: the finding names the same component");
        assert!(output.rendered.warnings.iter().all(|warning| warning.code != WarningCode::SbomIncomplete));
    }
    let output = render(&with_records(&before, vec![record]), "3.0.1");
    assert_eq!(output.rendered.rows, Some(1));
    let back = read(&output.bytes).document;
    let vulnerability = &list(&back, "vulnerabilities")[0];
    let component = list(&back, "components").iter().find(|it| it["group"] == "@babel").unwrap();
    assert_eq!(vulnerability["affects"], json!([{"ref": component["bom-ref"]}]));
}

#[test]
fn what_vex_says_is_an_assessment_of_its_own() {
    let records: Vec<_> = corpus::records(400).into_iter().filter(|it| it.vex.is_some()).collect();
    let output = render(&with_scan(MemorySnapshot::new(records.clone())), "3.0.1");
    let graph = graph(&output.json);
    let count = |class: &str| {
        graph
            .values()
            .filter(|it| text(it, "type") == format!("security_Vex{class}VulnAssessmentRelationship"))
            .count()
    };
    let of = |status| records.iter().filter(|it| it.vex.as_ref().unwrap().status == status).count();
    assert_eq!(count("Affected"), of(VexStatus::Affected));
    assert_eq!(count("NotAffected"), of(VexStatus::NotAffected));
    assert_eq!(count("Fixed"), of(VexStatus::Fixed));
    assert_eq!(count("UnderInvestigation"), of(VexStatus::UnderInvestigation));
    assert!([VexStatus::Affected, VexStatus::NotAffected].into_iter().all(|status| of(status) > 0));
    let not_affected = graph.values().find(|it| text(it, "type").contains("NotAffected")).unwrap();
    assert_eq!(text(not_affected, "security_justificationType"), "vulnerableCodeNotInExecutePath");
    assert_eq!(text(not_affected, "security_impactStatement"), "the function is never called");
    assert_eq!(text(graph[text(not_affected, "suppliedBy")], "name"), "security@example.org");
}

#[test]
fn the_same_finding_of_two_scans_is_two_relationships() {
    let first = corpus::record(3);
    assert!(first.finding.vulnerability().is_some());
    let mut second = first.clone();
    second.finding.scan_id = "scan-1".into();
    let output = render(&MemorySnapshot::new(vec![first, second]), "3.0.1");
    assert_valid("two scans", "3.0.1", &output.json);
    let names: Vec<&Value> = list(&output.json, "@graph")
        .iter()
        .filter(|it| it["relationshipType"] == "hasAssociatedVulnerability")
        .map(|it| &it["name"])
        .collect();
    assert!(names.len() == 2 && names[0] == names[1]);
}

#[test]
fn an_export_without_a_document_says_that_it_is_incomplete() {
    for version in ["2.3", "3.0.1"] {
        let records = corpus::records(60);
        let named: BTreeSet<_> = records
            .iter()
            .filter_map(|it| it.finding.listed_component()?.purl.as_deref())
            .map(str::to_owned)
            .collect();
        let snapshot = MemorySnapshot::new(records.clone());
        let output = render(&snapshot, version);
        assert!(output.rendered.warnings.iter().any(|warning| warning.code == WarningCode::SbomIncomplete));
        let back = read(&output.bytes);
        assert_eq!(back.family, SbomFamily::Spdx);
        let purls: BTreeSet<_> = list(&back.document, "components")
            .iter()
            .filter_map(|it| it["purl"].as_str())
            .map(str::to_owned)
            .collect();
        assert_eq!(purls, named, "{version}");
    }
}

/// One scan's document says nothing about the others.
#[test]
fn a_scan_without_a_document_beside_one_that_has_it_is_told() {
    let document = json!({ "components": [{ "type": "library", "name": "x", "bom-ref": "x" }] });
    for version in ["2.3", "3.0.1"] {
        let snapshot = MemorySnapshot::new(corpus::records(60));
        assert_eq!(snapshot.facts().scans.len(), 3);
        let output = render(&snapshot.with_sbom(SbomFamily::Cyclonedx, "1.6", &document), version);
        let told = output.rendered.warnings.iter().find(|it| it.code == WarningCode::SbomIncomplete);
        assert!(told.is_some_and(|it| it.message.contains("2 scans")), "{version}: {told:?}");
    }
}
