//! A snapshot beside earlier scans: every kind of change, in one scan and in several.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "support/pulse.rs"]
mod pulse;

use std::collections::BTreeMap;
use std::path::Path;

use export_contract::corpus;
use export_core::error::ErrorKind;
use export_core::finding::{Finding, Severity, Subject, Suppression, VexAssertion, VexStatus};
use export_core::ports::{FindingCursor, Snapshot};
use export_core::record::{BaselineChange, BaselineState, FindingStatus};
use export_snapshot::{ComparedSnapshot, SnapshotLimits, SnapshotWriter, SpooledSnapshot};

use crate::pulse::Idle;

/// One finding of a scan, and what a statement says of it.
struct Given {
    finding: Finding<'static>,
    vex: Option<VexStatus>,
}

/// A vulnerability of its own for each number.
fn given(number: u64, severity: Severity) -> Given {
    let seed = (number..)
        .step_by(1_000)
        .find(|seed| corpus::finding(&corpus::scan(0), *seed).vulnerability().is_some());
    let mut finding = corpus::finding(&corpus::scan(0), seed.unwrap());
    if let Subject::Vulnerability(vulnerability) = &mut finding.subject {
        vulnerability.id = format!("CVE-2026-{number}").into();
        vulnerability.aliases.clear();
    }
    let id = format!("fnd-{number}").into();
    Given { finding: Finding { id, severity, suppression: None, ..finding }, vex: None }
}

impl Given {
    fn said(self, vex: VexStatus) -> Self {
        Self { vex: Some(vex), ..self }
    }

    fn suppressed(mut self) -> Self {
        self.finding.suppression = Some(Suppression::default());
        self
    }
}

/// A snapshot of scans by their number.
fn snapshot(scratch: &Path, scans: &[(u32, Vec<Given>)]) -> SpooledSnapshot {
    let writer = SnapshotWriter::create(scratch, SnapshotLimits::with_quota(u64::MAX)).unwrap();
    let mut writer = writer.keeping_vulnerabilities();
    scans.iter().for_each(|(index, _)| writer.scan(corpus::scan(*index)).unwrap());
    for (index, all) in scans {
        let scan = corpus::scan(*index);
        for Given { finding, vex } in all {
            let Some(status) = *vex else { continue };
            let assertion = VexAssertion {
                status,
                justification: None,
                impact: None,
                action: None,
                author: "acme".into(),
                timestamp: None,
                document: "vex".into(),
            };
            writer.statement(&scan.id, &corpus::statement_about(finding, assertion)).unwrap();
        }
    }
    for (index, all) in scans {
        let scan = corpus::scan(*index);
        for Given { finding, .. } in all {
            writer.finding(&Finding { scan_id: scan.id.as_str().into(), ..finding.clone() }).unwrap();
        }
    }
    writer.finish(corpus::AT, &Idle).unwrap()
}

