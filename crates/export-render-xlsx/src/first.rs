//! First things first: the open findings to act on before all others.
//!
//! Findings of one rule in one package are one row, in however many places. Order: known exploited, then EPSS, then CVSS,
//! then severity. Memory is bounded: what ranks low is dropped on the way.

use std::cmp::Reverse;
use std::collections::HashMap;

use export_core::finding::{Finding, FixState, Severity, Subject};
use export_core::record::FindingRecord;
use export_render_kit::urgency::{Urgency, urgency};

/// Rows that a summary has.
const ROWS: usize = 10;
/// Groups that are kept: so many more than rows that all findings of a row are met before it could be dropped.
const KEPT: usize = 500;
/// Characters of a text: about two lines of a cell on the summary.
const SHOWN: usize = 60;

/// The rule and the package.
type Key = (String, String);

/// The most urgent groups so far.
#[derive(Default)]
pub(crate) struct FirstThings {
    groups: HashMap<Key, (Urgency, FirstThing)>,
    /// The rank of the least urgent group when some were last dropped.
    least: Option<Urgency>,
}

/// One row.
pub(crate) struct FirstThing {
    /// As the scanner decided it.
    pub(crate) severity: Severity,
    /// The vulnerability or rule.
    pub(crate) rule: String,
    /// The page to read, whole.
    pub(crate) address: Option<String>,
    /// The package with its version; empty if there is none.
    pub(crate) package: String,
    /// The first image that has it.
    pub(crate) image: String,
    /// How many findings it stands for.
    pub(crate) findings: u64,
    /// What ends it.
    pub(crate) action: String,
    /// Why it is here.
    pub(crate) reason: String,
}

impl FirstThings {
    /// One more record.
    pub(crate) fn consider(&mut self, record: &FindingRecord<'_>) {
        if !record.status.is_open() {
            return;
        }
        let (key, rank) = (key(&record.finding), urgency(record));
        if let Some((_, thing)) = self.groups.get_mut(&key) {
            thing.findings += 1;
        } else if self.least.is_none_or(|least| rank >= least) {
            self.groups.insert(key, (rank, FirstThing::of(record)));
        }
        if self.groups.len() > 2 * KEPT {
            self.drop_least();
        }
    }

    /// The rows, the most urgent first.
    pub(crate) fn rows(&self) -> Vec<&FirstThing> {
        self.ordered().into_iter().take(ROWS).map(|(_, (_, thing))| thing).collect()
    }

    fn ordered(&self) -> Vec<(&Key, &(Urgency, FirstThing))> {
        let mut groups: Vec<_> = self.groups.iter().collect();
        groups.sort_by(|(key_a, a), (key_b, b)| (Reverse(a.0), key_a).cmp(&(Reverse(b.0), key_b)));
        groups
    }

    fn drop_least(&mut self) {
        let ordered = self.ordered();
        let (last, (least, _)) = ordered[KEPT - 1];
        let (last, least) = (last.clone(), *least);
        self.groups.retain(|key, (rank, _)| (Reverse(*rank), key) <= (Reverse(least), &last));
        self.least = Some(least);
    }
}

impl FirstThing {
    fn of(record: &FindingRecord<'_>) -> Self {
        let finding = &record.finding;
        Self {
            severity: finding.severity,
            rule: head(finding.rule()),
            address: link_of(finding),
            package: package(finding),
            image: head(&finding.image),
            findings: 1,
            action: head(&action(record)),
            reason: reason(record),
        }
    }
}

/// The page to read, if it can be a link.
pub(crate) fn link_of(finding: &Finding<'_>) -> Option<String> {
    finding.primary_url.as_deref().filter(|url| crate::link::is_link(url)).map(str::to_owned)
}

/// The package with its version; empty if there is none.
pub(crate) fn package(finding: &Finding<'_>) -> String {
    let package = finding.component.as_ref().map(|it| format!("{} {}", head(&it.name), head(&it.version)));
    package.map(|it| it.trim().to_owned()).unwrap_or_default()
}

fn key(finding: &Finding<'_>) -> Key {
    let package = finding.component.as_ref().map_or("", |it| &*it.name);
    (head(finding.rule()), head(package))
}

