//! A rule: what SARIF calls a reporting descriptor (section 3.49).
//!
//! The type of `serde-sarif` would own every text of it; half of a million results may bring rules of their own.

use export_core::finding::{FindingKind, Subject};
use export_core::record::FindingRecord;

use crate::advisory::AdvisoryJson;
use crate::json::Json;
use crate::severity;
use crate::taxa::Taxon;
use crate::texts;
use crate::uri;

/// GitHub keeps ten tags of a rule.
const TAGS: usize = 10;

/// Texts that rules are put together in, used again and again.
#[derive(Debug, Default)]
pub(crate) struct RuleTexts {
    short: String,
    full: String,
    help: String,
    markdown: String,
}

impl RuleTexts {
    /// Appends the rule of `record`, its most severe result, to `out` as JSON.
    pub(crate) fn write(&mut self, out: &mut Vec<u8>, record: &FindingRecord<'_>, taxa: &[Taxon]) {
        self.compose(record);
        let finding = &record.finding;
        let mut json = Json(out);
        json.member(r#"{"id":"#, texts::rule_id(finding));
        json.word(r#","name":"#, texts::rule_name(finding.kind()));
        json.member(r#","shortDescription":{"text":"#, &self.short);
        json.member(r#"},"fullDescription":{"text":"#, &self.full).raw("}");
        json.maybe(r#","helpUri":"#, help_uri(record).as_deref());
        json.member(r#","help":{"text":"#, &self.help);
        json.member(r#","markdown":"#, &self.markdown);
        json.word(r#"},"defaultConfiguration":{"level":"#, severity::level(finding.severity)).raw("}");
        relationships(&mut json, taxa);
        json.raw(r#","properties":{"security-severity":""#).decimal(severity::tenths(record).into(), 1);
        json.word(r#"","precision":"#, precision(record));
        json.raw(r#","tags":"#).value(&tags(record, taxa));
        json.raw(r#","advisory":"#).value(&AdvisoryJson::of_rule(finding)).raw("}}");
    }

    fn compose(&mut self, record: &FindingRecord<'_>) {
        for text in [&mut self.short, &mut self.full, &mut self.help, &mut self.markdown] {
            text.clear();
        }
        texts::short(&mut self.short, &record.finding);
        texts::full(&mut self.full, &record.finding);
        texts::help_text(&mut self.help, record);
        texts::help_markdown(&mut self.markdown, record);
    }
}

/// A rule's weaknesses. `relevant` claims nothing of results to come; each result names its own.
fn relationships(json: &mut Json<'_>, taxa: &[Taxon]) {
    for (at, taxon) in taxa.iter().enumerate() {
        json.raw(if at == 0 { r#","relationships":[{"target":"# } else { r#",{"target":"# });
        taxon.write(json);
        json.raw(r#","kinds":["relevant"]}"#);
    }
    if !taxa.is_empty() {
        json.raw("]");
    }
}

/// The page to read first; for ids of the large databases, theirs where the scanner names none.
fn help_uri(record: &FindingRecord<'_>) -> Option<String> {
    if let Some(url) = record.finding.primary_url.as_deref().filter(|url| uri::is_web_address(url)) {
        return Some(url.to_owned());
    }
    let id = record.finding.rule();
    let is_id = id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    let base = match id {
        _ if !is_id => return None,
        _ if id.starts_with("CVE-") => "https://nvd.nist.gov/vuln/detail/",
        _ if id.starts_with("GHSA-") => "https://github.com/advisories/",
        _ => return None,
    };
    Some(format!("{base}{id}"))
}

/// How often the rule is right, in the words of code scanning: what is compared with a database is, what is read from code may be.
fn precision(record: &FindingRecord<'_>) -> &'static str {
    match &record.finding.subject {
        Subject::Vulnerability(_) | Subject::Misconfiguration(_) => "very-high",
        Subject::Secret(_) | Subject::Licence(_) => "high",
        Subject::Code(_) => "medium",
    }
}

fn tags(record: &FindingRecord<'_>, taxa: &[Taxon]) -> Vec<String> {
    let kind = record.finding.kind();
    let security = (kind != FindingKind::Licence).then(|| "security".to_owned());
    let known = record.is_known_exploited().then(|| "known-exploited".to_owned());
    // GitHub's own rules write three digits.
    let weaknesses = taxa.iter().map(|taxon| format!("external/cwe/cwe-{:03}", taxon.number));
    let named = security.into_iter().chain([kind.as_str().to_owned()]).chain(known);
    named.chain(weaknesses).take(TAGS).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use export_contract::corpus;
    use export_core::finding::{Finding, Vulnerability};

    #[test]
    fn the_help_page_is_a_clean_address() {
        let help = |id: &'static str, url: Option<&'static str>| {
            let record = corpus::record(1);
            let subject = Subject::Vulnerability(Vulnerability { id: id.into(), ..Vulnerability::default() });
            let finding = Finding { subject, primary_url: url.map(Into::into), ..record.finding };
            help_uri(&FindingRecord { finding, ..record })
        };
        let cve = Some("https://nvd.nist.gov/vuln/detail/CVE-2021-44228");
        assert_eq!(help("X", Some("https://a.example/x")).as_deref(), Some("https://a.example/x"));
        assert_eq!(help("CVE-2021-44228", None).as_deref(), cve);
        assert_eq!(help("CVE-2021-44228", Some("javascript:alert(1)")).as_deref(), cve);
        assert_eq!(help("GHSA-a-b", None).as_deref(), Some("https://github.com/advisories/GHSA-a-b"));
        assert_eq!((help("CVE-1/../x", None), help("DS002", None)), (None, None));
    }

    #[test]
    fn tags_are_few() {
        let mut taxa = vec![];
        let cwes: Vec<_> = (1..30).map(|number| format!("CWE-{number}")).collect();
        crate::taxa::Taxa::default().of(cwes.iter().map(String::as_str), &mut taxa);
        let tags = tags(&corpus::record(4), &taxa);
        assert_eq!((tags.len(), &*tags[0]), (TAGS, "security"));
        assert!(tags.contains(&"external/cwe/cwe-001".to_owned()), "{tags:?}");
    }
}
