//! Vulnerabilities and compliance worked out the plain way, with everything in memory.

use std::collections::{BTreeMap, BTreeSet};

use export_core::compliance::{ComplianceFacts, RuleTotals, Standings, standing};
use export_core::finding::{Decision, Rating, Subject, Verdict, Vulnerability};
use export_core::ports::ScanTotals;
use export_core::record::FindingRecord;
use export_core::text::Text;
use export_core::time::Timestamp;
use export_core::vulnerability::{AFFECTED_KEPT, Affected, VulnerabilityRecord};

type Record = FindingRecord<'static>;

/// The vulnerabilities of `records`, in their order.
pub(super) fn vulnerabilities(records: &[Record]) -> Vec<VulnerabilityRecord<'static>> {
    let mut groups: BTreeMap<Text<'static>, Vec<&Record>> = BTreeMap::new();
    for record in records {
        if let Some(vulnerability) = record.finding.vulnerability() {
            groups.entry(vulnerability.canonical_id().to_owned().into()).or_default().push(record);
        }
    }
    let mut ranked: Vec<_> = groups.into_iter().map(|(id, group)| of_group(id, group)).collect();
    ranked.sort_by(|(a, one), (b, two)| (a, &one.id).cmp(&(b, &two.id)));
    ranked.into_iter().map(|(_, vulnerability)| vulnerability).collect()
}

type Rank = (bool, [u8; 7]);

fn of_group(id: Text<'static>, mut group: Vec<&Record>) -> (Rank, VulnerabilityRecord<'static>) {
    group.sort_by_cached_key(|it| (!it.status.is_open(), it.order_key()));
    let worst = group[0];
    let (affected, more_affected) = affected(&group);
    let count = |keep: fn(&Record) -> bool| group.iter().filter(|it| keep(it)).count() as u64;
    let scans = |keep: fn(&Record) -> bool| {
        let scans: BTreeSet<&str> =
            group.iter().filter(|it| keep(it)).map(|it| it.finding.scan_id.as_str()).collect();
        scans.len() as u64
    };
    let mut by_status = [0; 6];
    group.iter().for_each(|it| by_status[it.status as usize] += 1);
    let vulnerability = VulnerabilityRecord {
        id,
        aliases: first(&group, |it| some_list(&others(about(it)))).unwrap_or_default(),
        cwes: first(&group, |it| some_list(&about(it).cwes)).unwrap_or_default(),
        title: first(&group, |it| some_text(&it.finding.title)).unwrap_or_default(),
        description: first(&group, |it| some_text(&it.finding.description)).unwrap_or_default(),
        severity: worst.finding.severity,
        rating: first(&group, |it| leading(about(it))),
        epss: first(&group, |it| about(it).epss),
        known_exploited: first(&group, |it| about(it).known_exploited.clone()),
        primary_url: first(&group, |it| it.finding.primary_url.clone()),
        published: first(&group, |it| it.finding.published),
        modified: first(&group, |it| it.finding.modified),
        findings: group.len() as u64,
        open: count(|it| it.status.is_open()),
        open_with_fix: count(|it| it.status.is_open() && it.finding.fix.is_available()),
        by_status,
        decision: group.iter().filter_map(|it| it.decision()).min(),
        scans: scans(|_| true),
        open_scans: scans(|it| it.status.is_open()),
        affected,
        more_affected,
        changes: None,
    };
    ((!worst.status.is_open(), worst.rank()), vulnerability)
}

fn about(record: &Record) -> &Vulnerability<'static> {
    let Subject::Vulnerability(vulnerability) = &record.finding.subject else {
        unreachable!("groups are of vulnerabilities")
    };
    vulnerability
}

fn others(vulnerability: &Vulnerability<'static>) -> Vec<Text<'static>> {
    vulnerability.other_ids().into_iter().map(|id| id.to_owned().into()).collect()
}

/// As [`Vulnerability::leading_rating`], for as long as one likes.
fn leading(vulnerability: &Vulnerability<'static>) -> Option<Rating<'static>> {
    let leading = vulnerability.leading_rating()?;
    vulnerability.ratings.iter().find(|it| *it == leading).cloned()
}

/// What the first of `group` tells that tells it at all.
fn first<T>(group: &[&Record], tell: impl Fn(&Record) -> Option<T>) -> Option<T> {
    group.iter().find_map(|it| tell(it))
}

fn some_text(text: &Text<'static>) -> Option<Text<'static>> {
    (!text.is_empty()).then(|| text.clone())
}

fn some_list(list: &[Text<'static>]) -> Option<Vec<Text<'static>>> {
    (!list.is_empty()).then(|| list.to_vec())
}

fn affected(group: &[&Record]) -> (Vec<Affected<'static>>, u64) {
    let mut counted: BTreeMap<Affected<'static>, u64> = BTreeMap::new();
    for FindingRecord { finding, vex, status, .. } in group {
        let component = finding.component.clone().unwrap_or_default();
        let affected = Affected {
            image: finding.image.clone(),
            scan_id: finding.scan_id.clone(),
            component: component.name,
            version: component.version,
            purl: component.purl,
            ecosystem: component.ecosystem,
            fixed: finding.fix.versions.clone(),
            fix_state: finding.fix.state,
            status: *status,
            vex: vex.as_ref().map(|vex| vex.status),
            findings: 0,
        };
        *counted.entry(affected).or_default() += 1;
    }
    let more = counted.len().saturating_sub(AFFECTED_KEPT) as u64;
    let kept = counted.into_iter().take(AFFECTED_KEPT);
    (kept.map(|(affected, findings)| Affected { findings, ..affected }).collect(), more)
}

/// What `verdicts` of `scans` come to.
pub(super) fn compliance<'r>(
    verdicts: impl Iterator<Item = (&'r str, &'r Verdict<'static>)>,
    scans: &[ScanTotals],
    at: Timestamp,
) -> ComplianceFacts {
    let mut of_scans = vec![Standings::default(); scans.len()];
    let mut rules: BTreeMap<[String; 3], (Standings, BTreeSet<&str>)> = BTreeMap::new();
    for (scan, verdict) in verdicts {
        let place = scans.iter().position(|it| it.scan.id.as_str() == scan).unwrap();
        of_scans[place].add(verdict, at);
        let name = [&verdict.policy_set, &verdict.policy, &verdict.rule].map(ToString::to_string);
        let (standings, failing) = rules.entry(name).or_default();
        standings.add(verdict, at);
        if matches!(standing(verdict, at), Decision::Fail | Decision::Error) {
            failing.insert(scan);
        }
    }
    let totals = |([policy_set, policy, rule], (standings, failing)): ([String; 3], (_, BTreeSet<_>))| {
        RuleTotals { policy_set, policy, rule, standings, failing_scans: failing.len() as u64 }
    };
    ComplianceFacts { rules: rules.into_iter().map(totals).collect(), scans: of_scans }
}
