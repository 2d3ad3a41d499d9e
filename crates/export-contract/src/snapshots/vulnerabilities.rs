//! Cases about vulnerabilities and compliance.

use std::collections::BTreeSet;

use export_core::compliance::{ComplianceFacts, Standings};
use export_core::finding::{Component, Finding, Subject};
use export_core::ports::{RecordKind, Snapshot};
use export_core::record::FindingRecord;
use export_core::vulnerability::{AFFECTED_KEPT, VulnerabilityRecord};

use super::{Built, Records, reversed};
use crate::corpus::{self, AT};
use crate::memory::MemorySnapshot;

/// Records of which many are of one vulnerability, in all scans. Each has a package URL of its own, so that what is said
/// about one is about no other.
fn shared(count: u64) -> Records {
    let own = |it: &Finding<'_>| it.component.as_ref().is_some_and(|it| it.purl.is_some());
    let records = (0..count).map(corpus::record).filter(|it| own(&it.finding));
    // Some are of a vulnerability that no other finding has.
    let number = |at: usize| if at.is_multiple_of(9) { 1_000 + at } else { at % 37 };
    let id = |at| format!("CVE-2020-{:04}", number(at));
    records.enumerate().map(|(at, record)| of_vulnerability(record, &id(at))).collect()
}

fn of_vulnerability(mut record: FindingRecord<'static>, id: &str) -> FindingRecord<'static> {
    let Subject::Vulnerability(vulnerability) = &mut record.finding.subject else { return record };
    vulnerability.id = id.to_owned().into();
    for subject in record.verdicts.iter_mut().filter_map(|it| it.subject.as_mut()) {
        subject.vulnerability = id.to_owned().into();
    }
    record
}

fn read(snapshot: &dyn Snapshot) -> Vec<VulnerabilityRecord<'static>> {
    let mut cursor = snapshot.vulnerabilities().unwrap();
    let mut all = Vec::new();
    while let Some(vulnerability) = cursor.next().unwrap() {
        let json = serde_json::to_string(&vulnerability).unwrap();
        all.push(serde_json::from_str(Box::leak(json.into_boxed_str())).unwrap());
    }
    assert!(cursor.next().unwrap().is_none(), "none behind the last one");
    all
}

fn expected(records: &Records) -> Vec<VulnerabilityRecord<'static>> {
    read(&MemorySnapshot::new(records.clone()))
}

fn assert_same(found: &[VulnerabilityRecord<'_>], expected: &[VulnerabilityRecord<'_>]) {
    assert_eq!(found.len(), expected.len());
    for (found, expected) in found.iter().zip(expected) {
        assert!(found == expected, "{found:#?}\nis not\n{expected:#?}");
    }
}

/// The vulnerabilities of the findings, each once with all that it affects, in whatever order findings were read.
pub async fn each_vulnerability_comes_once_with_all_that_it_affects(build: impl AsyncFn(Records) -> Built) {
    let records = shared(900);
    let expected = expected(&records);
    assert!(expected.iter().any(|it| it.scans == 3 && it.affected.len() > 3));
    assert!(expected.iter().any(|it| it.scans > it.open_scans));
    for records in [records.clone(), reversed(&records)] {
        let (snapshot, _guard) = build(records).await;
        assert_same(&read(&*snapshot), &expected);
        assert_same(&read(&*snapshot), &expected);
    }
}

/// Those with open findings first, then in the order of their worst finding.
pub async fn vulnerabilities_come_worst_first(build: impl AsyncFn(Records) -> Built) {
    let records = shared(300);
    let (snapshot, _guard) = build(records.clone()).await;
    let rank = |it: &VulnerabilityRecord<'_>| {
        let of = |record: &&FindingRecord<'_>| {
            record.finding.vulnerability().is_some_and(|is| *is.canonical_id() == *it.id)
        };
        let open = |record: &FindingRecord<'_>| !record.status.is_open();
        records.iter().filter(of).map(|record| (open(record), record.rank())).min().unwrap()
    };
    let all = read(&*snapshot);
    let ranks: Vec<_> = all.iter().map(|it| (rank(it), it.id.clone())).collect();
    assert!(ranks.is_sorted(), "{ranks:?}");
    assert!(all.iter().all(|it| it.severity as u8 == rank(it).1[0]), "the worst of its open findings");
    assert!(ranks.iter().any(|((closed, _), _)| *closed) && ranks.iter().any(|((closed, _), _)| !*closed));
}

/// Findings of other kinds count nowhere in the list; the facts say how many it has.
pub async fn only_vulnerabilities_are_listed_and_facts_count_them(build: impl AsyncFn(Records) -> Built) {
    let records = shared(300);
    let of_vulnerabilities = records.iter().filter_map(|it| it.finding.vulnerability());
    let ids: Vec<_> = of_vulnerabilities.map(|it| it.id.clone()).collect();
    let (findings, different) = (ids.len() as u64, ids.iter().collect::<BTreeSet<_>>().len() as u64);
    let (snapshot, _guard) = build(records).await;
    let all = read(&*snapshot);
    assert_eq!(all.iter().map(|it| it.findings).sum::<u64>(), findings);
    assert_eq!(all.iter().map(|it| it.by_status.iter().sum::<u64>()).sum::<u64>(), findings);
    let facts = snapshot.facts();
    assert_eq!(
        (facts.vulnerabilities, facts.records(RecordKind::Vulnerability)),
        (Some(different), different)
    );
    assert_eq!(all.len() as u64, different);
    let (snapshot, _guard) = build(vec![]).await;
    assert_eq!((read(&*snapshot).len(), snapshot.facts().vulnerabilities), (0, Some(0)));
}

