//! The spooled snapshot keeps what the port promises.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "support/pulse.rs"]
mod pulse;

use std::sync::Arc;

use export_contract::corpus;
use export_core::id::ScanId;
use export_core::ports::Snapshot;
use export_core::record::FindingRecord;
use export_snapshot::{SnapshotLimits, SnapshotWriter};

use crate::pulse::Idle;

fn image_of(scan: &ScanId) -> String {
    (0..3).map(corpus::scan).find(|it| it.id == *scan).unwrap().image
}

/// Takes the records apart, and lets the snapshot join them again, with so little memory that it sorts on the disk.
async fn build(records: Vec<FindingRecord<'static>>) -> (Arc<dyn Snapshot>, impl Sized) {
    let scratch = tempfile::tempdir().unwrap();
    let limits = SnapshotLimits { quota_bytes: 1 << 30, memory_bytes: 64 << 10 };
    let writer = SnapshotWriter::create(scratch.path(), limits).unwrap();
    let mut writer = writer.keeping_annotations().unwrap().keeping_vulnerabilities();
    for number in 0..3 {
        writer.scan(corpus::scan(number)).unwrap();
    }
    for record in records {
        let scan: ScanId = record.finding.scan_id.parse().unwrap();
        writer.finding(&record.finding).unwrap();
        for verdict in &record.verdicts {
            writer.verdict(&scan, verdict).unwrap();
        }
        if let Some(vex) = record.vex {
            let mut statement = corpus::statement_about(&record.finding, vex);
            if statement.products[0].id.is_empty() {
                // The finding has no package URL: only a statement about the whole image can speak of it.
                statement.products[0].id = image_of(&scan).into();
            }
            writer.statement(&scan, &statement).unwrap();
        }
    }
    (Arc::new(writer.finish(corpus::AT, &Idle).unwrap()), scratch)
}

export_contract::snapshots_suite!(build);
