//! One result of Semgrep.

use export_core::finding::{CodeWeakness, Finding, FindingKind, Secret, Severity, Subject, Suppression};
use export_core::text::Text;
use serde_json::Value;

use crate::format::Scanned;
use crate::json::members;
use crate::kit::{GivenLine, blank, cwes, file_path, line_place, location, own, place_id, rated};

/// What Semgrep writes instead of a fingerprint for users who are not logged in.
pub(crate) const NO_FINGERPRINT: &str = "requires login";

members! {
    /// An entry of `results`.
    pub(super) struct Entry<'a> {
        rule: Text<'a> = "check_id",
        path: Text<'a> = "path",
        start: Spot = "start",
        end: Spot = "end",
        extra: Extra<'a> = "extra",
    }
    struct Extra<'a> {
        message: Text<'a> = "message",
        severity: Text<'a> = "severity",
        fingerprint: Text<'a> = "fingerprint",
        is_ignored: bool = "is_ignored",
        metadata: Option<serde_json::Map<String, Value>> = "metadata",
    }
}

/// An end of a place.
#[derive(Default, serde::Deserialize)]
struct Spot {
    line: Option<GivenLine>,
}

impl Spot {
    fn line(&self) -> Option<u32> {
        self.line.and_then(|line| line.0)
    }
}

impl Entry<'_> {
    /// The finding, or what is wrong.
    pub(super) fn finding(
        self,
        scan: &Scanned<'_>,
    ) -> Result<Finding<'static>, (&'static str, &'static str)> {
        if self.rule.is_empty() {
            return Err(("check_id is missing", "/check_id"));
        }
        let path = file_path(&self.path).to_owned();
        let metadata = self.extra.metadata.unwrap_or_default();
        let (start, end) = (self.start.line(), self.end.line());
        let place = match &*self.extra.fingerprint {
            "" | NO_FINGERPRINT => line_place(start),
            fingerprint => fingerprint.to_owned(),
        };
        let is_secret = metadata.contains_key("secret_type") || text(&metadata, "category") == "secrets";
        let kind = if is_secret { FindingKind::Secret } else { FindingKind::Code };
        let id = place_id(scan, kind, &path, &self.rule, &place);
        let rule_id = own(self.rule);
        let subject = if is_secret {
            let category = text(&metadata, "secret_type").to_owned().into();
            Subject::Secret(Secret { rule_id, category, masked: Text::default() })
        } else {
            Subject::Code(CodeWeakness {
                rule_id,
                cwes: cwes(texts(&metadata, "cwe")),
                message: own(self.extra.message),
                guard: None,
            })
        };
        let page = Some(text(&metadata, "source")).filter(|page| page.starts_with("https://"));
        let references = texts(&metadata, "references").map(|page| page.to_owned().into()).collect();
        Ok(Finding {
            severity: severity(&self.extra.severity),
            locations: vec![location(&path, start, end)],
            primary_url: page.map(|page| page.to_owned().into()),
            references,
            suppression: self.extra.is_ignored.then(|| Suppression {
                status: "ignored".into(),
                reason: Text::default(),
                source: "nosemgrep".into(),
            }),
            target: path.into(),
            ..blank(scan, scan.image, id, subject)
        })
    }
}

/// A text of the rule's metadata.
fn text<'a>(metadata: &'a serde_json::Map<String, Value>, name: &str) -> &'a str {
    metadata.get(name).and_then(Value::as_str).unwrap_or_default()
}

/// A text, or a list of them, of the rule's metadata.
fn texts<'a>(metadata: &'a serde_json::Map<String, Value>, name: &str) -> impl Iterator<Item = &'a str> {
    let value = metadata.get(name);
    let list = value.and_then(Value::as_array).into_iter().flatten();
    list.filter_map(Value::as_str).chain(value.and_then(Value::as_str))
}

/// `ERROR`, `WARNING` and `INFO` are levels; new versions have the words of scanners too.
fn severity(word: &str) -> Severity {
    rated::of_level(word).unwrap_or_else(|| Severity::from_word(word))
}
