//! Findings that are vulnerabilities: each is a relationship of its own, whose name is the finding's id.

use export_core::finding::{Component, Finding, Subject as Kind, VexAssertion, VexStatus, Vulnerability};
use export_core::ports::RenderError;
use export_core::record::FindingRecord;
use serde_json::json;

use super::assessment::{Cvss, State, Subject, Vex};
use super::component;
use super::graph::{Graph, properties};
use super::vulnerability::{About, Vulnerabilities};
use crate::document::seconds;
use crate::edges::{self, End};
use crate::ids::{is_id, shown, token};
use crate::index::Index;
use crate::object::Put as _;

/// Writes a finding; false if it is none that SPDX has a place for.
pub(super) fn write(
    record: &FindingRecord<'_>,
    index: &mut Index,
    vulnerabilities: &mut Vulnerabilities,
    graph: &mut Graph<'_>,
) -> Result<bool, RenderError> {
    let finding = &record.finding;
    let component = match finding.listed_component() {
        Some(component) => listed(component, finding, index, graph)?,
        None => top_of(finding, index, graph),
    };
    let Kind::Vulnerability(vulnerability) = &finding.subject else {
        let field = format!("findings[] ({})", finding.kind().as_str());
        graph.lose(&field, "SPDX has vulnerabilities, and no other findings", &finding.id);
        return Ok(false);
    };
    let told = vulnerabilities.write(&about(finding, vulnerability), &finding.id, graph)?;
    vulnerabilities.find(&told, &component);
    let scan = index.top_of(&finding.scan_id).map_or(0, |top| top + 1);
    let id = graph.id(&finding_id(scan, &finding.id));
    let subject = Subject { id: &id, vulnerability: &told, component: &component };
    associate(record, vulnerability, &subject, graph)?;
    assess(vulnerability, record.vex.as_ref(), &subject, graph)?;
    if !record.verdicts.is_empty() {
        graph.lose("findings[].verdicts", "SPDX has no verdicts of policies", &finding.id);
    }
    Ok(true)
}

/// What the scan of a finding is about.
fn top_of(finding: &Finding<'_>, index: &Index, graph: &mut Graph<'_>) -> String {
    let top = index.top_of(&finding.scan_id).map(|top| End::from(&index.tops[top]));
    graph.end_id(&top.unwrap_or(End::Unknown))
}

/// The component of a finding, which is written if no document has it.
fn listed(
    component: &Component<'_>,
    finding: &Finding<'_>,
    index: &mut Index,
    graph: &mut Graph<'_>,
) -> Result<String, RenderError> {
    let top = index.top_of(&finding.scan_id).map(|top| End::from(&index.tops[top]));
    if let Some(known) = index.named(&finding.scan_id, component) {
        return Ok(graph.end_id(&End::Named(known)));
    }
    let added = End::Named(index.add_named(&finding.scan_id, component));
    let id = graph.end_id(&added);
    graph.write(&component::named(&id, component, graph))?;
    if let Some(top) = top {
        let mut relationships = super::relationship::Relationships::default();
        relationships.add(edges::plain(top, "CONTAINS", "contains", added), graph)?;
        relationships.flush(graph)?;
    }
    Ok(id)
}

/// A finding's id is the same in each scan of the same artifact.
fn finding_id(scan: usize, id: &str) -> String {
    let id = if is_id(id) { id.to_owned() } else { format!("{}-{:032x}", shown(id), token(&[id])) };
    format!("scan-{scan}-{id}")
}

fn about<'a>(finding: &'a Finding<'_>, vulnerability: &'a Vulnerability<'_>) -> About<'a> {
    let number = |cwe: &&str| cwe.strip_prefix("CWE-").is_some_and(|number| number.parse::<u32>().is_ok());
    let cwes = vulnerability.cwes.iter().map(export_core::text::Text::as_str).filter(number);
    About {
        id: &vulnerability.id,
        title: &finding.title,
        description: &finding.description,
        aliases: vulnerability.aliases.iter().map(export_core::text::Text::as_str).collect(),
        weaknesses: cwes.map(|cwe| cwe["CWE-".len()..].to_owned()).collect(),
        advisories: finding.primary_url.iter().map(export_core::text::Text::as_str).collect(),
        references: finding.references.iter().map(export_core::text::Text::as_str).collect(),
        published: finding.published.map(seconds),
        modified: finding.modified.map(seconds),
        withdrawn: None,
    }
}

