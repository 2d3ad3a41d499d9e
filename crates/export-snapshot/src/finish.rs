//! From what was collected to a snapshot: join, count, sort, digest.

use std::sync::Arc;

use export_core::error::PortError;
use export_core::ports::{ScanTotals, SnapshotFacts};
use export_core::time::Timestamp;

use crate::beat::Beat;
use crate::compliance::compliance;
use crate::join::{Matched, join, probe};
use crate::records::{Records, write};
use crate::snapshot::SpooledSnapshot;
use crate::sort::Sorter;
use crate::spool::SpoolWriter;
use crate::vulnerabilities::Vulnerabilities;
use crate::writer::SnapshotWriter;

/// Does all that [`SnapshotWriter::finish`] promises.
///
/// Each file goes as soon as it was read for the last time. Of the memory for sorting, annotations, probes and matches have a
/// quarter each; then matches have a quarter, records half, and occurrences of vulnerabilities the last quarter; in the end
/// these have a quarter, and vulnerabilities by rank another.
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
        lists_vulnerabilities,
        sources,
        warnings,
    } = writer;
    let quarter = limits.memory_bytes / 4;
    let sorter = |what, share| Sorter::new(Arc::clone(&scratch), what, limits.memory_bytes / share);
    let (scans, scan_order) = scans.finish()?;

    let mut probes = sorter("probes", 4);
    probe(subjects.seal()?, &scans, &annotations, &mut probes, beat)?;
    let matched = join(annotations, probes, sorter("matches", 4), beat)?;
    let Matched { matches, unmatched_statements, unmatched_verdicts } = matched;

    let vulnerabilities = lists_vulnerabilities.then(|| Vulnerabilities::new(&scratch, quarter));
    let mut records = Records::new(sorter("records", 2), vulnerabilities, scans.len(), taken_at);
    records.assemble(findings.seal()?, matches, beat)?;
    let Records { sorter, vulnerabilities, totals, by_scan, .. } = records;
    let (spool, digest) = write(sorter, totals.findings, &scratch, beat)?;
    let vulnerabilities = vulnerabilities.map(|it| it.finish(&scratch, quarter, scans.len(), beat));
    let (vulnerabilities, vulnerability_count) = vulnerabilities.transpose()?.unzip();

    let scan_totals = scan_order.into_iter().map(|number| {
        let number = number as usize;
        ScanTotals { scan: scans[number].clone(), totals: by_scan[number].clone() }
    });
    let scan_totals: Vec<ScanTotals> = scan_totals.collect();
    let annotations = kept.map(SpoolWriter::seal).transpose()?;
    let compliance = annotations.as_ref().map(|said| compliance(said, &scan_totals, taken_at, beat));
    let (sboms, elements) = sboms.seal()?;
    let facts = SnapshotFacts {
        taken_at,
        digest,
        totals,
        scans: scan_totals,
        policies: policies.finish(),
        unmatched_statements,
        unmatched_verdicts,
        sboms,
        sources,
        warnings: warnings.finish(),
        baseline: None,
        vulnerabilities: vulnerability_count,
        compliance: compliance.transpose()?,
        audit: None,
    };
    Ok(SpooledSnapshot { facts, records: spool, elements, annotations, vulnerabilities, scratch })
}
