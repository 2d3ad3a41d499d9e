//! The join as one would write it for ten findings: each finding against everything that was said.

use std::collections::BTreeMap;

use export_core::finding::{Epss, Finding, KnownExploited, Product, Subject, Verdict, VexStatement};
use export_core::record::FindingRecord;
use export_core::totals::{PolicyTotals, Totals};

use crate::given::{AT, Given, Image, image_of_product, scans};

/// What a snapshot must be.
pub(crate) struct Expected {
    pub(crate) records: Vec<FindingRecord<'static>>,
    pub(crate) totals: Totals,
    pub(crate) policies: Vec<PolicyTotals>,
    pub(crate) unmatched_statements: u64,
    pub(crate) unmatched_verdicts: u64,
}

pub(crate) fn join(given: &[Given]) -> Expected {
    let findings: Vec<_> =
        given.iter().filter_map(|it| if let Given::Finding(it) = it { Some(it) } else { None }).collect();
    let mut records: Vec<_> = findings.iter().map(|finding| record(finding, given)).collect();
    records.sort_by_cached_key(|record| (record.order_key(), postcard::to_stdvec(record).unwrap()));

    let mut totals = Totals::default();
    records.iter().for_each(|record| totals.add(record));

    let mut statements: Vec<(&VexStatement<'_>, bool)> = Vec::new();
    let mut unmatched_verdicts = 0;
    let mut policies: BTreeMap<(String, String), [u64; 5]> = BTreeMap::new();
    for given in given {
        match given {
            Given::Statement(scan, statement) => {
                let matched =
                    findings.iter().any(|it| it.scan_id == *scan.as_str() && speaks_of(statement, it));
                match statements.iter_mut().find(|(known, _)| *known == statement) {
                    Some((_, any)) => *any |= matched,
                    None => statements.push((statement, matched)),
                }
            }
            Given::Verdict(scan, verdict) => {
                let key = (verdict.policy_set.to_string(), verdict.policy.to_string());
                policies.entry(key).or_default()[verdict.decision as usize] += 1;
                let matched = findings.iter().any(|it| it.scan_id == *scan.as_str() && is_about(verdict, it));
                unmatched_verdicts += u64::from(verdict.subject.is_some() && !matched);
            }
            Given::Finding(_) | Given::Intelligence(_) => {}
        }
    }
    let policies = policies.into_iter().map(|((policy_set, policy), by_decision)| PolicyTotals {
        policy_set,
        policy,
        by_decision,
    });
    Expected {
        records,
        totals,
        policies: policies.collect(),
        unmatched_statements: statements.iter().filter(|(_, matched)| !matched).count() as u64,
        unmatched_verdicts,
    }
}

fn record(finding: &Finding<'static>, given: &[Given]) -> FindingRecord<'static> {
    let mut vex: Option<&VexStatement<'static>> = None;
    let mut verdicts = Vec::new();
    let (mut epss, mut known) = (None, None);
    for given in given {
        match given {
            // Not older than the newest so far: of equal times the later one wins.
            Given::Statement(scan, statement)
                if finding.scan_id == *scan.as_str()
                    && speaks_of(statement, finding)
                    && vex.is_none_or(|vex| statement.assertion.timestamp >= vex.assertion.timestamp) =>
            {
                vex = Some(statement);
            }
            Given::Verdict(scan, verdict)
                if finding.scan_id == *scan.as_str() && is_about(verdict, finding) =>
            {
                verdicts.push(verdict.clone());
            }
            Given::Intelligence(it) if names(finding).contains(&&*it.vulnerability) => {
                epss = epss.max(it.epss.map(|it| (it.probability, it.percentile)));
                known = known.max(it.known_exploited.clone().map(|it| (it.added, it.ransomware)));
            }
            _ => {}
        }
    }
    // Verdicts that policy and time do not tell apart have an order all the same, whatever the order of reading.
    verdicts.sort_by_key(|verdict| postcard::to_stdvec(verdict).unwrap());
    let mut finding = finding.clone();
    if let Subject::Vulnerability(vulnerability) = &mut finding.subject {
        vulnerability.epss =
            vulnerability.epss.or(epss.map(|(probability, percentile)| Epss { probability, percentile }));
        let entry = known.map(|(added, ransomware)| KnownExploited { added, due: None, ransomware });
        vulnerability.known_exploited = vulnerability.known_exploited.take().or(entry);
    }
    FindingRecord::join(finding, vex.map(|it| it.assertion.clone()), verdicts, AT)
}

fn names<'a>(finding: &'a Finding<'_>) -> Vec<&'a str> {
    let aliases = match &finding.subject {
        Subject::Vulnerability(it) => &it.aliases,
        Subject::Misconfiguration(it) => &it.aliases,
        Subject::Secret(_) | Subject::Licence(_) | Subject::Code(_) => unreachable!("not given"),
    };
    let names = aliases.iter().map(|alias| &**alias).chain([finding.rule()]);
    names.filter(|name| !name.is_empty()).collect()
}

fn purl<'a>(finding: &'a Finding<'_>) -> Option<&'a str> {
    finding.component.as_ref()?.purl.as_deref()
}

fn is_about(verdict: &Verdict<'_>, finding: &Finding<'_>) -> bool {
    verdict.subject.as_ref().is_some_and(|subject| {
        let purl = match (&*subject.purl, purl(finding)) {
            ("", None) => true,
            ("", Some(_)) => finding.vulnerability().is_none(),
            (_, None) => false,
            (said, Some(purl)) => is_component(said, purl),
        };
        let target = subject.target.as_ref().is_none_or(|target| *target == finding.target);
        purl && target && names(finding).contains(&&*subject.vulnerability)
    })
}

fn speaks_of(statement: &VexStatement<'_>, finding: &Finding<'_>) -> bool {
    let names = names(finding);
    let named =
        statement.aliases.iter().chain([&statement.vulnerability]).any(|name| names.contains(&&**name));
    let product = |product: &Product<'_>| {
        let called = purl(finding).map(str::to_owned).or_else(|| part(finding));
        let is_component = |id: &str| called.as_deref().is_some_and(|called| is_component(id, called));
        let is_image = image_of_product(&product.id).map(|image| names_scan(image, finding));
        if product.subcomponents.is_empty() {
            is_image == Some(true) || is_component(&product.id)
        } else {
            is_image != Some(false) && product.subcomponents.iter().any(|id| is_component(id))
        }
    };
    finding.vulnerability().is_some() && named && statement.products.iter().any(product)
}

/// What a component without package URL is called.
fn part(finding: &Finding<'_>) -> Option<String> {
    let component = finding.component.as_ref().filter(|component| !component.name.is_empty())?;
    let version = Some(&component.version).filter(|version| !version.is_empty());
    let name = &component.name;
    Some(version.map_or_else(|| name.to_string(), |version| format!("{name}@{version}")))
}

/// Name, version and qualifiers; only for package URLs without an `@` in their names.
fn parts(purl: &str) -> (&str, Option<&str>, Option<&str>) {
    let (identity, qualifiers) =
        purl.split_once('?').map_or((purl, None), |(identity, rest)| (identity, Some(rest)));
    let (name, version) =
        identity.split_once('@').map_or((identity, None), |(name, rest)| (name, Some(rest)));
    (name, version, qualifiers)
}

fn is_component(said: &str, purl: &str) -> bool {
    let (name, version, qualifiers) = parts(said);
    let component = parts(purl);
    name == component.0
        && version.is_none_or(|version| component.1 == Some(version))
        && qualifiers.is_none_or(|qualifiers| component.2 == Some(qualifiers))
}

fn names_scan(product: Image, finding: &Finding<'_>) -> bool {
    let scans = scans();
    let (_, scanned) = scans.iter().find(|(scan, _)| finding.scan_id == *scan.id.as_str()).unwrap();
    if let (Some(one), Some(other)) = (product.digest, scanned.digest) {
        return one == other;
    }
    let end = scanned.repository.strip_suffix(product.repository);
    let repository =
        !product.repository.is_empty() && end.is_some_and(|rest| rest.is_empty() || rest.ends_with('/'));
    repository && product.tag.is_none_or(|tag| scanned.tag == Some(tag))
}