/// Texts in it stay what they were, ids with a zero in them too.
pub async fn hostile_vulnerabilities_come_back_as_they_were(build: impl AsyncFn(Records) -> Built) {
    let mut records = corpus::hostile_records();
    for (seed, id) in [(2_000, "CVE\0"), (2_001, "CVE"), (2_002, "CVE\0\0"), (2_003, "CVE\u{1}")] {
        let mut record = FindingRecord::join(corpus::finding(&corpus::scan(0), seed), None, vec![], AT);
        record.finding.subject = Subject::Vulnerability(export_core::finding::Vulnerability {
            id: id.into(),
            ..Default::default()
        });
        record.finding.image = format!("{id}\0image").into();
        record.finding.description = corpus::very_long().into();
        record.status = FindingRecord::join(record.finding.clone(), None, vec![], AT).status;
        records.push(record);
    }
    let (snapshot, _guard) = build(records.clone()).await;
    let read = read(&*snapshot);
    assert!(read == expected(&records), "a text was changed");
    assert!(["CVE\0", "CVE", "CVE\0\0", "CVE\u{1}"].iter().all(|id| read.iter().any(|it| it.id == *id)));
}

/// At most so many components are kept, sorted; the others are counted.
pub async fn what_is_affected_is_kept_up_to_a_number(build: impl AsyncFn(Records) -> Built) {
    let pattern = corpus::finding(&corpus::scan(0), 1);
    let record = |number: usize| {
        let purl = format!("pkg:generic/part-{number}");
        let component = Component {
            name: format!("part-{number}").into(),
            purl: Some(purl.into()),
            ..Component::default()
        };
        let id = format!("fnd-{number:026}").into();
        let finding = Finding { id, component: Some(component), suppression: None, ..pattern.clone() };
        let finding = Finding { subject: Subject::Vulnerability(Default::default()), ..finding };
        FindingRecord::join(finding, None, vec![], AT)
    };
    let records: Records = (0..AFFECTED_KEPT + 3).chain([5, 5]).map(record).collect();
    let records = records.into_iter().enumerate().map(|(at, it)| {
        let finding = Finding { id: format!("fnd-{at:026}").into(), ..it.finding };
        FindingRecord { finding, ..it }
    });
    let records: Records = records.collect();
    let (snapshot, _guard) = build(records.clone()).await;
    let all = read(&*snapshot);
    assert_eq!((all.len(), all[0].affected.len(), all[0].more_affected), (1, AFFECTED_KEPT, 3));
    assert!(all[0].affected.is_sorted());
    assert_eq!(all[0].findings, AFFECTED_KEPT as u64 + 5);
    assert_eq!(all[0].affected.iter().find(|it| it.component == "part-5").unwrap().findings, 3);
    assert!(all == expected(&records));
}

/// What rules decided, by rule and by scan, as it stands at the time of the snapshot.
pub async fn compliance_counts_what_verdicts_come_to(build: impl AsyncFn(Records) -> Built) {
    let records = corpus::records(300);
    let (snapshot, _guard) = build(records.clone()).await;
    let facts = snapshot.facts();
    let expected = MemorySnapshot::new(records.clone()).facts().compliance.clone().unwrap();
    let ComplianceFacts { rules, scans } = facts.compliance.as_ref().unwrap();
    assert_eq!(*rules, expected.rules);
    assert!(rules.is_sorted_by_key(|it| (&it.policy_set, &it.policy, &it.rule)));
    for (scan, standings) in facts.scans.iter().zip(scans) {
        let mut counted = Standings::default();
        let own = records.iter().filter(|it| *it.finding.scan_id == *scan.scan.id.as_str());
        own.flat_map(|it| &it.verdicts).for_each(|verdict| counted.add(verdict, AT));
        assert_eq!(*standings, counted, "{}", scan.scan.id);
    }
    let verdicts: usize = records.iter().map(|it| it.verdicts.len()).sum();
    assert_eq!(facts.records(RecordKind::Verdict), verdicts as u64);
    assert!(rules.iter().any(|it| it.standings.expired_waivers > 0 && it.failing_scans == 3));
}

/// Nothing without a baseline, and nothing of a trail that nobody asked for.
pub async fn what_was_not_asked_for_is_empty(build: impl AsyncFn(Records) -> Built) {
    let (snapshot, _guard) = build(corpus::records(10)).await;
    assert!(snapshot.absent().unwrap().next().unwrap().is_none());
    assert!(snapshot.audit().unwrap().next().unwrap().is_none());
    assert_eq!(snapshot.facts().records(RecordKind::AuditEvent), 0);
}
