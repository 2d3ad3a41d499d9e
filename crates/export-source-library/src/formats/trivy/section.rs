//! One entry of `Results`: a part of the artifact, and what its findings have in common.

use std::collections::HashMap;

use export_core::finding::{
    Component, Finding, FindingKind, Location, Severity, Subject, Vulnerability, component_place, finding_id,
    vulnerability_finding_id,
};
use export_core::id::ScanId;
use export_core::text::Text;

use super::entries::Resource;
use super::head::Head;
use super::stable::{stable_image, stable_target};
use crate::format::Scanned;
use crate::json::members;
use crate::kit::{blank, own, some};

/// One entry of `Results`.
pub(super) struct Section<'a> {
    scan: &'a ScanId,
    head: &'a Head,
    /// The resource of a cluster that it is about.
    resource: Option<&'a Resource>,
    target: String,
    ecosystem: String,
    /// How often each id was given here, for kinds that Trivy lists without telling entries apart.
    repeats: HashMap<String, u32>,
    /// Scores that are not those of their vectors.
    pub(super) differing_scores: u64,
}

members! {
    /// The image layer of a finding.
    pub(super) struct Layer<'a> {
        digest: Text<'a> = "Digest",
        diff_id: Text<'a> = "DiffID",
    }
}

impl Layer<'_> {
    /// `Digest` and `DiffID`.
    pub(super) fn digests(&self) -> (&str, &str) {
        (&self.digest, &self.diff_id)
    }
}

impl<'a> Section<'a> {
    /// An entry of which nothing is known yet.
    pub(super) fn new(scan: &'a ScanId, head: &'a Head, resource: Option<&'a Resource>) -> Self {
        Self {
            scan,
            head,
            resource,
            target: String::new(),
            ecosystem: String::new(),
            repeats: HashMap::new(),
            differing_scores: 0,
        }
    }

    /// Sets `Target` and `Type`.
    pub(super) fn name(&mut self, target: Option<&str>, ecosystem: Option<&str>) {
        self.target = target.unwrap_or_default().to_owned();
        self.ecosystem = ecosystem.unwrap_or_default().to_owned();
    }

    /// `Target`.
    pub(super) fn target(&self) -> &str {
        &self.target
    }

    /// The target as reports show it: of a cluster with the resource.
    fn shown_target(&self) -> String {
        self.resource.map_or_else(|| self.target.clone(), |resource| part_of(resource, &self.target))
    }

    /// `Type`: the package manager or the kind of configuration.
    pub(super) fn ecosystem(&self) -> Text<'static> {
        self.ecosystem.clone().into()
    }

    /// The id of a vulnerability, which Trivy lists once for each package, version and path. Where it gives no path, the
    /// entry is about one file.
    pub(super) fn vulnerability_id(
        &self,
        component: &Component<'_>,
        vulnerability: &Vulnerability<'_>,
        path: &str,
    ) -> String {
        let repository = self.head.repository(self.scan);
        if let Some(resource) = self.resource {
            let artifact = format!("{repository} {}", part_of(resource, stable_image(&self.target)));
            return vulnerability_finding_id(&artifact, component, vulnerability, path);
        }
        let target = stable_target(&self.target, self.head.artifact_or(self.scan));
        let path = if path.is_empty() { target } else { path };
        // The packages of another system than the artifact's own: that system is part of what was scanned.
        if !target.is_empty() && component_place(component, target).is_empty() {
            let artifact = format!("{repository} {target}");
            return vulnerability_finding_id(&artifact, component, vulnerability, path);
        }
        vulnerability_finding_id(repository, component, vulnerability, path)
    }

    fn id(&self, kind: FindingKind, component: &str, rule: &str, place: &str) -> String {
        let artifact = self.head.artifact_or(self.scan);
        let target = match self.resource {
            None => stable_target(&self.target, artifact).to_owned(),
            Some(resource) => part_of(resource, stable_image(&self.target)),
        };
        finding_id(kind, self.head.repository(self.scan), &target, component, rule, place)
    }

    /// The id of a finding of another kind. A licence of two versions of one package, say, is listed twice without a difference:
    /// the second is numbered, so that no two findings share an id.
    pub(super) fn numbered_id(
        &mut self,
        kind: FindingKind,
        component: &str,
        rule: &str,
        place: &str,
    ) -> String {
        let id = self.id(kind, component, rule, place);
        let count = self.repeats.entry(id.clone()).or_insert(0);
        *count += 1;
        match *count {
            1 => id,
            number => self.id(kind, component, rule, &format!("{place}\0#{number}")),
        }
    }

    /// A finding of this entry, without what only some kinds have.
    pub(super) fn finding(&self, id: String, severity: &str, subject: Subject<'static>) -> Finding<'static> {
        let scan = Scanned::of(self.scan, "");
        Finding {
            target: self.shown_target().into(),
            severity: Severity::from_word(severity),
            ..blank(&scan, self.head.artifact_or(self.scan), id, subject)
        }
    }
}

/// A part of a resource: `shop/Deployment/web`, `shop/Deployment/web: nginx:1.25 (debian 12.7)`.
fn part_of(resource: &Resource, target: &str) -> String {
    if resource.is_named(target) { resource.path() } else { format!("{}: {target}", resource.path()) }
}

/// The place in a file and a layer; none if nothing is known.
pub(super) fn location(path: Text<'_>, lines: (u32, u32), layer: Layer<'_>) -> Option<Location<'static>> {
    let layer = some(layer.digest).or_else(|| some(layer.diff_id));
    let line = |number| (number > 0).then_some(number);
    let location = Location { path: own(path), start_line: line(lines.0), end_line: line(lines.1), layer };
    (location != Location::default()).then_some(location)
}
