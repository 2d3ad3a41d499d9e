//! The suite of [`Snapshot`]: one case for each sentence of its documentation.

mod vulnerabilities;

use std::sync::Arc;

use export_core::ports::{Snapshot, SnapshotFacts};
use export_core::record::FindingRecord;
use export_core::totals::Totals;

pub use self::vulnerabilities::*;
use crate::corpus;
use crate::memory::MemorySnapshot;

/// Makes one test of each case. `build` is an async function that takes records in any order and gives a snapshot of
/// them, taken at [`corpus::AT`], with annotations and vulnerabilities, and what must live as long:
/// `async fn build(records: Vec<FindingRecord<'static>>) -> (Arc<dyn Snapshot>, impl Sized)`.
///
/// Builders that join by themselves can take the records apart with [`MemorySources::of`](crate::MemorySources::of).
#[macro_export]
macro_rules! snapshots_suite {
    ($build:expr) => {
        $crate::snapshots_suite! { $build =>
            records_come_in_their_order_each_once
            records_are_those_that_went_in
            hostile_and_very_long_text_comes_back_as_it_was
            any_number_of_readers_may_read_at_the_same_time
            readers_start_at_the_beginning
            totals_are_the_numbers_of_the_records
            equal_data_has_an_equal_digest
            changed_data_has_another_digest
            a_snapshot_may_have_no_records
            the_end_stays_the_end
            each_vulnerability_comes_once_with_all_that_it_affects
            vulnerabilities_come_worst_first
            only_vulnerabilities_are_listed_and_facts_count_them
            hostile_vulnerabilities_come_back_as_they_were
            what_is_affected_is_kept_up_to_a_number
            compliance_counts_what_verdicts_come_to
            what_was_not_asked_for_is_empty
        }
    };
    ($build:expr => $($case:ident)*) => {$(
        #[test]
        fn $case() {
            $crate::run($crate::snapshots::$case(async |records| {
                let (snapshot, guard) = $build(records).await;
                (snapshot, Box::new(guard) as Box<dyn std::any::Any>)
            }));
        }
    )*};
}

type Records = Vec<FindingRecord<'static>>;
type Built = (Arc<dyn Snapshot>, Box<dyn std::any::Any>);

/// Reads all records as comparable documents.
fn documents(snapshot: &dyn Snapshot) -> Vec<String> {
    let mut cursor = snapshot.findings().unwrap();
    let mut documents = Vec::new();
    while let Some(record) = cursor.next().unwrap() {
        documents.push(document(&record));
    }
    documents
}

fn document(record: &FindingRecord<'_>) -> String {
    serde_json::to_string(record).unwrap()
}

fn expected(records: &Records) -> Vec<String> {
    MemorySnapshot::new(records.clone()).records().iter().map(document).collect()
}

fn reversed(records: &Records) -> Records {
    records.iter().rev().cloned().collect()
}

/// Reads all records in the order of their keys.
pub async fn records_come_in_their_order_each_once(build: impl AsyncFn(Records) -> Built) {
    let (snapshot, _guard) = build(reversed(&corpus::records(2_000))).await;
    let mut cursor = snapshot.findings().unwrap();
    let mut before: Option<Vec<u8>> = None;
    let mut count = 0;
    while let Some(record) = cursor.next().unwrap() {
        let key = record.order_key();
        assert!(before.is_none_or(|before| before < key), "record {count} is not behind the one before");
        before = Some(key);
        count += 1;
    }
    assert_eq!(count, 2_000);
}

/// All records are there, with everything that they hold.
pub async fn records_are_those_that_went_in(build: impl AsyncFn(Records) -> Built) {
    let records = corpus::records(500);
    let (snapshot, _guard) = build(reversed(&records)).await;
    for (read, expected) in documents(&*snapshot).iter().zip(expected(&records)) {
        assert_eq!(*read, expected);
    }
}

