//! What a snapshot holds beside its findings: SBOM documents, and what was said; and a snapshot taken apart by scans.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "support/pulse.rs"]
mod pulse;

use std::path::Path;

use export_contract::{MemorySnapshot, corpus};
use export_core::error::ErrorKind;
use export_core::finding::{Decision, Verdict};
use export_core::id::ScanId;
use export_core::ports::{Said, Snapshot};
use export_core::sbom::{SbomFamily, SbomHead, SbomPart, SbomSection};
use export_snapshot::{SCANS_AT_ONCE, SnapshotLimits, SnapshotWriter, partition};

use crate::pulse::Idle;

fn writer(scratch: &Path) -> SnapshotWriter {
    let mut writer = SnapshotWriter::create(scratch, SnapshotLimits::with_quota(u64::MAX)).unwrap();
    (0..3).for_each(|index| writer.scan(corpus::scan(index)).unwrap());
    writer
}

fn head(place: &str) -> SbomPart<'_> {
    SbomPart::Head(SbomHead {
        family: SbomFamily::Cyclonedx,
        spec_version: "1.6".into(),
        place: place.into(),
        json: r#"{"version":1}"#.into(),
    })
}

fn element(section: SbomSection, json: &str) -> SbomPart<'_> {
    SbomPart::Element { section, json: json.into() }
}

fn elements(snapshot: &dyn Snapshot, section: SbomSection) -> Vec<(usize, String)> {
    let mut cursor = snapshot.sbom(section).unwrap();
    let mut all = Vec::new();
    while let Some(element) = cursor.next().unwrap() {
        all.push((element.document, element.json.to_owned()));
    }
    all
}

#[test]
fn sbom_elements_come_back_list_by_list_in_the_order_of_their_documents() {
    let scratch = tempfile::tempdir().unwrap();
    let mut writer = writer(scratch.path());
    let (first, second) = (corpus::scan(0).id, corpus::scan(1).id);
    let long = format!("{{\"name\":\"{}\"}}", "é".repeat(200_000));
    for (scan, part) in [
        (&first, head("a.json")),
        (&first, element(SbomSection::Components, r#"{"name":"x"}"#)),
        (&first, element(SbomSection::Dependencies, r#"{"ref":"x"}"#)),
        (&first, element(SbomSection::Components, &long)),
        (&first, head("b.json")),
        (&second, head("c.json")),
        (&second, element(SbomSection::Components, r#"{"name":"y"}"#)),
    ] {
        writer.sbom(scan, &part).unwrap();
    }
    let snapshot = writer.finish(corpus::AT, &Idle).unwrap();
    let facts = snapshot.facts();
    let places: Vec<_> = facts.sboms.iter().map(|it| (&it.scan_id, it.place.as_str())).collect();
    assert_eq!(places, [(&first, "a.json"), (&first, "b.json"), (&second, "c.json")]);
    assert_eq!(facts.sboms[0].count(SbomSection::Components), 2);
    assert_eq!(
        (facts.sboms[0].family, facts.sboms[0].head.as_str()),
        (SbomFamily::Cyclonedx, r#"{"version":1}"#)
    );
    let components = [(0, r#"{"name":"x"}"#.to_owned()), (0, long), (2, r#"{"name":"y"}"#.to_owned())];
    assert_eq!(elements(&snapshot, SbomSection::Components), components);
    assert_eq!(elements(&snapshot, SbomSection::Components), components, "any number of readers");
    assert_eq!(elements(&snapshot, SbomSection::Dependencies), [(0, r#"{"ref":"x"}"#.to_owned())]);
    assert_eq!(elements(&snapshot, SbomSection::Services), []);
}

#[test]
fn an_element_needs_a_head_of_its_own_scan() {
    let scratch = tempfile::tempdir().unwrap();
    let mut writer = writer(scratch.path());
    let part = element(SbomSection::Components, "{}");
    assert_eq!(writer.sbom(&corpus::scan(0).id, &part).unwrap_err().kind, ErrorKind::Internal);
    writer.sbom(&corpus::scan(0).id, &head("a.json")).unwrap();
    assert_eq!(writer.sbom(&corpus::scan(1).id, &part).unwrap_err().kind, ErrorKind::Internal);
}

fn about_the_scan() -> Verdict<'static> {
    Verdict {
        subject: None,
        policy_set: "baseline".into(),
        policy: "images".into(),
        rule: "signed".into(),
        decision: Decision::Fail,
        reason: "no signature".into(),
        evaluated_at: Some(corpus::AT),
        waiver: None,
    }
}

#[test]
fn what_was_said_comes_back_whether_it_matches_a_finding_or_not() {
    let scratch = tempfile::tempdir().unwrap();
    let mut writer = writer(scratch.path()).keeping_annotations().unwrap();
    let scan: ScanId = corpus::scan(1).id;
    let records = corpus::records(300);
    let record = records.iter().find(|record| record.vex.is_some()).unwrap();
    let statement = corpus::statement_about(&record.finding, record.vex.clone().unwrap());
    writer.statement(&scan, &statement).unwrap();
    writer.verdict(&scan, &about_the_scan()).unwrap();
    let snapshot = writer.finish(corpus::AT, &Idle).unwrap();
    let mut cursor = snapshot.annotations().unwrap();
    let first = cursor.next().unwrap().unwrap();
    assert_eq!((first.scan_id.as_str(), &first.said), (scan.as_str(), &Said::Statement(statement)));
    assert_eq!(cursor.next().unwrap().unwrap().said, Said::Verdict(about_the_scan()));
    assert!(cursor.next().unwrap().is_none());
}

#[test]
fn a_snapshot_that_keeps_nothing_said_says_so() {
    let scratch = tempfile::tempdir().unwrap();
    let snapshot = writer(scratch.path()).finish(corpus::AT, &Idle).unwrap();
    assert_eq!(snapshot.annotations().err().unwrap().kind, ErrorKind::Invalid);
}

#[test]
fn parts_hold_the_records_of_their_scan_in_order_and_go_with_their_folder() {
    let scratch = tempfile::tempdir().unwrap();
    let whole = MemorySnapshot::new(corpus::records(500));
    let scans = &whole.facts().scans;
    let parts = partition(&whole, scans, scratch.path(), u64::MAX, &Idle).unwrap();
    assert_eq!(parts.len(), scans.len());
    for (part, scan) in parts.iter().zip(scans) {
        assert_eq!((&part.facts().totals, &part.facts().scans[0]), (&scan.totals, scan));
        let expected = whole.records().iter().filter(|it| it.finding.scan_id == scan.scan.id.as_str());
        let mut cursor = part.findings().unwrap();
        for record in expected {
            assert_eq!(cursor.next().unwrap().as_ref(), Some(record));
        }
        assert!(cursor.next().unwrap().is_none());
    }
    drop(parts);
    assert_eq!(std::fs::read_dir(scratch.path()).unwrap().count(), 0);
}

#[test]
fn a_scan_that_counts_more_than_it_has_is_corrupt() {
    let scratch = tempfile::tempdir().unwrap();
    let whole = MemorySnapshot::new(corpus::records(50));
    let mut scans = whole.facts().scans.clone();
    scans[0].totals.findings += 1;
    let failed = partition(&whole, &scans, scratch.path(), u64::MAX, &Idle).err().unwrap();
    assert_eq!(failed.kind, ErrorKind::Corrupt);
    const { assert!(SCANS_AT_ONCE >= 3) };
}
