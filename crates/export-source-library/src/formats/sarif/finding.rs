//! The finding that a result is.

use export_core::finding::{
    Finding, FindingKind, Fix, FixState, Location, Subject, component_identity, finding_id,
    vulnerability_finding_id,
};
use export_core::text::Text;
use serde_json::{Map, Value};

use super::class::Clues;
use super::package::{self, Package, field};
use super::place::RawLocation;
use super::result::RawResult;
use super::rule::{Rule, texts};
use super::run::Run;
use super::severity;
use super::subject::Content;
use crate::format::Scanned;
use crate::kit::{blank, line_place, repository};

/// The run that a result belongs to, and the scan.
pub(super) struct Context<'a> {
    pub(super) scan: &'a Scanned<'a>,
    pub(super) run: &'a Run,
    /// The tool's name in small letters.
    pub(super) tool: String,
}

impl<'a> Context<'a> {
    /// The artifact, and what ids of findings are made of: of an image its name without tag and digest.
    fn artifact(&self) -> (&'a str, &'a str) {
        match (self.run.image(), &*self.run.repository) {
            (Some(image), _) => (image, repository(image)),
            (None, "") => (self.scan.image, repository(self.scan.image)),
            (None, code) => (code, code.trim_end_matches('/').trim_end_matches(".git")),
        }
    }
}

/// A result with all that its run says of it.
pub(super) struct Seen<'a> {
    context: &'a Context<'a>,
    raw: RawResult<'a>,
    rule: Option<&'a Rule>,
    rule_id: String,
    message: String,
    properties: Map<String, Value>,
    package: Option<Package>,
}

impl<'a> Seen<'a> {
    /// Looks up what the run says.
    pub(super) fn of(
        mut raw: RawResult<'a>,
        context: &'a Context<'a>,
        doubt: &mut dyn FnMut(&'static str),
    ) -> Self {
        let run = context.run;
        let rule = raw.find_rule(run);
        let rule_id = raw.name_rule(rule, run, doubt);
        let message = raw.message.resolve(&[rule.map(|rule| &rule.strings), Some(&run.strings)]);
        if message.is_empty() {
            doubt("A result has no message");
        }
        let properties = raw.properties.take().unwrap_or_default();
        let logical = raw.locations.iter().find_map(RawLocation::logical_name);
        let tool = context.tool.as_str();
        let told = package::Told {
            tool,
            rule_id: &rule_id,
            rule,
            message: &message,
            logical,
            properties: &properties,
        };
        let package = told.package();
        Self { context, raw, rule, rule_id, message, properties, package }
    }

    /// The finding.
    pub(super) fn finding(self, doubt: &mut dyn FnMut(&'static str)) -> Finding<'static> {
        let tool = self.context.tool.as_str();
        let (package, rule) = (self.package.as_ref(), self.rule);
        let kind = Clues { tool, rule_id: &self.rule_id, rule, package }.kind();
        let told = self.severity();
        let (severity, subject) = (told.severity(), self.content(&told).subject(kind));
        let locations: Vec<_> =
            self.raw.locations.iter().filter_map(|it| it.read(self.context.run)).collect();
        let (image, _) = self.context.artifact();
        let target = locations.first().map_or_else(|| image.to_owned().into(), |it| it.path.clone());
        let id = self.id(&subject, &target, locations.first(), doubt);
        let fixed = package.map(|package| package.fixed.clone()).unwrap_or_default();
        let state = if fixed.is_empty() { FixState::Unknown } else { FixState::Fixed };
        let keeps_component = matches!(kind, FindingKind::Vulnerability | FindingKind::Licence);
        // Trivy describes the rule of a secret by the first line that it was found in.
        let is_described = kind != FindingKind::Secret || !tool.starts_with("trivy");
        let of_rule =
            |text: fn(&Rule) -> &str| rule.map_or_else(Text::default, |rule| text(rule).to_owned().into());
        Finding {
            target,
            severity,
            title: of_rule(Rule::headline),
            description: if is_described { of_rule(|rule| &rule.description) } else { Text::default() },
            component: package.filter(|_| keeps_component).map(Package::component),
            locations,
            fix: Fix { state, versions: fixed.into() },
            primary_url: Some(of_rule(|rule| &rule.page)).filter(|page| !page.is_empty()),
            suppression: self.raw.suppression(),
            ..blank(self.context.scan, image, id, subject)
        }
    }

    fn severity(&self) -> severity::Told<'_> {
        let is_trivys = self.context.tool.starts_with("trivy");
        let word = field(&self.message, "Severity: ").filter(|_| is_trivys);
        severity::Told {
            level: &self.raw.level,
            fails: matches!(&*self.raw.kind, "" | "fail"),
            properties: &self.properties,
            rule: self.rule,
            package: self.package.as_ref(),
            word: word.unwrap_or_default(),
        }
    }

    fn content(&self, severity: &severity::Told<'_>) -> Content<'_> {
        let run = self.context.run;
        let classes = texts(&self.properties, "cwe").chain(texts(&self.properties, "cwes"));
        let fix = self.raw.fixes.first().map(|fix| fix.description.plain().to_owned());
        Content {
            tool: &run.tool,
            rule_id: &self.rule_id,
            package: self.package.as_ref(),
            message: &self.message,
            cwes: self.raw.cwes(run, self.rule, classes),
            score: severity.score(),
            resolution: fix.unwrap_or_default(),
        }
    }

    /// The id: of what is in a package by that, of anything else by its fingerprint or line.
    fn id(
        &self,
        subject: &Subject<'_>,
        target: &str,
        place: Option<&Location<'_>>,
        doubt: &mut dyn FnMut(&'static str),
    ) -> String {
        let (image, artifact) = self.context.artifact();
        let part = if target == image { "" } else { target };
        let component = self.package.as_ref().map(Package::component).unwrap_or_default();
        let in_file = |kind, place: &str| finding_id(kind, artifact, part, "", &self.rule_id, place);
        let mut place = || {
            let line = || line_place(place.and_then(|place| place.start_line));
            self.raw.fingerprint(doubt).unwrap_or_else(line)
        };
        match subject {
            Subject::Vulnerability(it) => vulnerability_finding_id(artifact, &component, it, part),
            Subject::Licence(it) => {
                let named = component_identity(&component);
                finding_id(FindingKind::Licence, artifact, part, &named, &it.name, "")
            }
            Subject::Misconfiguration(_) => in_file(FindingKind::Misconfiguration, &place()),
            Subject::Secret(_) => in_file(FindingKind::Secret, &place()),
            Subject::Code(_) => in_file(FindingKind::Code, &place()),
        }
    }
}
