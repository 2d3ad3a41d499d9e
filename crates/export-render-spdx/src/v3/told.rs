//! Vulnerabilities that documents themselves tell of.

use export_core::finding::{CvssVersion, Severity};
use export_core::ports::RenderError;
use export_core::sbom::SbomSection;
use serde_json::{Value, json};

use super::assessment::{Cvss, State, Subject, Vex};
use super::component::time;
use super::graph::Graph;
use super::vulnerability::{About, Vulnerabilities};
use crate::edges::End;
use crate::index::Index;
use crate::object::{Object, Put as _, text};
use crate::walk::Walk;

/// The members that are told.
const TOLD: [&str; 14] = [
    "bom-ref",
    "id",
    "source",
    "references",
    "ratings",
    "cwes",
    "description",
    "advisories",
    "created",
    "published",
    "updated",
    "rejected",
    "analysis",
    "affects",
];

/// Writes the vulnerabilities of all documents, and what they say of each component.
pub(super) fn write(
    walk: &Walk<'_>,
    index: &Index,
    rows: u64,
    vulnerabilities: &mut Vulnerabilities,
    graph: &mut Graph<'_>,
) -> Result<(), RenderError> {
    walk.elements(SbomSection::Vulnerabilities, rows, &mut |document, object| {
        let place = &walk.documents()[document].place;
        for member in object.keys().filter(|member| !TOLD.contains(&member.as_str())) {
            graph.lose(&format!("vulnerabilities[].{member}"), "SPDX has no such member", place);
        }
        let told = vulnerabilities.write(&about(&object), place, graph)?;
        for _ in objects(&object, "ratings").filter(|rating| cvss(rating).is_none()) {
            let why = "SPDX has ratings by CVSS only, with score and vector";
            graph.lose("vulnerabilities[].ratings[]", why, place);
        }
        for affected in objects(&object, "affects") {
            let Some(key) = index.resolve(document, text(affected, "ref")) else {
                graph.lose("vulnerabilities[].affects[]", "it leads to no component of the document", place);
                continue;
            };
            if affected.contains_key("versions") {
                graph.lose("vulnerabilities[].affects[].versions", "SPDX has no ranges of versions", place);
            }
            let component = graph.end_id(&End::Component(key));
            if vulnerabilities.is_found(&told, &component) {
                continue;
            }
            let id = graph.next_id("told");
            assess(&object, &Subject { id: &id, vulnerability: &told, component: &component }, graph)?;
        }
        Ok(())
    })
}

fn objects<'o>(object: &'o Object, member: &str) -> impl Iterator<Item = &'o Object> {
    object.get(member).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_object)
}

fn about(object: &Object) -> About<'_> {
    let cwes = object.get("cwes").and_then(Value::as_array).into_iter().flatten();
    About {
        id: text(object, "id"),
        title: "",
        description: text(object, "description"),
        aliases: objects(object, "references").map(|reference| text(reference, "id")).collect(),
        weaknesses: cwes.filter_map(Value::as_u64).map(|number| number.to_string()).collect(),
        advisories: objects(object, "advisories").map(|advisory| text(advisory, "url")).collect(),
        references: object.get("source").and_then(|source| source.get("url")?.as_str()).into_iter().collect(),
        published: time(text(object, "published")),
        modified: time(text(object, "updated")),
        withdrawn: time(text(object, "rejected")),
    }
}

fn assess(object: &Object, subject: &Subject<'_>, graph: &mut Graph<'_>) -> Result<(), RenderError> {
    let mut element = graph.element("Relationship", subject.id);
    element.put("relationshipType", "hasAssociatedVulnerability");
    element.put("from", subject.component);
    element.put("to", json!([subject.vulnerability]));
    graph.write(&element)?;
    for (number, rating) in objects(object, "ratings").enumerate() {
        if let Some(cvss) = cvss(rating) {
            subject.cvss(&cvss, number + 1, graph)?;
        }
    }
    let Some(analysis) = object.get("analysis").and_then(Value::as_object) else { return Ok(()) };
    let state = match text(analysis, "state") {
        "resolved" | "resolved_with_pedigree" => State::Fixed,
        "not_affected" | "false_positive" => State::NotAffected,
        "in_triage" => State::UnderInvestigation,
        _ => State::Affected,
    };
    let detail = Some(text(analysis, "detail")).filter(|detail| !detail.is_empty());
    let responses =
        analysis.get("response").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
    let responses = responses.collect::<Vec<_>>().join(", ");
    let word = text(analysis, "justification");
    let notes = [text(analysis, "state"), word, &responses].into_iter().filter(|word| !word.is_empty());
    let vex = Vex {
        state,
        justification: justification(word),
        impact: detail.filter(|_| state == State::NotAffected),
        action: detail.filter(|_| state != State::NotAffected),
        notes: Some(notes.collect::<Vec<_>>().join("; ")).filter(|notes| !notes.is_empty()),
        author: "",
        published: time(text(analysis, "lastUpdated")),
    };
    subject.vex(&vex, "", graph)
}

/// The word of SPDX for a justification of CycloneDX.
fn justification(word: &str) -> Option<&'static str> {
    match word {
        "code_not_present" => Some("vulnerableCodeNotPresent"),
        "code_not_reachable" => Some("vulnerableCodeNotInExecutePath"),
        "requires_environment" => Some("vulnerableCodeCannotBeControlledByAdversary"),
        _ if word.starts_with("protected_") => Some("inlineMitigationsAlreadyExist"),
        _ => None,
    }
}

/// A rating that SPDX has an element for.
fn cvss(rating: &Object) -> Option<Cvss<'_>> {
    let version = match text(rating, "method") {
        "CVSSv2" => CvssVersion::V2,
        "CVSSv3" => CvssVersion::V3,
        "CVSSv31" => CvssVersion::V31,
        "CVSSv4" => CvssVersion::V4,
        _ => return None,
    };
    let vector = Some(text(rating, "vector")).filter(|vector| !vector.is_empty())?;
    let severity = match text(rating, "severity") {
        "" => None,
        word => Some(Severity::from_word(word)),
    };
    let source = rating.get("source").and_then(|source| source.get("name")?.as_str()).unwrap_or_default();
    Some(Cvss { version, score: rating.get("score")?.as_f64()?.to_string(), severity, vector, source })
}
