//! One group: the finding that its vulnerabilities are.

use std::collections::HashMap;

use export_core::finding::{
    Finding, FindingKind, Fix, FixState, Licence, Score, Severity, Subject, Vulnerability,
    component_identity, finding_id, vulnerability_finding_id,
};
use export_core::text::Text;

use super::package::{Group, Package};
use super::record::Known;
use crate::format::Scanned;
use crate::kit::{aliases_of, blank, cwes, joined, location, rated, repository};

/// Where a package was found.
pub(super) struct Place<'a> {
    pub(super) scan: &'a Scanned<'a>,
    /// The lock file, SBOM or folder.
    pub(super) path: &'a str,
}

/// The vulnerabilities of a package by id.
pub(super) type ById<'a> = HashMap<&'a str, &'a Known>;

impl Place<'_> {
    /// The finding; none if all records of the group are withdrawn.
    pub(super) fn finding(
        &self,
        package: &Package,
        group: &Group,
        known: &ById<'_>,
    ) -> Option<Finding<'static>> {
        let all: Vec<&Known> = group.ids.iter().filter_map(|id| known.get(id.as_str()).copied()).collect();
        let records: Vec<&Known> = all.iter().copied().filter(|it| !it.is_withdrawn).collect();
        if records.is_empty() && !all.is_empty() {
            return None;
        }
        let id = records.first().map(|it| &it.id).or(group.ids.first())?.clone();
        let names = group.ids.iter().chain(records.iter().flat_map(|it| &it.names)).chain(&group.aliases);
        let mut ratings = Vec::new();
        for rating in records.iter().flat_map(|it| &it.ratings) {
            if !ratings.contains(rating) {
                ratings.push(rating.clone());
            }
        }
        let vulnerability = Vulnerability {
            aliases: aliases_of(&id, names.cloned()),
            cwes: cwes(records.iter().flat_map(|it| &it.cwes).map(String::as_str)),
            ratings,
            epss: None,
            known_exploited: None,
            id,
        };
        let severity = severity(&group.max_severity, &vulnerability, &records);
        let component = package.component();
        let artifact = repository(self.scan.image);
        let finding_id = vulnerability_finding_id(artifact, &component, &vulnerability, self.path);
        let first = |text: fn(&Known) -> &Text<'static>| {
            records.iter().map(|it| text(it)).find(|text| !text.is_empty()).cloned().unwrap_or_default()
        };
        let references = records.iter().flat_map(|it| &it.references).cloned();
        Some(Finding {
            severity,
            title: first(|it| &it.title),
            description: first(|it| &it.description),
            fix: fix(&records),
            references: aliases_of("", references),
            published: records.iter().find_map(|it| it.times.0.0),
            modified: records.iter().filter_map(|it| it.times.1.0).max(),
            ..self.blank(finding_id, package, Subject::Vulnerability(vulnerability))
        })
    }

    /// The finding of a licence that OSV-Scanner was told not to allow.
    pub(super) fn licence(&self, package: &Package, name: &Text<'static>) -> Finding<'static> {
        let (named, artifact) = (package.component(), repository(self.scan.image));
        let path = location(self.path, None, None).path;
        let id = finding_id(FindingKind::Licence, artifact, &path, &component_identity(&named), name, "");
        let licence = Licence { name: name.clone(), category: "not allowed".into(), confidence: None };
        self.blank(id, package, Subject::Licence(licence))
    }

    fn blank(&self, id: String, package: &Package, subject: Subject<'static>) -> Finding<'static> {
        let place = location(self.path, None, None);
        Finding {
            target: place.path.clone(),
            component: Some(package.component()),
            locations: Some(place).filter(|place| !place.path.is_empty()).into_iter().collect(),
            ..blank(self.scan, self.scan.image, id, subject)
        }
    }
}

/// The severity of the score that OSV-Scanner found to be the highest, else that of the highest rating, else the database's
/// word.
fn severity(max: &str, vulnerability: &Vulnerability<'_>, records: &[&Known]) -> Severity {
    let told = max.parse().ok().and_then(Score::new);
    let score = told.or_else(|| vulnerability.highest_score()).map(rated::of_score);
    score.or_else(|| records.iter().find_map(|it| it.word)).unwrap_or(Severity::Unknown)
}

fn fix(records: &[&Known]) -> Fix<'static> {
    let versions = aliases_of("", records.iter().flat_map(|it| &it.fixed).cloned());
    let state = match versions.is_empty() {
        false => FixState::Fixed,
        true if records.iter().any(|it| it.has_ranges) => FixState::Affected,
        true => FixState::Unknown,
    };
    Fix { state, versions: joined(&versions) }
}
