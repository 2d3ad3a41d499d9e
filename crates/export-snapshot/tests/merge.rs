//! Several documents of one scan that tell the same.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "support/pulse.rs"]
mod pulse;

use export_contract::corpus;
use export_core::digest::Digest;
use export_core::finding::{
    Component, CvssVersion, Finding, FixState, Location, Product, Rating, Score, Severity, Subject,
    Suppression, VexAssertion, VexStatement, VexStatus, Vulnerability,
};
use export_core::ports::Snapshot as _;
use export_core::record::FindingStatus;
use export_core::scan::{ScanRef, SourceDigest};
use export_core::time::Timestamp;
use export_core::warning::WarningCode;
use export_snapshot::{SnapshotLimits, SnapshotWriter, SpooledSnapshot};

use crate::pulse::Idle;

fn scan(id: &str) -> ScanRef {
    ScanRef {
        id: id.parse().unwrap(),
        image: "app:1".into(),
        image_digest: None,
        created_at: None,
        tool: "several".into(),
    }
}

fn rating(source: &'static str, score: f64) -> Rating<'static> {
    let (version, score) = (CvssVersion::V31, Score::new(score));
    Rating { source: source.into(), version, score, vector: None, severity: None }
}

fn found(
    id: &'static str,
    aliases: &[&'static str],
    path: &'static str,
    severity: Severity,
) -> Finding<'static> {
    let mut finding = corpus::finding(&corpus::scan(0), 1);
    finding.id = format!("fnd-{id}-{path}").into();
    finding.scan_id = "s".into();
    finding.severity = severity;
    finding.subject = Subject::Vulnerability(Vulnerability {
        id: id.into(),
        aliases: aliases.iter().map(|it| (*it).into()).collect(),
        ratings: vec![rating(id, 5.0)],
        ..Vulnerability::default()
    });
    finding.component = Some(Component {
        name: "x".into(),
        version: "1".into(),
        purl: Some("pkg:npm/x@1".into()),
        ecosystem: "npm".into(),
    });
    finding.locations = vec![Location { path: path.into(), ..Location::default() }];
    finding.suppression = None;
    finding
}

/// A snapshot of the scan `s`, whose findings come from these documents.
fn snapshot(documents: &[Vec<Finding<'static>>], statements: &[VexStatement<'static>]) -> Held {
    let folder = tempfile::tempdir().unwrap();
    let mut writer = SnapshotWriter::create(folder.path(), SnapshotLimits::with_quota(1 << 30)).unwrap();
    writer.scan(scan("s")).unwrap();
    let id = "s".parse().unwrap();
    statements.iter().for_each(|it| writer.statement(&id, it).unwrap());
    for (number, document) in documents.iter().enumerate() {
        document.iter().for_each(|finding| writer.finding(finding).unwrap());
        writer.source(SourceDigest {
            name: "library".into(),
            query: number.to_string(),
            digest: Digest::of(b""),
            records: document.len() as u64,
        });
    }
    Held { snapshot: writer.finish(Timestamp::from_millis(0), &Idle).unwrap(), _folder: folder }
}

/// A snapshot with the folder that it lies in.
struct Held {
    snapshot: SpooledSnapshot,
    _folder: tempfile::TempDir,
}

fn told(held: &Held) -> Vec<(String, FindingStatus, usize)> {
    let mut cursor = held.snapshot.findings().unwrap();
    let mut all = Vec::new();
    while let Some(record) = cursor.next().unwrap() {
        let ratings = record.finding.vulnerability().map_or(0, |it| it.ratings.len());
        all.push((record.finding.id.to_string(), record.status, ratings));
    }
    all.sort();
    all
}

#[test]
fn two_names_of_one_vulnerability_are_one_finding_with_all_ratings_and_the_worst_severity() {
    let mut trivy = found("CVE-1", &[], "a/lock", Severity::Medium);
    trivy.fix.state = FixState::Unknown;
    trivy.fix.versions = "".into();
    let mut grype = found("GHSA-1", &["CVE-1"], "/a/lock", Severity::High);
    grype.fix.versions = "2".into();
    grype.fix.state = FixState::Fixed;
    let Held { snapshot, _folder } = snapshot(&[vec![trivy], vec![grype]], &[]);
    let mut cursor = snapshot.findings().unwrap();
    let record = cursor.next().unwrap().unwrap();
    let vulnerability = record.finding.vulnerability().unwrap();
    assert_eq!((&*record.finding.id, record.finding.severity), ("fnd-CVE-1-a/lock", Severity::High));
    assert_eq!(
        (&*vulnerability.id, vulnerability.aliases.len(), vulnerability.ratings.len()),
        ("CVE-1", 1, 2)
    );
    assert_eq!((&*record.finding.fix.versions, record.finding.locations.len()), ("2", 2));
    assert!(cursor.next().unwrap().is_none());
    let facts = snapshot.facts();
    assert_eq!((facts.totals.findings, facts.warnings.len()), (1, 1));
    assert_eq!(facts.warnings[0].code, WarningCode::SourceLenient);
    assert!(facts.warnings[0].message.starts_with("1 findings"), "{}", facts.warnings[0]);
}

#[test]
fn places_and_what_one_document_tells_apart_stay_apart() {
    let here = || found("CVE-1", &[], "a/lock", Severity::Low);
    let there = || found("CVE-1", &[], "b/lock", Severity::Low);
    let other = || found("CVE-2", &["GHSA-2"], "a/lock", Severity::Low);
    let twice = vec![here(), there(), here()];
    assert_eq!(told(&snapshot(std::slice::from_ref(&twice), &[])).len(), 3, "one document is not touched");
    let both = snapshot(&[twice, vec![here(), other(), there()]], &[]);
    assert_eq!(told(&both).len(), 4, "{:?}", told(&both));
    let last =
        snapshot(&[vec![here()], vec![other()], vec![found("GHSA-2", &[], "a/lock", Severity::Low)]], &[]);
    assert_eq!(told(&last).len(), 2);
}

#[test]
fn a_suppression_holds_only_if_every_document_has_it_and_statements_find_all_names() {
    let mut hidden = found("GHSA-1", &["CVE-1"], "a", Severity::Low);
    hidden.suppression = Some(Suppression::default());
    let open = found("CVE-1", &[], "a", Severity::Low);
    assert_eq!(told(&snapshot(&[vec![hidden.clone()], vec![open.clone()]], &[]))[0].1, FindingStatus::Open);
    assert_eq!(
        told(&snapshot(&[vec![hidden.clone()], vec![hidden.clone()]], &[]))[0].1,
        FindingStatus::Suppressed
    );
    let statement = VexStatement {
        vulnerability: "GHSA-1".into(),
        aliases: vec![],
        products: vec![Product { id: "pkg:npm/x@1".into(), subcomponents: vec![] }],
        assertion: VexAssertion {
            status: VexStatus::NotAffected,
            justification: None,
            impact: None,
            action: None,
            author: "".into(),
            timestamp: None,
            document: "".into(),
        },
    };
    let said = snapshot(&[vec![open], vec![found("GHSA-1", &["CVE-1"], "a", Severity::Low)]], &[statement]);
    assert_eq!(told(&said), [("fnd-CVE-1-a".to_owned(), FindingStatus::NotAffected, 2)]);
}
