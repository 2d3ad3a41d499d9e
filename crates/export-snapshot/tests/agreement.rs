//! The join on the disk agrees with the naive one, whatever is given in whatever order.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "agreement/given.rs"]
mod given;
#[path = "agreement/naive.rs"]
mod naive;
#[path = "support/pulse.rs"]
mod pulse;

use std::path::Path;

use export_core::ports::Snapshot;
use export_core::record::FindingRecord;
use export_core::totals::Totals;
use export_snapshot::{SnapshotLimits, SnapshotWriter, SpooledSnapshot};
use proptest::prelude::*;

use crate::given::{AT, Given, given, scans};
use crate::pulse::Idle;

/// The snapshot of all this.
fn snapshot(scratch: &Path, memory_bytes: usize, given: &[Given]) -> SpooledSnapshot {
    let limits = SnapshotLimits { quota_bytes: u64::MAX, memory_bytes };
    let mut writer = SnapshotWriter::create(scratch, limits).unwrap();
    for (scan, _) in scans() {
        writer.scan(scan).unwrap();
    }
    for given in given {
        match given {
            Given::Finding(finding) => writer.finding(finding),
            Given::Verdict(scan, verdict) => writer.verdict(scan, verdict),
            Given::Statement(scan, statement) => writer.statement(scan, statement),
            Given::Intelligence(intelligence) => writer.intelligence(intelligence),
        }
        .unwrap();
    }
    writer.finish(AT, &Idle).unwrap()
}

/// Compares all records of a snapshot with others.
fn compare(snapshot: &dyn Snapshot, expected: &[FindingRecord<'_>]) -> Result<(), String> {
    let mut cursor = snapshot.findings().unwrap();
    for (number, expected) in expected.iter().enumerate() {
        match cursor.next().unwrap() {
            Some(record) if record == *expected => {}
            other => return Err(format!("record {number} is {other:#?}\ninstead of {expected:#?}")),
        }
    }
    cursor.next().unwrap().map_or(Ok(()), |record| Err(format!("one more: {record:#?}")))
}

/// Findings first, statements last and in their order, all else the other way round.
fn rearranged(given: &[Given]) -> Vec<Given> {
    let rank = |given: &Given| match given {
        Given::Finding(_) => 0,
        Given::Intelligence(_) => 1,
        Given::Verdict(..) => 2,
        Given::Statement(..) => 3,
    };
    let mut other = given.to_vec();
    other.reverse();
    other.sort_by_key(rank);
    let statements = other.iter().position(|it| rank(it) == 3).unwrap_or(other.len());
    other[statements..].reverse();
    other
}

proptest! {
    #[test]
    fn agrees_with_the_naive_join(given in given(60), memory in prop_oneof![Just(2_usize << 10), Just(16 << 10), Just(1 << 20)]) {
        let scratch = tempfile::tempdir().unwrap();
        let snapshot = snapshot(scratch.path(), memory, &given);
        let expected = naive::join(&given);
        prop_assert_eq!(compare(&snapshot, &expected.records), Ok(()));

        let facts = snapshot.facts();
        prop_assert_eq!(&facts.totals, &expected.totals);
        prop_assert_eq!(&facts.policies, &expected.policies);
        prop_assert_eq!(facts.unmatched_statements, expected.unmatched_statements);
        prop_assert_eq!(facts.unmatched_verdicts, expected.unmatched_verdicts);
        for scan in &facts.scans {
            let mut totals = Totals::default();
            let own = expected.records.iter().filter(|it| it.finding.scan_id == *scan.scan.id.as_str());
            own.for_each(|record| totals.add(record));
            prop_assert_eq!(&scan.totals, &totals);
        }
    }

    #[test]
    fn equal_data_has_an_equal_digest_in_any_order(given in given(40)) {
        let scratch = tempfile::tempdir().unwrap();
        let one = snapshot(scratch.path(), 8 << 10, &given);
        let two = snapshot(scratch.path(), 8 << 10, &rearranged(&given));
        prop_assert_eq!(one.facts(), two.facts());
    }
}
