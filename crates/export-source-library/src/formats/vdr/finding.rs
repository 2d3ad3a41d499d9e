//! A vulnerability as a finding in each component that it affects.

use std::collections::HashSet;

use export_core::finding::{
    Component, Finding, Fix, FixState, Subject, Suppression, Vulnerability as Subjected,
    vulnerability_finding_id,
};
use export_core::text::Text;

use super::components::Components;
use super::rating::{Fault, ratings, severity};
use super::vulnerability::{Affects, Vulnerability};
use crate::document::Document;
use crate::format::Scanned;
use crate::kit::{DIFFERS, Doubts, blank, own, repository, some};

const NO_COMPONENT: &str = "A vulnerability affects a component that the document does not list; the reference was taken as its name";
const NOTHING: &str =
    "A vulnerability affects no component: it is in the bill of materials and is no finding";
const REPEATED: &str = "A vulnerability that the document tells twice of one component was read once";

/// Findings remembered at most, to see what is told twice.
const MOST: usize = 2_000_000;

/// The findings of one document.
pub(super) struct Findings<'a> {
    scan: &'a Scanned<'a>,
    components: &'a Components,
    document: &'a Document,
    given: HashSet<String>,
}

impl<'a> Findings<'a> {
    pub(super) fn new(scan: &'a Scanned<'a>, components: &'a Components, document: &'a Document) -> Self {
        Self { scan, components, document, given: HashSet::new() }
    }

    /// The findings of one entry.
    pub(super) fn of(
        &mut self,
        mut raw: Vulnerability<'_>,
        doubts: &mut Doubts,
        place: &dyn Fn() -> String,
    ) -> Result<Vec<Finding<'static>>, Fault> {
        let affects = std::mem::take(&mut raw.affects);
        if affects.is_empty() {
            doubts.add(NOTHING, place);
            return Ok(vec![]);
        }
        if raw.id.is_empty() {
            return Err(("the vulnerability has no id", String::new()));
        }
        let (shared, differing) = self.shared(raw)?;
        (0..differing).for_each(|_| doubts.add(DIFFERS, place));
        let mut findings = Vec::with_capacity(affects.len());
        for affected in affects {
            let found = self.place(&shared, affected, doubts, place);
            if self.given.len() < MOST && !self.given.insert(found.id.to_string()) {
                doubts.add(REPEATED, place);
                continue;
            }
            findings.push(found);
        }
        Ok(findings)
    }

    /// What the findings of an entry have in common, and how many of its scores are not their vectors'.
    fn shared(&self, raw: Vulnerability<'_>) -> Result<(Finding<'static>, u64), Fault> {
        let aliases = raw.aliases();
        let versions = upgrade(&raw.recommendation).map(|versions| Text::from(versions.to_owned()));
        let advice = if versions.is_some() { Text::default() } else { raw.recommendation };
        let (ratings, differing) = ratings(raw.ratings)?;
        let (severity, severity_source) = severity(&ratings);
        let links = raw.references.iter().map(|reference| &reference.source.url);
        let pages = raw.advisories.iter().map(|advisory| &advisory.url).chain(links);
        let mut references: Vec<Text<'static>> = Vec::new();
        for url in pages.filter(|url| !url.is_empty()) {
            if !references.iter().any(|known| known == url) {
                references.push(url.to_string().into());
            }
        }
        let subject = Subject::Vulnerability(Subjected {
            aliases,
            id: own(raw.id),
            cwes: raw.cwes.iter().map(|number| format!("CWE-{number}").into()).collect(),
            ratings,
            epss: None,
            known_exploited: None,
        });
        let fix = versions.map(|versions| Fix { state: FixState::Fixed, versions }).unwrap_or_default();
        let rejected = raw.rejected.map(|at| Suppression {
            status: "rejected".into(),
            reason: format!("The vulnerability was rejected at {at}.").into(),
            source: self.document.name.clone().into(),
        });
        let finding = Finding {
            severity,
            severity_source,
            description: joined(&[&raw.description, &raw.detail, &advice]),
            fix,
            primary_url: some(raw.source.url).or_else(|| references.first().cloned()),
            references,
            published: raw.published,
            modified: raw.updated,
            suppression: rejected,
            ..blank(self.scan, self.scan.image, String::new(), subject)
        };
        Ok((finding, differing))
    }

    /// The finding in one component.
    fn place(
        &self,
        shared: &Finding<'static>,
        affected: Affects<'_>,
        doubts: &mut Doubts,
        place: &dyn Fn() -> String,
    ) -> Finding<'static> {
        let known = self.components.find(&affected.reference);
        if known.is_none() {
            doubts.add(NO_COMPONENT, place);
        }
        let component = known.map_or_else(
            || Component { name: own(affected.reference), ..Component::default() },
            |known| known.component,
        );
        let id = shared.vulnerability().map_or_else(String::new, |vulnerability| {
            vulnerability_finding_id(repository(self.scan.image), &component, vulnerability, "")
        });
        let is_own = |it: &super::vulnerability::Affected<'_>| it.version == component.version;
        let own_version = affected.versions.iter().find(|it| is_own(it));
        let mut fix = shared.fix.clone();
        if own_version.is_some_and(|it| it.status == "unaffected") && !fix.is_available() {
            fix.state = FixState::NotAffected;
        }
        Finding { id: id.into(), component: Some(component), fix, ..shared.clone() }
    }
}

/// The version that a recommendation names, as Trivy and this program write it: `Upgrade jquery to version 3.5.0`.
fn upgrade(recommendation: &str) -> Option<&str> {
    let rest = recommendation.strip_prefix("Upgrade ")?;
    let versions = rest.strip_prefix("to ").or_else(|| rest.split_once(" to version ").map(|it| it.1))?;
    Some(versions).filter(|versions| versions.starts_with(|first: char| first.is_ascii_digit()))
}

fn joined(texts: &[&Text<'_>]) -> Text<'static> {
    let texts: Vec<&str> = texts.iter().map(|text| text.as_str()).filter(|text| !text.is_empty()).collect();
    texts.join("\n\n").into()
}
