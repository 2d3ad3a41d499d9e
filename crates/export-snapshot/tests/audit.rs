//! A snapshot of the audit trail.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "support/pulse.rs"]
mod pulse;

use export_contract::corpus;
use export_core::audit::{AuditEntry, AuditEvent, TrailDigest};
use export_core::error::ErrorKind;
use export_core::ports::{RecordKind, Snapshot};
use export_snapshot::{SnapshotLimits, SnapshotWriter, SpooledSnapshot};

use crate::pulse::Idle;

fn writer(scratch: &tempfile::TempDir) -> SnapshotWriter {
    let limits = SnapshotLimits::with_quota(u64::MAX);
    SnapshotWriter::create(scratch.path(), limits).unwrap().keeping_audit().unwrap()
}

fn snapshot(scratch: &tempfile::TempDir, trail: &[AuditEvent<'static>]) -> SpooledSnapshot {
    let mut writer = writer(scratch);
    trail.iter().for_each(|event| writer.audit(event).unwrap());
    writer.finish(corpus::AT, &Idle).unwrap()
}

fn events(snapshot: &dyn Snapshot) -> Vec<AuditEvent<'static>> {
    let (mut cursor, mut events) = (snapshot.audit().unwrap(), Vec::new());
    while let Some(event) = cursor.next().unwrap() {
        let AuditEvent { seq, at, entry, hash } = event;
        let detail = entry.detail.iter().map(|(name, value)| (name.to_owned_text(), value.to_owned_text()));
        let (actor, target) = (entry.actor.to_owned_text(), entry.target.to_owned_text());
        let entry = AuditEntry { actor, action: entry.action, target, detail: detail.collect() };
        events.push(AuditEvent { seq, at, entry, hash });
    }
    events
}

#[test]
fn events_come_back_in_order_as_often_as_they_are_asked_for() {
    let scratch = tempfile::tempdir().unwrap();
    let trail = corpus::audit::trail(3_000);
    let snapshot = snapshot(&scratch, &trail);
    assert_eq!(events(&snapshot), trail);
    assert_eq!(events(&snapshot), trail);
    let facts = snapshot.facts();
    assert_eq!((facts.rows_matched(), facts.records(RecordKind::AuditEvent)), (3_000, 3_000));
    let audit = facts.audit.as_ref().unwrap();
    assert_eq!(audit.range, Some((1, 3_000)));
    assert_eq!(audit.by_action.values().sum::<u64>(), 3_000);
    assert!(snapshot.bytes() > 0);
}

#[test]
fn the_digest_is_that_of_the_trail() {
    let scratch = tempfile::tempdir().unwrap();
    let mut trail = corpus::audit::trail(20);
    let of = |trail: &[AuditEvent<'static>]| snapshot(&scratch, trail).facts().digest;
    let mut digest = TrailDigest::default();
    trail.iter().for_each(|event| digest.add(event));
    let before = of(&trail);
    assert_eq!(before, digest.finish());
    trail[7].entry.actor = "mallory".into();
    assert_ne!(of(&trail), before);
    trail[7].entry.actor = corpus::audit::trail(20)[7].entry.actor.clone();
    assert_eq!(of(&trail), before);
    trail[7].hash = trail[6].hash;
    assert_ne!(of(&trail), before);
    trail.truncate(19);
    assert_ne!(of(&trail), before);
}

#[test]
fn an_empty_trail_is_one() {
    let scratch = tempfile::tempdir().unwrap();
    let snapshot = snapshot(&scratch, &[]);
    assert_eq!(events(&snapshot), []);
    let facts = snapshot.facts();
    assert_eq!((facts.rows_matched(), facts.audit.as_ref().unwrap().range), (0, None));
}

#[test]
fn a_trail_out_of_order_is_refused() {
    let scratch = tempfile::tempdir().unwrap();
    let trail = corpus::audit::trail(3);
    let mut writer = writer(&scratch);
    writer.audit(&trail[1]).unwrap();
    for wrong in [&trail[1], &trail[0]] {
        assert_eq!(writer.audit(wrong).unwrap_err().kind, ErrorKind::Invalid);
    }
}

#[test]
fn a_snapshot_of_findings_keeps_no_trail() {
    let scratch = tempfile::tempdir().unwrap();
    let limits = SnapshotLimits::with_quota(u64::MAX);
    let mut writer = SnapshotWriter::create(scratch.path(), limits).unwrap();
    assert_eq!(writer.audit(&corpus::audit::trail(1)[0]).unwrap_err().kind, ErrorKind::Internal);
    let snapshot = writer.finish(corpus::AT, &Idle).unwrap();
    assert!(snapshot.facts().audit.is_none());
    assert_eq!(events(&snapshot), []);
}