type Told = BTreeMap<String, (Option<BaselineState>, BaselineChange, Option<&'static str>)>;

fn told(mut cursor: Box<dyn FindingCursor + '_>) -> Told {
    let mut all = Told::new();
    while let Some(record) = cursor.next().unwrap() {
        all.insert(record.finding.id.to_string(), (record.baseline, record.change, record.change_word()));
    }
    all
}

fn words(told: &Told) -> Vec<(&str, &str)> {
    told.iter().map(|(id, (_, _, word))| (id.as_str(), word.unwrap())).collect()
}

#[test]
fn records_know_what_happened_to_them_and_how_they_were() {
    let scratch = tempfile::tempdir().unwrap();
    let high = |number| given(number, Severity::High);
    let before = vec![
        high(1),
        high(2),
        high(3),
        high(4),
        high(5).said(VexStatus::Affected),
        high(6),
        high(7).said(VexStatus::NotAffected),
    ];
    let after = vec![
        given(2, Severity::Critical),
        high(3),
        high(4).said(VexStatus::NotAffected),
        high(5),
        given(6, Severity::Low).suppressed(),
        high(7),
        high(8),
    ];
    let earlier = snapshot(scratch.path(), &[(1, before)]);
    let compared = ComparedSnapshot::new(snapshot(scratch.path(), &[(0, after)]), &earlier, &Idle).unwrap();
    let all = told(compared.findings().unwrap());
    let expected = [
        ("fnd-2", "changed_severity"),
        ("fnd-3", "unchanged"),
        ("fnd-4", "changed_vex"),
        ("fnd-5", "changed_vex"),
        ("fnd-6", "changed_severity+changed_vex"),
        ("fnd-7", "changed_vex"),
        ("fnd-8", "introduced"),
    ];
    assert_eq!(words(&all), expected);
    assert_eq!(words(&told(compared.absent().unwrap())), [("fnd-1", "fixed")]);
    let change = |id: &str| all[id].1;
    assert_eq!(change("fnd-2").severity_before, Some(Severity::High));
    assert_eq!(change("fnd-4").vex_before, Some(None));
    assert_eq!(change("fnd-5").vex_before, Some(Some(VexStatus::Affected)));
    assert_eq!(change("fnd-5").status_before, None, "open before and now");
    assert_eq!(change("fnd-7").status_before, Some(FindingStatus::NotAffected));
    let facts = compared.facts();
    let counts = facts.baseline.as_ref().unwrap();
    assert_eq!((counts.by_state, counts.changed_severity, counts.changed_vex), ([1, 5, 1, 1], 2, 4));
    assert_eq!((counts.scans.len(), &counts.scans[0].id), (1, &corpus::scan(1).id));
    assert!(!counts.is_calm());
    assert_eq!(facts.totals.findings, 7, "what is gone counts nowhere else");
}

#[test]
fn several_earlier_scans_are_one_baseline() {
    let scratch = tempfile::tempdir().unwrap();
    let low = |number| given(number, Severity::Low);
    let earlier = [(3, vec![low(1), low(2)]), (4, vec![low(3), given(4, Severity::High), low(6)])];
    let earlier = snapshot(scratch.path(), &earlier);
    let current = [(0, vec![low(1)]), (1, vec![low(3), low(4), low(5)]), (2, vec![low(5)])];
    let compared = ComparedSnapshot::new(snapshot(scratch.path(), &current), &earlier, &Idle).unwrap();
    let counts = compared.facts().baseline.as_ref().unwrap();
    assert_eq!(counts.by_state, [2, 1, 2, 2], "one finding came in two scans");
    let scans: Vec<&str> = counts.scans.iter().map(|it| it.id.as_str()).collect();
    assert_eq!(scans, [corpus::scan(3).id.as_str(), corpus::scan(4).id.as_str()]);
    assert_eq!(words(&told(compared.absent().unwrap())), [("fnd-2", "fixed"), ("fnd-6", "fixed")]);
}

#[test]
fn vulnerabilities_count_what_happened_to_their_findings() {
    let scratch = tempfile::tempdir().unwrap();
    let twice = |number, of, severity| {
        let Given { mut finding, vex } = given(number, severity);
        finding.component.as_mut().unwrap().purl = Some(format!("pkg:deb/debian/lib{of}@1").into());
        let id = format!("fnd-{number}-{of}").into();
        Given { finding: Finding { id, target: format!("target {of}").into(), ..finding }, vex }
    };
    let earlier =
        [(1, vec![twice(1, 1, Severity::High), twice(1, 2, Severity::High), twice(2, 1, Severity::Low)])];
    let current =
        [(0, vec![twice(1, 2, Severity::Medium), twice(1, 3, Severity::High), twice(3, 1, Severity::Low)])];
    let earlier = snapshot(scratch.path(), &earlier);
    let compared = ComparedSnapshot::new(snapshot(scratch.path(), &current), &earlier, &Idle).unwrap();
    let mut cursor = compared.vulnerabilities().unwrap();
    let mut all = BTreeMap::new();
    while let Some(vulnerability) = cursor.next().unwrap() {
        let changes = vulnerability.changes.unwrap();
        all.insert(vulnerability.id.to_string(), (changes.by_state, changes.words()));
    }
    let expected = [
        ("CVE-2026-1", ([1, 1, 0, 1], "introduced+fixed+changed_severity")),
        ("CVE-2026-3", ([1, 0, 0, 0], "introduced")),
    ];
    let expected = expected.map(|(id, (counts, words))| (id.to_owned(), (counts, words.to_owned())));
    assert_eq!(all, BTreeMap::from(expected), "one that is gone altogether has no row");
}

/// A finding of one rule in a package, with an id of its own for each version and place.
fn installed(version: &str, place: u64, severity: Severity) -> Given {
    let Given { mut finding, vex } = given(1, severity);
    finding.id = format!("fnd-{version}-{place}").into();
    let component = finding.component.as_mut().unwrap();
    component.version = version.to_owned().into();
    component.purl = Some(format!("pkg:deb/debian/libc6@{version}?arch=amd64").into());
    Given { finding, vex }
}

#[test]
fn an_upgrade_that_ends_nothing_neither_fixes_nor_introduces() {
    let scratch = tempfile::tempdir().unwrap();
    let high = Severity::High;
    let before = vec![installed("1.0", 1, high), installed("1.0", 2, high), installed("1.0", 3, high)];
    let after = vec![installed("1.1", 1, high), installed("1.1", 2, Severity::Low)];
    let earlier = snapshot(scratch.path(), &[(0, before)]);
    let compared = ComparedSnapshot::new(snapshot(scratch.path(), &[(0, after)]), &earlier, &Idle).unwrap();
    let all = told(compared.findings().unwrap());
    assert_eq!(words(&all), [("fnd-1.1-1", "unchanged"), ("fnd-1.1-2", "changed_severity")]);
    let absent = told(compared.absent().unwrap());
    assert_eq!(absent.len(), 1, "two of three places are left");
    assert!(absent.values().all(|(_, change, _)| change.still_elsewhere), "and it says so: {absent:?}");
    let elsewhere = snapshot(scratch.path(), &[(0, vec![installed("1.0", 1, high)])]);
    let mut other = installed("1.1", 1, high);
    other.finding.image = "registry.example/other:1".into();
    let compared = ComparedSnapshot::new(snapshot(scratch.path(), &[(1, vec![other])]), &elsewhere, &Idle);
    let compared = compared.unwrap();
    assert!(told(compared.absent().unwrap()).values().all(|(_, change, _)| !change.still_elsewhere));
    assert_eq!(compared.facts().baseline.as_ref().unwrap().by_state, [1, 0, 0, 1]);
}

#[test]
fn nothing_is_compared_with_nothing() {
    let scratch = tempfile::tempdir().unwrap();
    let current = || snapshot(scratch.path(), &[(0, vec![given(1, Severity::Low)])]);
    let refused = ComparedSnapshot::new(current(), &snapshot(scratch.path(), &[]), &Idle).unwrap_err();
    assert_eq!(refused.kind, ErrorKind::Invalid);
    let same = ComparedSnapshot::new(current(), &current(), &Idle).unwrap();
    assert!(same.facts().baseline.as_ref().unwrap().is_calm());
    let alone = current();
    assert_eq!(told(alone.absent().unwrap()), Told::new());
    assert_eq!(told(alone.findings().unwrap())["fnd-1"].0, None);
}
