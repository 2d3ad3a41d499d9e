//! The writer's end: what travels to it, and the thread that it runs on.

use std::sync::Arc;

use export_core::attestation::Attestation;
use export_core::audit::AuditEvent;
use export_core::error::PortError;
use export_core::export::Stage;
use export_core::finding::{Finding, Intelligence, Verdict, VexStatement};
use export_core::id::ScanId;
use export_core::sbom::SbomPart;
use export_core::scan::{ScanRef, SourceDigest};
use export_core::time::Timestamp;
use export_core::warning::Warning;
use export_snapshot::{SnapshotLimits, SnapshotWriter, SpooledSnapshot};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use crate::{AttemptPulse, Limits};

/// What travels to the writer: entries, and at the very end the word that there are no more.
pub(super) enum Batch {
    Entries(Vec<Entry>),
    End,
}

/// One thing that was read.
pub(super) enum Entry {
    Scan(ScanRef),
    Finding(Box<Finding<'static>>),
    Verdict(ScanId, Box<Verdict<'static>>),
    Statement(ScanId, Box<VexStatement<'static>>),
    Attestation(ScanId, Box<Attestation<'static>>),
    Intelligence(Box<Intelligence<'static>>),
    Sbom(ScanId, Box<SbomPart<'static>>),
    Audit(Box<AuditEvent<'static>>),
    Source(SourceDigest),
    Warning(Warning),
}

/// What a snapshot keeps besides its findings.
pub(super) struct Kept {
    pub(super) annotations: bool,
    pub(super) vulnerabilities: bool,
    pub(super) trail: bool,
}

/// The snapshot; none if the feed closed before its end.
pub(super) type Written = Result<Option<SpooledSnapshot>, PortError>;

/// Starts a writer on a thread of its own.
pub(super) fn spawn_writer(
    mut entries: mpsc::Receiver<Batch>,
    limits: &Limits,
    (taken_at, kept): (Timestamp, Kept),
    pulse: Arc<AttemptPulse>,
) -> JoinHandle<Written> {
    let scratch = limits.scratch.clone();
    let limits = SnapshotLimits::with_quota(limits.snapshot_bytes);
    tokio::task::spawn_blocking(move || {
        let mut writer = SnapshotWriter::create(&scratch, limits)?;
        if kept.annotations {
            writer = writer.keeping_annotations()?;
        }
        if kept.vulnerabilities {
            writer = writer.keeping_vulnerabilities();
        }
        if kept.trail {
            writer = writer.keeping_audit()?;
        }
        let mut rows = 0;
        while let Some(batch) = entries.blocking_recv() {
            match batch {
                Batch::Entries(batch) => {
                    let before = rows;
                    for entry in batch {
                        rows += u64::from(matches!(entry, Entry::Finding(_) | Entry::Audit(_)));
                        write(&mut writer, entry)?;
                    }
                    pulse.add(rows - before);
                }
                Batch::End => {
                    pulse.enter(Stage::Sort, Some(rows));
                    return writer.finish(taken_at, &*pulse).map(Some);
                }
            }
        }
        Ok(None)
    })
}

fn write(writer: &mut SnapshotWriter, entry: Entry) -> Result<(), PortError> {
    match entry {
        Entry::Scan(scan) => writer.scan(scan),
        Entry::Finding(finding) => writer.finding(&finding),
        Entry::Verdict(scan, verdict) => writer.verdict(&scan, &verdict),
        Entry::Statement(scan, statement) => writer.statement(&scan, &statement),
        Entry::Attestation(scan, attestation) => writer.attestation(&scan, &attestation),
        Entry::Intelligence(known) => writer.intelligence(&known),
        Entry::Sbom(scan, part) => writer.sbom(&scan, &part),
        Entry::Audit(event) => writer.audit(&event),
        Entry::Source(document) => {
            writer.source(document);
            Ok(())
        }
        Entry::Warning(warning) => {
            writer.warning(warning);
            Ok(())
        }
    }
}
