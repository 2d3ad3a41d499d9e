//! The severity of a result, which tools tell in four ways.

use export_core::finding::{Score, Severity};
use serde_json::{Map, Value};

use super::package::Package;
use super::rule::{Rule, score, word};
use crate::kit::rated;

/// What a result says about its severity.
pub(super) struct Told<'a> {
    pub(super) level: &'a str,
    /// Whether `kind` is `fail`: another's level is none unless told.
    pub(super) fails: bool,
    pub(super) properties: &'a Map<String, Value>,
    pub(super) rule: Option<&'a Rule>,
    pub(super) package: Option<&'a Package>,
    /// The tool's word elsewhere in the message.
    pub(super) word: &'a str,
}

impl Told<'_> {
    /// The first of: the word of a scanner beside its package; `security-severity`; the tool's word in the properties; the
    /// level, which is `warning` if neither the result nor its rule has one (3.27.10).
    pub(super) fn severity(&self) -> Severity {
        let scanner = [self.package.map_or("", |package| &package.severity), self.word];
        let scanner = scanner.into_iter().find(|word| !word.is_empty()).and_then(rated::of_word);
        let words = || [word(self.properties), self.rule.map_or("", |rule| &rule.word)];
        let own = || words().into_iter().find(|word| !word.is_empty()).and_then(rated::of_word);
        scanner.or_else(|| self.score().map(rated::of_score)).or_else(own).unwrap_or_else(|| self.of_level())
    }

    /// `security-severity` of the result, else of its rule.
    pub(super) fn score(&self) -> Option<Score> {
        score(self.properties).or_else(|| self.rule?.score)
    }

    fn of_level(&self) -> Severity {
        let of_rule = self.rule.map_or("", |rule| &rule.level);
        let level = match (self.level, of_rule, self.fails) {
            ("", "", true) => "warning",
            ("", _, false) => "none",
            ("", level, true) => level,
            (level, ..) => level,
        };
        rated::of_level(level).unwrap_or(Severity::Unknown)
    }
}