fn reason(record: &FindingRecord<'_>) -> String {
    let known = record.finding.vulnerability().and_then(|it| it.known_exploited.as_ref());
    let reasons: Vec<String> = [
        known.map(|it| if it.ransomware { "exploited by ransomware" } else { "known exploited" }.to_owned()),
        record.epss().map(|epss| format!("EPSS {:.1} %", epss.as_f64() * 100.0)),
        record.score().map(|score| format!("CVSS {score}")),
    ]
    .into_iter()
    .flatten()
    .collect();
    if reasons.is_empty() { format!("{} severity", record.finding.severity) } else { reasons.join(", ") }
}

fn action(record: &FindingRecord<'_>) -> String {
    let finding = &record.finding;
    match &finding.subject {
        Subject::Vulnerability(_) => match finding.fix.versions.trim() {
            "" => without_fix(finding.fix.state).to_owned(),
            versions => format!("Upgrade to {versions}"),
        },
        Subject::Misconfiguration(check) if !check.resolution.trim().is_empty() => {
            check.resolution.to_string()
        }
        Subject::Misconfiguration(_) => "Correct the configuration".to_owned(),
        Subject::Secret(_) => "Revoke the credential, then remove it".to_owned(),
        Subject::Licence(_) => "Have the licence approved, or replace it".to_owned(),
        Subject::Code(_) => "Change the code".to_owned(),
    }
}

const fn without_fix(state: FixState) -> &'static str {
    match state {
        FixState::WillNotFix => "Will not be fixed: replace the package",
        FixState::EndOfLife => "No longer supported: move to a version that is",
        FixState::NotAffected => "Vendor says not affected: state it as VEX",
        FixState::Deferred | FixState::UnderInvestigation => "The vendor works on a fix: limit its reach",
        FixState::Unknown | FixState::Affected | FixState::Fixed => "No fix yet: limit its reach",
    }
}

/// The beginning of a text on one line, for a cell that shows two. The findings sheet has it whole.
pub(crate) fn head(text: &str) -> String {
    let mut characters = text.chars().map(|c| if c.is_whitespace() { ' ' } else { c });
    let head: String = characters.by_ref().take(SHOWN).collect();
    if characters.next().is_none() { head } else { format!("{head}…") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use export_contract::corpus;
    use export_core::finding::Component;

    fn open(seed: u64) -> FindingRecord<'static> {
        let record = corpus::record(seed);
        let finding = Finding { suppression: None, ..record.finding };
        FindingRecord::join(finding, None, vec![], corpus::AT)
    }

    #[test]
    fn the_most_urgent_lead_however_many_there_are() {
        let records: Vec<_> = (0..3_000).map(open).collect();
        let mut first = FirstThings::default();
        records.iter().for_each(|record| first.consider(record));
        assert!(first.groups.len() <= 2 * KEPT);
        let mut expected: Vec<_> =
            records.iter().map(|it| (Reverse(urgency(it)), key(&it.finding))).collect();
        expected.sort();
        let rules: Vec<&str> = first.rows().iter().map(|it| it.rule.as_str()).collect();
        assert_eq!(rules, expected[..ROWS].iter().map(|(_, (rule, _))| rule.as_str()).collect::<Vec<_>>());
        assert!(first.rows()[0].reason.starts_with("exploited by ransomware, EPSS"));
    }

    #[test]
    fn one_rule_in_one_package_is_one_row() {
        let mut first = FirstThings::default();
        let record = open(7);
        for image in ["a:1", "b:1", "a:1"] {
            let finding = Finding { image: image.into(), ..record.finding.clone() };
            first.consider(&FindingRecord { finding, ..record.clone() });
        }
        let other = Component { name: "other".into(), ..Component::default() };
        let finding = Finding { component: Some(other), ..record.finding.clone() };
        first.consider(&FindingRecord { finding, ..record.clone() });
        let rows: Vec<_> = first.rows().iter().map(|it| (it.image.clone(), it.findings)).collect();
        assert_eq!(rows.len(), 2);
        assert!(rows.contains(&("a:1".to_owned(), 3)), "{rows:?}");
    }

    #[test]
    fn what_is_not_open_is_no_first_thing() {
        let mut first = FirstThings::default();
        let suppressed =
            Finding { suppression: Some(export_core::finding::Suppression::default()), ..open(7).finding };
        first.consider(&FindingRecord::join(suppressed, None, vec![], corpus::AT));
        assert!(first.rows().is_empty());
    }
}
