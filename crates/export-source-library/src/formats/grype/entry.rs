//! One match: a vulnerability in a package.

use export_core::finding::{
    Component, Finding, Location, Severity, Subject, Vulnerability, vulnerability_finding_id,
};
use export_core::text::Text;

use super::rule::{IgnoreRule, suppression};
use super::vulnerability::Record;
use super::walk::Report;
use crate::json::members;
use crate::kit::{aliases_of, blank, cwes, file_path, own, some};

members! {
    /// An entry of `matches` or `ignoredMatches`.
    pub(super) struct Entry<'a> {
        vulnerability: Record<'a> = "vulnerability",
        related: Vec<Record<'a>> = "relatedVulnerabilities",
        artifact: Artifact<'a> = "artifact",
        rules: Vec<IgnoreRule<'a>> = "appliedIgnoreRules",
    }
    struct Artifact<'a> {
        name: Text<'a> = "name",
        version: Text<'a> = "version",
        kind: Text<'a> = "type",
        purl: Text<'a> = "purl",
        locations: Vec<Place<'a>> = "locations",
    }
    struct Place<'a> {
        path: Text<'a> = "path",
        layer: Text<'a> = "layerID",
        notes: Notes<'a> = "annotations",
    }
    struct Notes<'a> {
        evidence: Text<'a> = "evidence",
    }
}

impl Entry<'_> {
    /// The finding, and how many of its scores are not their vectors'; or what is wrong, with the pointer of the member.
    pub(super) fn finding(
        mut self,
        report: &Report<'_>,
        is_ignored: bool,
    ) -> Result<(Finding<'static>, u64), (&'static str, &'static str)> {
        if self.vulnerability.id.is_empty() {
            return Err(("the id of the vulnerability is missing", "/vulnerability/id"));
        }
        let mut ratings = Vec::new();
        let mut differing = self.vulnerability.rate(&mut ratings, false);
        for related in &mut self.related {
            differing += related.rate(&mut ratings, true);
        }
        let records = || std::iter::once(&self.vulnerability).chain(&self.related);
        let aliases = aliases_of(&self.vulnerability.id, self.related.iter().map(|it| it.id.clone()));
        let classes = records().flat_map(|it| &it.cwes).map(|class| class.cwe.as_str());
        let subject = Vulnerability {
            id: own(self.vulnerability.id.clone()),
            cwes: cwes(classes),
            ratings,
            epss: records().find_map(Record::epss),
            known_exploited: records().find_map(Record::exploited),
            aliases,
        };
        let told = records().map(|it| &it.description).find(|text| !text.is_empty());
        let description = told.map(|text| own(text.clone())).unwrap_or_default();
        let references = self.references();
        let (locations, path) = self.artifact.places();
        let component = Component {
            name: own(self.artifact.name),
            version: own(self.artifact.version),
            purl: some(self.artifact.purl),
            ecosystem: own(self.artifact.kind),
        };
        let repository = report.head.repository(report.scan);
        let id = vulnerability_finding_id(repository, &component, &subject, &path);
        let image = report.head.artifact_or(report.scan);
        let fix = self.vulnerability.fix();
        let finding = Finding {
            target: if path.is_empty() { image.to_owned().into() } else { path },
            severity: Severity::from_word(&self.vulnerability.severity),
            severity_source: some(self.vulnerability.namespace),
            description,
            component: Some(component),
            locations,
            fix,
            primary_url: some(self.vulnerability.source),
            references,
            suppression: is_ignored.then(|| suppression(&self.rules)),
            ..blank(report.scan, image, id, Subject::Vulnerability(subject))
        };
        Ok((finding, differing))
    }

    /// All pages that are told, each once.
    fn references(&self) -> Vec<Text<'static>> {
        let records = || std::iter::once(&self.vulnerability).chain(&self.related);
        let pages = self.related.iter().map(|it| &it.source).chain(records().flat_map(|it| &it.urls));
        let advisories = records().flat_map(|it| &it.advisories).map(|advisory| &advisory.link);
        aliases_of(&self.vulnerability.source, pages.chain(advisories).cloned())
    }
}

impl Artifact<'_> {
    /// The places, and the path of the one that Grype calls the primary evidence, else of the first.
    fn places(&mut self) -> (Vec<Location<'static>>, Text<'static>) {
        let places = std::mem::take(&mut self.locations);
        let primary = places.iter().find(|place| place.notes.evidence == "primary").or(places.first());
        let path = |place: &Place<'_>| Text::from(file_path(&place.path).to_owned());
        let primary = primary.map(path).unwrap_or_default();
        let locations = places.iter().map(|place| Location {
            path: path(place),
            layer: some(place.layer.clone()),
            ..Location::default()
        });
        (locations.collect(), primary)
    }
}
