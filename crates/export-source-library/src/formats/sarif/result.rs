//! One result (section 3.27).

use std::collections::BTreeMap;

use export_core::finding::{Finding, FindingKind, Fix, FixState, Subject, Suppression, finding_id};
use export_core::text::Text;
use serde_json::Value;

use super::class::Clues;
use super::message::Message;
use super::package::{self, Package, field};
use super::place::RawLocation;
use super::rule::{Bag, Rule, TaxonRef, texts};
use super::run::Run;
use super::severity;
use super::subject::Content;
use crate::format::Scanned;
use crate::json::members;
use crate::kit::{blank, canonical, line_place, own, repository};

members! {
    /// An entry of `results`.
    pub(super) struct RawResult<'a> {
        rule_id: Text<'a> = "ruleId",
        rule_index: Option<i64> = "ruleIndex",
        rule: TaxonRef<'a> = "rule",
        pub(super) kind: Text<'a> = "kind",
        level: Text<'a> = "level",
        message: Message<'a> = "message",
        locations: Vec<RawLocation<'a>> = "locations",
        fingerprints: BTreeMap<Text<'a>, Value> = "fingerprints",
        partial: BTreeMap<Text<'a>, Value> = "partialFingerprints",
        suppressions: Vec<RawSuppression<'a>> = "suppressions",
        pub(super) baseline: Text<'a> = "baselineState",
        taxa: Vec<TaxonRef<'a>> = "taxa",
        fixes: Vec<RawFix<'a>> = "fixes",
        properties: Bag = "properties",
    }
    struct RawSuppression<'a> {
        kind: Text<'a> = "kind",
        status: Text<'a> = "status",
        justification: Text<'a> = "justification",
    }
    struct RawFix<'a> {
        description: Message<'a> = "description",
    }
}

/// Members of `partialFingerprints` that are no fingerprints of a place: Gitleaks tells of the commit there.
const NO_FINGERPRINTS: [&str; 5] = ["commitSha", "commitMessage", "author", "email", "date"];

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

