//! What is assessed about a vulnerability in a component (SPDX 3.0.1, Security): CVSS, EPSS, known exploitation, VEX.

use export_core::finding::{CvssVersion, Epss, KnownExploited, Severity};
use export_core::ports::RenderError;
use serde_json::json;

use super::graph::{Graph, properties};
use crate::object::{Object, Put as _};

/// Where the catalogue of known exploited vulnerabilities stands.
const CATALOGUE: &str = "https://www.cisa.gov/known-exploited-vulnerabilities-catalog";

/// What assessments are about, and the beginning of their ids.
pub(super) struct Subject<'a> {
    pub(super) id: &'a str,
    pub(super) vulnerability: &'a str,
    pub(super) component: &'a str,
}

/// A rating that SPDX has an element for: with a score, and what its version of CVSS wants.
pub(super) struct Cvss<'a> {
    pub(super) version: CvssVersion,
    /// As it is printed, for a number would lose its decimal form in RDF.
    pub(super) score: String,
    pub(super) severity: Option<Severity>,
    pub(super) vector: &'a str,
    /// Who rates; empty if nobody says.
    pub(super) source: &'a str,
}

/// What a VEX statement says.
#[derive(Default)]
pub(super) struct Vex<'a> {
    pub(super) state: State,
    /// A word of SPDX.
    pub(super) justification: Option<&'static str>,
    pub(super) impact: Option<&'a str>,
    pub(super) action: Option<&'a str>,
    pub(super) notes: Option<String>,
    pub(super) author: &'a str,
    pub(super) published: Option<String>,
}

/// Whether a component is affected.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum State {
    #[default]
    Affected,
    NotAffected,
    Fixed,
    UnderInvestigation,
}

impl Subject<'_> {
    fn element(&self, class: &str, name: &str, kind: &str, graph: &Graph<'_>) -> Object {
        let class = format!("security_{class}VulnAssessmentRelationship");
        let mut element = graph.element(&class, &format!("{}-{name}", self.id));
        element.put("relationshipType", kind);
        element.put("from", self.vulnerability);
        element.put("to", json!([self.component]));
        element
    }

    /// Writes a CVSS assessment, the `number`th of the subject.
    pub(super) fn cvss(
        &self,
        cvss: &Cvss<'_>,
        number: usize,
        graph: &mut Graph<'_>,
    ) -> Result<(), RenderError> {
        let class = match cvss.version {
            CvssVersion::V4 => "CvssV4",
            CvssVersion::V2 => "CvssV2",
            CvssVersion::V3 | CvssVersion::V31 | CvssVersion::Unscored => "CvssV3",
        };
        let mut element = self.element(class, &format!("cvss-{number}"), "hasAssessmentFor", graph);
        element.put("security_score", cvss.score.as_str());
        element.put("security_vectorString", cvss.vector);
        if class != "CvssV2" {
            element.put("security_severity", severity(cvss.severity, &cvss.score));
        }
        if !cvss.source.is_empty() {
            element.put("suppliedBy", graph.anybody(cvss.source)?);
        }
        graph.write(&element)
    }

    /// Writes how likely it is used.
    pub(super) fn epss(&self, epss: Epss, graph: &mut Graph<'_>) -> Result<(), RenderError> {
        let mut element = self.element("Epss", "epss", "hasAssessmentFor", graph);
        let percentile = epss.percentile.map_or(0.0, export_core::finding::Probability::as_f64);
        element.put("security_probability", epss.probability.as_f64().to_string());
        element.put("security_percentile", percentile.to_string());
        if epss.percentile.is_none() {
            element.put("comment", "No percentile was told.");
        }
        graph.write(&element)
    }

    /// Writes that it is known to be exploited.
    pub(super) fn exploited(
        &self,
        known: &KnownExploited<'_>,
        graph: &mut Graph<'_>,
    ) -> Result<(), RenderError> {
        let mut element = self.element("ExploitCatalog", "kev", "hasAssessmentFor", graph);
        element.put("security_catalogType", "kev");
        element.put("security_exploited", true);
        element.put("security_locator", CATALOGUE);
        let due = known.due.as_deref().unwrap_or_default();
        let ransomware = if known.ransomware { "known" } else { "unknown" };
        let said = [("added", &*known.added), ("due", due), ("ransomware", ransomware)];
        let said: Vec<String> = said
            .iter()
            .filter(|(_, value)| !value.is_empty())
            .map(|(name, value)| format!("{name} {value}"))
            .collect();
        element.put("comment", said.join(", "));
        graph.write(&element)
    }

    /// Writes a VEX statement.
    pub(super) fn vex(
        &self,
        vex: &Vex<'_>,
        document: &str,
        graph: &mut Graph<'_>,
    ) -> Result<(), RenderError> {
        let (class, kind) = match vex.state {
            State::Affected => ("VexAffected", "affects"),
            State::NotAffected => ("VexNotAffected", "doesNotAffect"),
            State::Fixed => ("VexFixed", "fixedIn"),
            State::UnderInvestigation => ("VexUnderInvestigation", "underInvestigationFor"),
        };
        let mut element = self.element(class, "vex", kind, graph);
        match vex.state {
            State::Affected => {
                element.put("security_actionStatement", vex.action.unwrap_or("No action was told."));
            }
            State::NotAffected => {
                element.put_some("security_justificationType", vex.justification);
                let told = vex.justification.is_some() || vex.impact.is_some();
                element.put_some(
                    "security_impactStatement",
                    vex.impact.or((!told).then_some("No reason was told.")),
                );
            }
            State::Fixed | State::UnderInvestigation => {}
        }
        let other = match vex.state {
            State::Affected => vex.impact,
            State::NotAffected => vex.action,
            State::Fixed | State::UnderInvestigation => vex.impact.or(vex.action),
        };
        let notes: Vec<&str> = other.into_iter().chain(vex.notes.as_deref()).collect();
        element.put_some("security_statusNotes", Some(notes.join("\n")).filter(|notes| !notes.is_empty()));
        element.put_some("security_publishedTime", vex.published.as_deref());
        if !vex.author.is_empty() {
            element.put("suppliedBy", graph.anybody(vex.author)?);
        }
        if !document.is_empty() {
            element.put_list("extension", properties([("export-center:vex_document", document)]));
        }
        graph.write(&element)
    }
}

/// A severity as CVSS names it; that of the score if there is none (CVSS 3.1, 5).
fn severity(severity: Option<Severity>, score: &str) -> &'static str {
    let of_score = || match score.parse::<f64>().unwrap_or(0.0) {
        score if score >= 9.0 => "critical",
        score if score >= 7.0 => "high",
        score if score >= 4.0 => "medium",
        score if score > 0.0 => "low",
        _ => "none",
    };
    match severity {
        None | Some(Severity::Unknown) => of_score(),
        Some(severity) => severity.as_str(),
    }
}
