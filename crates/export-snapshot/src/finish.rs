//! From what was collected to a snapshot: join, count, sort, digest.

use std::sync::Arc;

use export_core::error::PortError;
use export_core::ports::{ScanTotals, SnapshotFacts};
use export_core::time::Timestamp;

use crate::beat::Beat;
use crate::join::{Matched, join, probe};
use crate::records::{Records, write};
use crate::snapshot::SpooledSnapshot;
use crate::sort::Sorter;
use crate::spool::SpoolWriter;
use crate::trail::TrailWriter;
use crate::writer::SnapshotWriter;

/// Does all that [`SnapshotWriter::finish`] promises.
///
/// Each file goes as soon as it was read for the last time. Of the memory for sorting, annotations, probes and matches have a
/// quarter each; then matches have a quarter and records half.
pub(crate) fn finish(
    writer: SnapshotWriter,
    taken_at: Timestamp,
    beat: &mut Beat<'_>,
) -> Result<SpooledSnapshot, PortError> {
    beat.now()?;
    let SnapshotWriter {
        scratch,
        limits,
        scans,
        findings,
        subjects,
        annotations,
        policies,
        sboms,
        kept,
        trail,
        sources,
        warnings,
    } = writer;
    let sorter = |what, share| Sorter::new(Arc::clone(&scratch), what, limits.memory_bytes / share);
    let (scans, scan_order) = scans.finish()?;

    let mut probes = sorter("probes", 4);
    probe(subjects.seal()?, &scans, &annotations, &mut probes, beat)?;
    let matched = join(annotations, probes, sorter("matches", 4), beat)?;
    let Matched { matches, unmatched_statements, unmatched_verdicts } = matched;

    let mut records = Records::new(sorter("records", 2), scans.len(), taken_at);
    records.assemble(findings.seal()?, matches, beat)?;
    let Records { sorter, totals, by_scan, .. } = records;
    let (spool, digest) = write(sorter, totals.findings, &scratch, beat)?;

    let scan_totals = scan_order.into_iter().map(|number| {
        let number = number as usize;
        ScanTotals { scan: scans[number].clone(), totals: by_scan[number].clone() }
    });
    let (sboms, elements) = sboms.seal()?;
    let trail = trail.map(TrailWriter::seal).transpose()?;
    let (trail, audit, digest) = match trail {
        Some((spool, audit, digest)) => (Some(spool), Some(audit), digest),
        None => (None, None, digest),
    };
    let facts = SnapshotFacts {
        taken_at,
        digest,
        totals,
        scans: scan_totals.collect(),
        policies: policies.finish(),
        unmatched_statements,
        unmatched_verdicts,
        sboms,
        sources,
        warnings: warnings.finish(),
        baseline: None,
        vulnerabilities: None,
        compliance: None,
        audit,
    };
    Ok(SpooledSnapshot {
        facts,
        records: spool,
        elements,
        trail,
        annotations: kept.map(SpoolWriter::seal).transpose()?,
        scratch,
    })
}