/// The spool holds what was written to it.
pub async fn hostile_and_very_long_text_comes_back_as_it_was(build: impl AsyncFn(Records) -> Built) {
    let mut records = corpus::hostile_records();
    let mut long = corpus::record(1_000);
    long.finding.description = corpus::very_long().into();
    records.push(long);
    let (snapshot, _guard) = build(records.clone()).await;
    assert!(documents(&*snapshot) == expected(&records), "a text was changed");
}

/// Any number of readers may read at the same time.
pub async fn any_number_of_readers_may_read_at_the_same_time(build: impl AsyncFn(Records) -> Built) {
    let records = corpus::records(300);
    let (snapshot, _guard) = build(records.clone()).await;
    let mut cursors: Vec<_> = (0..4).map(|_| snapshot.findings().unwrap()).collect();
    for document_expected in expected(&records) {
        for cursor in &mut cursors {
            assert_eq!(cursor.next().unwrap().map(|record| document(&record)).unwrap(), document_expected);
        }
    }
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| assert_eq!(documents(&*snapshot).len(), 300));
        }
    });
}

/// Reads all records from the beginning, whatever was read before.
pub async fn readers_start_at_the_beginning(build: impl AsyncFn(Records) -> Built) {
    let (snapshot, _guard) = build(corpus::records(50)).await;
    let mut abandoned = snapshot.findings().unwrap();
    abandoned.next().unwrap();
    drop(abandoned);
    let first = documents(&*snapshot);
    assert_eq!(first.len(), 50);
    assert_eq!(first, documents(&*snapshot));
}

/// The numbers of all findings, and of each scan.
pub async fn totals_are_the_numbers_of_the_records(build: impl AsyncFn(Records) -> Built) {
    let records = corpus::records(500);
    let (snapshot, _guard) = build(records.clone()).await;
    let mut totals = Totals::default();
    records.iter().for_each(|record| totals.add(record));
    let facts: &SnapshotFacts = snapshot.facts();
    assert_eq!(facts.totals, totals);
    assert_eq!(facts.scans.iter().map(|scan| scan.totals.findings).sum::<u64>(), 500);
    for scan in &facts.scans {
        let mut totals = Totals::default();
        let of_scan = |record: &&FindingRecord<'_>| *record.finding.scan_id == *scan.scan.id.as_str();
        records.iter().filter(of_scan).for_each(|record| totals.add(record));
        assert_eq!(scan.totals, totals, "{}", scan.scan.id);
    }
}

/// Equal data has an equal digest, in whatever order it was read.
pub async fn equal_data_has_an_equal_digest(build: impl AsyncFn(Records) -> Built) {
    let records = corpus::records(200);
    let (first, _guard) = build(records.clone()).await;
    let (second, _guard) = build(reversed(&records)).await;
    assert_eq!(first.facts().digest, second.facts().digest);
}

/// SHA-256 over the joined records: a change of any of them shows.
pub async fn changed_data_has_another_digest(build: impl AsyncFn(Records) -> Built) {
    let records = corpus::records(50);
    let (first, _guard) = build(records.clone()).await;
    let mut changed = records.clone();
    changed[25].finding.title = "another title".into();
    let fewer = records[1..].to_vec();
    for other in [changed, fewer] {
        let (second, _guard) = build(other).await;
        assert_ne!(first.facts().digest, second.facts().digest);
    }
}

/// No findings are a result too.
pub async fn a_snapshot_may_have_no_records(build: impl AsyncFn(Records) -> Built) {
    let (snapshot, _guard) = build(vec![]).await;
    assert_eq!(documents(&*snapshot), Vec::<String>::new());
    assert_eq!(snapshot.facts().totals, Totals::default());
}

/// None behind the last one, however often one asks.
pub async fn the_end_stays_the_end(build: impl AsyncFn(Records) -> Built) {
    let (snapshot, _guard) = build(corpus::records(3)).await;
    let mut cursor = snapshot.findings().unwrap();
    while cursor.next().unwrap().is_some() {}
    assert!(cursor.next().unwrap().is_none());
}
