//! One result (section 3.27).

use std::collections::BTreeMap;

use export_core::finding::Suppression;
use export_core::text::Text;
use serde_json::Value;

use super::message::Message;
use super::place::RawLocation;
use super::rule::{Bag, Rule, TaxonRef};
use super::run::Run;
use crate::json::members;
use crate::kit::own;

members! {
    /// An entry of `results`.
    pub(super) struct RawResult<'a> {
        pub(super) rule_id: Text<'a> = "ruleId",
        rule_index: Option<i64> = "ruleIndex",
        rule: TaxonRef<'a> = "rule",
        pub(super) kind: Text<'a> = "kind",
        pub(super) level: Text<'a> = "level",
        pub(super) message: Message<'a> = "message",
        pub(super) locations: Vec<RawLocation<'a>> = "locations",
        fingerprints: BTreeMap<Text<'a>, Value> = "fingerprints",
        partial: BTreeMap<Text<'a>, Value> = "partialFingerprints",
        suppressions: Vec<RawSuppression<'a>> = "suppressions",
        pub(super) baseline: Text<'a> = "baselineState",
        taxa: Vec<TaxonRef<'a>> = "taxa",
        pub(super) fixes: Vec<RawFix<'a>> = "fixes",
        pub(super) properties: Bag = "properties",
    }
    struct RawSuppression<'a> {
        kind: Text<'a> = "kind",
        status: Text<'a> = "status",
        justification: Text<'a> = "justification",
    }
    pub(super) struct RawFix<'a> {
        pub(super) description: Message<'a> = "description",
    }
}

/// Members of `partialFingerprints` that are no fingerprints of a place: Gitleaks tells of the commit there.
const NO_FINGERPRINTS: [&str; 5] = ["commitSha", "commitMessage", "author", "email", "date"];

impl RawResult<'_> {
    /// The rule, in whichever of the ways a result may name it (3.27.5 to 3.27.7).
    pub(super) fn find_rule<'r>(&self, run: &'r Run) -> Option<&'r Rule> {
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
    pub(super) fn name_rule(
        &self,
        rule: Option<&Rule>,
        run: &Run,
        doubt: &mut dyn FnMut(&'static str),
    ) -> String {
        let told = [&*self.rule_id, &*self.rule.id, rule.map_or("", |rule| &rule.id)];
        if let Some(id) = told.into_iter().find(|id| !id.is_empty()) {
            return id.to_owned();
        }
        doubt("A result names no rule: its tool stands for it");
        if run.tool.is_empty() { "unknown".to_owned() } else { run.tool.clone() }
    }

    /// Classes of weaknesses: the result's own, then its rule's.
    pub(super) fn cwes<'t>(
        &self,
        run: &Run,
        rule: Option<&Rule>,
        told: impl Iterator<Item = &'t str>,
    ) -> Vec<String> {
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
    pub(super) fn fingerprint(&self, doubt: &mut dyn FnMut(&'static str)) -> Option<String> {
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
    pub(super) fn suppression(&self) -> Option<Suppression<'static>> {
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
