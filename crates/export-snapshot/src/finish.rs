//! From what was collected to a snapshot: join, count, sort, digest.

use std::sync::Arc;

use export_core::audit::AuditFacts;
use export_core::digest::Digest;
use export_core::error::PortError;
use export_core::ports::{ScanTotals, SnapshotFacts};
use export_core::scan::ScanRef;
use export_core::time::Timestamp;
use export_core::totals::Totals;

use crate::beat::Beat;
use crate::compliance::compliance;
use crate::join::{Matched, join, probe};
use crate::merge::merge;
use crate::records::{Records, write};
use crate::snapshot::SpooledSnapshot;
use crate::sort::Sorter;
use crate::spool::{Spool, SpoolWriter};
use crate::trail::TrailWriter;
use crate::vulnerabilities::Vulnerabilities;
use crate::writer::SnapshotWriter;

/// Does all that [`SnapshotWriter::finish`] promises.
///
/// Each file goes as soon as it was read for the last time. Of the memory for sorting, annotations, probes and matches have a
/// quarter each; then matches have a quarter, and records half, of which occurrences of vulnerabilities take a quarter where
/// they are listed; in the end these have an eighth for merging, and vulnerabilities by rank a quarter.
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
        trail,
        sources,
        documents,
        mut warnings,
    } = writer;
    let eighth = limits.memory_bytes / 8;
    let sorter = |what, eighths| Sorter::new(Arc::clone(&scratch), what, eighths * eighth);
    let (scans, scan_order) = scans.finish()?;

    let (mut findings, mut subjects) = (findings.seal()?, subjects.seal()?);
    if documents.tell_the_same() {
        let merged = merge((findings, subjects), &documents, sorter("merged", 4), &scratch, beat)?;
        merged.tell(&scans, &mut warnings);
        (findings, subjects) = (merged.findings, merged.subjects);
    }
    let mut probes = sorter("probes", 2);
    probe(subjects, &scans, &annotations, &mut probes, beat)?;
    let matched = join(annotations, probes, sorter("matches", 2), beat)?;
    let Matched { matches, unmatched_statements, unmatched_verdicts } = matched;
    let vulnerabilities = lists_vulnerabilities.then(|| Vulnerabilities::new(&scratch, eighth));
    let of_records = if lists_vulnerabilities { 3 } else { 4 };
    let mut records = Records::new(sorter("records", of_records), vulnerabilities, scans.len(), taken_at);
    records.assemble(findings, matches, beat)?;
    let Records { sorter, vulnerabilities, totals, by_scan, .. } = records;
    let (spool, digest) = write(sorter, totals.findings, &scratch, beat)?;
    let listed = vulnerabilities.map(|it| it.finish(&scratch, 2 * eighth, scans.len(), beat));
    let (vulnerabilities, vulnerability_count) = listed.transpose()?.unzip();

    let scan_totals = in_order(&scans, scan_order, &by_scan);
    let annotations = kept.map(SpoolWriter::seal).transpose()?;
    let compliance = annotations.as_ref().map(|said| compliance(said, &scan_totals, taken_at, beat));
    let (sboms, elements) = sboms.seal()?;
    let (trail, audit, digest) = sealed(trail, digest)?;
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
        audit,
    };
    Ok(SpooledSnapshot { facts, records: spool, elements, annotations, trail, vulnerabilities, scratch })
}

/// The trail, what it holds, and the digest of the snapshot: that of the trail where there is one.
fn sealed(
    trail: Option<TrailWriter>,
    digest: Digest,
) -> Result<(Option<Spool>, Option<AuditFacts>, Digest), PortError> {
    Ok(match trail.map(TrailWriter::seal).transpose()? {
        Some((spool, audit, digest)) => (Some(spool), Some(audit), digest),
        None => (None, None, digest),
    })
}

/// The scans with their numbers, in their order.
fn in_order(scans: &[ScanRef], order: Vec<u32>, by_scan: &[Totals]) -> Vec<ScanTotals> {
    let of = |number: usize| ScanTotals { scan: scans[number].clone(), totals: by_scan[number].clone() };
    order.into_iter().map(|number| of(number as usize)).collect()
}