fn associate(
    record: &FindingRecord<'_>,
    vulnerability: &Vulnerability<'_>,
    subject: &Subject<'_>,
    graph: &mut Graph<'_>,
) -> Result<(), RenderError> {
    let mut element = graph.element("Relationship", subject.id);
    element.put("relationshipType", "hasAssociatedVulnerability");
    element.put("name", &*record.finding.id);
    element.put("from", subject.component);
    element.put("to", json!([subject.vulnerability]));
    let said = said(record, vulnerability);
    element.put_list("extension", properties(said.iter().map(|(name, value)| (*name, value.as_str()))));
    graph.write(&element)
}

/// What a finding says that SPDX has no member for.
fn said(record: &FindingRecord<'_>, vulnerability: &Vulnerability<'_>) -> Vec<(&'static str, String)> {
    let finding = &record.finding;
    let mut said = vec![
        ("export-center:finding_id", finding.id.to_string()),
        ("export-center:scan_id", finding.scan_id.to_string()),
        ("export-center:target", finding.target.to_string()),
        ("export-center:severity", finding.severity.as_str().to_owned()),
        ("export-center:severity_source", finding.severity_source.as_deref().unwrap_or_default().to_owned()),
        ("export-center:status", record.status.as_str().to_owned()),
        ("export-center:fix_state", finding.fix.state.as_str().to_owned()),
        ("export-center:fix_versions", finding.fix.versions.to_string()),
    ];
    for location in &finding.locations {
        let line = location.start_line.map_or_else(String::new, |line| format!(":{line}"));
        said.push(("export-center:path", format!("{}{line}", location.path)));
    }
    for rating in
        vulnerability.ratings.iter().filter(|rating| rating.score.is_none() || rating.vector.is_none())
    {
        let word = rating.severity.map_or("", |severity| severity.as_str());
        let score = rating.score.map_or_else(String::new, |score| score.to_string());
        let words = [&*rating.source, rating.version.as_str(), &score, word];
        said.push((
            "export-center:rating",
            words.into_iter().filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" "),
        ));
    }
    if let Some(suppression) = &finding.suppression {
        said.push(("export-center:suppression", format!("{}: {}", suppression.status, suppression.reason)));
    }
    said.retain(|(_, value)| !value.is_empty());
    said
}

fn assess(
    vulnerability: &Vulnerability<'_>,
    vex: Option<&VexAssertion<'_>>,
    subject: &Subject<'_>,
    graph: &mut Graph<'_>,
) -> Result<(), RenderError> {
    for (number, rating) in vulnerability.ratings.iter().enumerate() {
        let (Some(score), Some(vector)) = (rating.score, rating.vector.as_deref()) else { continue };
        let cvss = Cvss {
            version: rating.version,
            score: score.to_string(),
            severity: rating.severity,
            vector,
            source: &rating.source,
        };
        subject.cvss(&cvss, number + 1, graph)?;
    }
    if let Some(epss) = vulnerability.epss {
        subject.epss(epss, graph)?;
    }
    if let Some(known) = &vulnerability.known_exploited {
        subject.exploited(known, graph)?;
    }
    match vex {
        Some(vex) => subject.vex(&statement(vex), &vex.document, graph),
        None => Ok(()),
    }
}

fn statement<'a>(it: &'a VexAssertion<'_>) -> Vex<'a> {
    let state = match it.status {
        VexStatus::Affected => State::Affected,
        VexStatus::NotAffected => State::NotAffected,
        VexStatus::Fixed => State::Fixed,
        VexStatus::UnderInvestigation => State::UnderInvestigation,
    };
    let justification = match it.justification.as_deref() {
        Some("component_not_present") => Some("componentNotPresent"),
        Some("vulnerable_code_not_present") => Some("vulnerableCodeNotPresent"),
        Some("vulnerable_code_not_in_execute_path") => Some("vulnerableCodeNotInExecutePath"),
        Some("vulnerable_code_cannot_be_controlled_by_adversary") => {
            Some("vulnerableCodeCannotBeControlledByAdversary")
        }
        Some("inline_mitigations_already_exist") => Some("inlineMitigationsAlreadyExist"),
        Some(_) | None => None,
    };
    let unknown = it.justification.as_deref().filter(|_| justification.is_none());
    Vex {
        state,
        justification,
        impact: it.impact.as_deref(),
        action: it.action.as_deref(),
        notes: unknown.map(str::to_owned),
        author: &it.author,
        published: it.timestamp.map(seconds),
    }
}
