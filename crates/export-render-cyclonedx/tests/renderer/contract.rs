//! The renderers' suite, as far as a bill of materials lists findings: of all kinds, it has vulnerabilities only.

use std::collections::HashMap;
use std::sync::Arc;

use export_contract::renderers::Subject;
use export_core::catalogue::ExportType;
use export_core::record::FindingRecord;
use export_render_cyclonedx::CyclonedxRenderer;
use serde_json::Value;

use crate::common::is_valid;

// Without `rows_told_are_the_records_of_the_snapshot`, for rows are the vulnerabilities; see `findings`.
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

fn open() -> (Subject, ()) {
    let listing = &[ExportType::Sbom];
    (Subject { renderer: Arc::new(CyclonedxRenderer), listing, check, streams: true }, ())
}

/// Whether every vulnerability is in the file, with its texts and the component that it is in.
fn check(bytes: &[u8], records: &[FindingRecord<'static>]) -> Result<(), String> {
    let document: Value = serde_json::from_slice(bytes).map_err(|error| error.to_string())?;
    is_valid(&document)?;
    let components: HashMap<&str, &Value> = list(&document, "components")
        .filter_map(|component| Some((component["bom-ref"].as_str()?, component)))
        .collect();
    let mut by_id: HashMap<&str, &Value> = HashMap::new();
    for vulnerability in list(&document, "vulnerabilities") {
        for property in list(vulnerability, "properties") {
            if property["name"] == "export-center:finding_id" {
                by_id.insert(property["value"].as_str().unwrap(), vulnerability);
            }
        }
    }
    let vulnerabilities = || records.iter().filter(|record| record.finding.vulnerability().is_some());
    if by_id.len() != vulnerabilities().count() {
        return Err(format!("{} findings of {}", by_id.len(), vulnerabilities().count()));
    }
    vulnerabilities().try_for_each(|record| {
        let id = record.finding.id.as_str();
        let element = by_id.get(id).ok_or_else(|| format!("{id} is missing"))?;
        is_told(record, element, &components).map_err(|what| format!("{id}: {what}\n{element}"))
    })
}

fn is_told(
    record: &FindingRecord<'static>,
    element: &Value,
    components: &HashMap<&str, &Value>,
) -> Result<(), String> {
    let finding = &record.finding;
    let description = if finding.description.is_empty() { &finding.title } else { &finding.description };
    for (pointer, expected) in [
        ("/id", finding.rule()),
        ("/description", description.as_str()),
        ("/ratings/0/severity", finding.severity.as_str()),
        ("/ratings/0/source/name", finding.severity_source.as_deref().unwrap_or_default()),
        ("/analysis/state", state(record)),
    ] {
        let found = element.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
        if found != expected {
            return Err(format!("{pointer} is {found:?}, not {expected:?}"));
        }
    }
    let recommendation = element["recommendation"].as_str().unwrap_or_default();
    if !recommendation.ends_with(finding.fix.versions.as_str()) {
        return Err(format!("the fix is {recommendation:?}, not {:?}", finding.fix.versions));
    }
    let expected = finding.component.as_ref().unwrap();
    let affected = list(element, "affects").filter_map(|affect| components.get(affect["ref"].as_str()?));
    let is_there = affected.into_iter().any(|component| {
        component["name"] == expected.name.as_str()
            && component["version"].as_str().unwrap_or_default() == expected.version.as_str()
            && component["purl"].as_str() == expected.purl.as_deref()
    });
    if is_there { Ok(()) } else { Err(format!("no affected component is {expected:?}")) }
}

fn state(record: &FindingRecord<'static>) -> &'static str {
    use export_core::finding::VexStatus;
    use export_core::record::FindingStatus;
    match (record.status, record.vex.as_ref().map(|vex| vex.status)) {
        (FindingStatus::Suppressed, _) => "",
        (_, Some(VexStatus::NotAffected)) => "not_affected",
        (_, Some(VexStatus::Fixed)) => "resolved",
        (_, Some(VexStatus::UnderInvestigation)) => "in_triage",
        (_, Some(VexStatus::Affected)) | (FindingStatus::Waived, None) => "exploitable",
        (_, None) => "",
    }
}

fn list<'v>(value: &'v Value, name: &str) -> impl Iterator<Item = &'v Value> {
    value[name].as_array().into_iter().flatten()
}