impl RawResult<'_> {
    /// The finding.
    pub(super) fn finding(
        mut self,
        context: &Context<'_>,
        doubt: &mut dyn FnMut(&'static str),
    ) -> Finding<'static> {
        let run = context.run;
        let rule = self.find_rule(run);
        let rule_id = self.name_rule(rule, run, doubt);
        let message = self.message.resolve(&[rule.map(|rule| &rule.strings), Some(&run.strings)]);
        if message.is_empty() {
            doubt("A result has no message");
        }
        let properties = self.properties.take().unwrap_or_default();
        let tool = context.tool.as_str();
        let logical = self.locations.iter().find_map(RawLocation::logical_name);
        let told = package::Told {
            tool,
            rule_id: &rule_id,
            rule,
            message: &message,
            logical,
            properties: &properties,
        };
        let package = told.package();
        let package = package.as_ref();
        let kind = Clues { tool, rule_id: &rule_id, rule, package }.kind();
        let word =
            if tool.starts_with("trivy") { field(&message, "Severity: ").unwrap_or_default() } else { "" };
        let fails = matches!(&*self.kind, "" | "fail");
        let told = severity::Told { level: &self.level, fails, properties: &properties, rule, package, word };
        let (severity, score) = (told.severity(), told.score());
        let content = Content {
            tool: &run.tool,
            rule_id: &rule_id,
            package,
            message: &message,
            cwes: self.cwes(run, rule, texts(&properties, "cwe").chain(texts(&properties, "cwes"))),
            score,
            resolution: self.fixes.first().map(|fix| fix.description.plain().to_owned()).unwrap_or_default(),
        };
        let subject = content.subject(kind);
        let locations: Vec<_> = self.locations.iter().filter_map(|it| it.read(run)).collect();
        let (image, artifact) = context.artifact();
        let target = locations.first().map_or_else(|| image.to_owned().into(), |it| it.path.clone());
        let line = locations.first().and_then(|it| it.start_line);
        let part = if *target == *image { "" } else { target.as_str() };
        let id = match &subject {
            Subject::Vulnerability(it) => {
                let rule = canonical(&it.id, &it.aliases);
                let (named, version) = package.map_or(("", ""), Package::identity);
                finding_id(kind, artifact, part, named, rule, version)
            }
            Subject::Licence(it) => {
                let (named, version) = package.map_or(("", ""), Package::identity);
                finding_id(kind, artifact, part, named, &it.name, version)
            }
            Subject::Misconfiguration(_) | Subject::Secret(_) | Subject::Code(_) => {
                let place = self.fingerprint(doubt).unwrap_or_else(|| line_place(line));
                finding_id(kind, artifact, part, "", &rule_id, &place)
            }
        };
        let fixed = package.map(|package| package.fixed.clone()).unwrap_or_default();
        let state = if fixed.is_empty() { FixState::Unknown } else { FixState::Fixed };
        let keeps_component = matches!(kind, FindingKind::Vulnerability | FindingKind::Licence);
        // Trivy describes the rule of a secret by the first line that it was found in.
        let hides_match = kind == FindingKind::Secret && tool.starts_with("trivy");
        Finding {
            target,
            severity,
            title: rule.map_or_else(Text::default, |rule| rule.headline().to_owned().into()),
            description: rule
                .filter(|_| !hides_match)
                .map_or_else(Text::default, |rule| rule.description.clone().into()),
            component: package.filter(|_| keeps_component).map(Package::component),
            locations,
            fix: Fix { state, versions: fixed.into() },
            primary_url: rule.map(|rule| rule.page.clone()).filter(|page| !page.is_empty()).map(Text::from),
            suppression: self.suppression(),
            ..blank(context.scan, image, id, subject)
        }
    }

    /// The rule, in whichever of the ways a result may name it (3.27.5 to 3.27.7).
    fn find_rule<'r>(&self, run: &'r Run) -> Option<&'r Rule> {
        let id = if self.rule_id.is_empty() { &self.rule.id } else { &self.rule_id };
        let component = &self.rule.component;
        let extension = component.index.and_then(|index| usize::try_from(index).ok());
        let named = || {
            let at = run.extensions.iter().position(|name| !name.is_empty() && *name == *component.name);
            at.filter(|_| !component.name.is_empty())
        };
        let component = extension.or_else(named).map_or(0, |index| index + 1);
        run.rules.find(id, component, self.rule.index.or(self.rule_index))
    }

    /// The rule's id. One that names no rule at all is known by its tool.
    fn name_rule(&self, rule: Option<&Rule>, run: &Run, doubt: &mut dyn FnMut(&'static str)) -> String {
        let told = [&*self.rule_id, &*self.rule.id, rule.map_or("", |rule| &rule.id)];
        if let Some(id) = told.into_iter().find(|id| !id.is_empty()) {
            return id.to_owned();
        }
        doubt("A result names no rule: its tool stands for it");
        if run.tool.is_empty() { "unknown".to_owned() } else { run.tool.clone() }
    }

    /// Classes of weaknesses: the result's own, then its rule's.
    fn cwes<'t>(&self, run: &Run, rule: Option<&Rule>, told: impl Iterator<Item = &'t str>) -> Vec<String> {
        let own = self.taxa.iter().filter_map(|taxon| {
            let index = taxon.component.index.and_then(|index| usize::try_from(index).ok());
            let taxonomy = index.and_then(|index| run.taxonomies.get(index));
            let name = taxonomy.map_or(&*taxon.component.name, |(name, _)| name);
            let known = || taxonomy?.1.get(usize::try_from(taxon.index?).ok()?).map(String::as_str);
            let id = if taxon.id.is_empty() { known()? } else { &taxon.id };
            name.eq_ignore_ascii_case("cwe").then(|| id.to_owned())
        });
        let of_rule = rule.into_iter().flat_map(|rule| &rule.cwes).cloned();
        own.chain(told.map(str::to_owned)).chain(of_rule).collect()
    }

    /// What the tool knows the place by: a whole fingerprint before a partial one, that of the line first among these.
    fn fingerprint(&self, doubt: &mut dyn FnMut(&'static str)) -> Option<String> {
        let line = self.partial.get_key_value(&Text::from("primaryLocationLineHash"));
        let mut all = self.fingerprints.iter().chain(line).chain(&self.partial);
        all.find_map(|(name, value)| match value {
            Value::String(text) if text.is_empty() || text == "requires login" => None,
            Value::String(text) if !NO_FINGERPRINTS.contains(&name.as_str()) => {
                Some(format!("{name}\0{text}"))
            }
            Value::String(_) | Value::Null => None,
            Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => {
                doubt("A fingerprint is no text and was left out");
                None
            }
        })
    }

    /// Suppressed is what has suppressions, none of which waits for a decision or was rejected (3.27.23).
    fn suppression(&self) -> Option<Suppression<'static>> {
        let is_open = |it: &RawSuppression<'_>| matches!(&*it.status, "underReview" | "rejected");
        let first = self.suppressions.first().filter(|_| !self.suppressions.iter().any(is_open))?;
        let told = self.suppressions.iter().map(|it| &it.justification).find(|text| !text.is_empty());
        Some(Suppression {
            status: "accepted".into(),
            reason: told.cloned().map(own).unwrap_or_default(),
            source: own(first.kind.clone()),
        })
    }
}
