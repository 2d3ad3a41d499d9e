//! A snapshot taken apart: one for each scan.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

use export_core::digest::Digest;
use export_core::error::{ErrorKind, PortError};
use export_core::finding::Verdict;
use export_core::ports::{Pulse, ScanTotals, Snapshot, SnapshotFacts};
use sha2::Digest as _;

use crate::beat::Beat;
use crate::codec::encode;
use crate::counts::Policies;
use crate::sboms::SbomSpools;
use crate::scratch::Scratch;
use crate::snapshot::SpooledSnapshot;
use crate::spool::SpoolWriter;

/// The most scans that are written at one time: each holds a file and a block of memory.
pub const SCANS_AT_ONCE: usize = 64;

/// Takes the findings of at most [`SCANS_AT_ONCE`] scans out of `from`, in one pass: a snapshot for each, in the order of
/// `scans`. Their verdicts are those about findings; SBOM documents and annotations stay in `from`.
///
/// # Errors
/// `Limit` if `quota_bytes` are used up, `Full` if the disk is; `Cancelled` or `Timeout` if the pulse says so; what `from`
/// says.
pub fn partition(
    from: &dyn Snapshot,
    scans: &[ScanTotals],
    scratch: &Path,
    quota_bytes: u64,
    pulse: &dyn Pulse,
) -> Result<Vec<SpooledSnapshot>, PortError> {
    let mut beat = Beat::new(pulse);
    let scratch = Arc::new(Scratch::create(scratch, quota_bytes)?);
    let parts = scans.iter().take(SCANS_AT_ONCE).map(|_| Part::create(&scratch));
    let mut parts = parts.collect::<Result<Vec<_>, _>>()?;
    let places: HashMap<&str, usize> =
        scans.iter().enumerate().map(|(at, scan)| (scan.scan.id.as_str(), at)).collect();
    let mut cursor = from.findings()?;
    let mut rows = 0;
    while let Some(record) = cursor.next()? {
        rows += 1;
        beat.rows(rows)?;
        let Some(part) = places.get(record.finding.scan_id.as_str()).and_then(|at| parts.get_mut(*at)) else {
            continue;
        };
        record.verdicts.iter().for_each(|verdict: &Verdict<'_>| part.policies.add(verdict));
        part.buffer.clear();
        encode(&record, &mut part.buffer)?;
        part.hasher.update((part.buffer.len() as u64).to_le_bytes());
        part.hasher.update(&part.buffer);
        part.spool.push(&part.buffer)?;
        part.rows += 1;
    }
    let about = from.facts();
    parts.into_iter().zip(scans).map(|(part, scan)| part.finish(about, scan, &scratch)).collect()
}

struct Part {
    spool: SpoolWriter,
    hasher: sha2::Sha256,
    policies: Policies,
    buffer: Vec<u8>,
    rows: u64,
}

impl Part {
    fn create(scratch: &Scratch) -> Result<Self, PortError> {
        let spool = SpoolWriter::create(scratch, "part")?;
        Ok(Self {
            spool,
            hasher: sha2::Sha256::new(),
            policies: Policies::default(),
            buffer: Vec::new(),
            rows: 0,
        })
    }

    fn finish(
        self,
        about: &SnapshotFacts,
        scan: &ScanTotals,
        scratch: &Arc<Scratch>,
    ) -> Result<SpooledSnapshot, PortError> {
        if self.rows != scan.totals.findings {
            let message = format!("{} records of a scan that counts {}", self.rows, scan.totals.findings);
            let error = PortError::new(ErrorKind::Corrupt, "snapshot: partition", message);
            return Err(error.at(scan.scan.id.as_str()));
        }
        let facts = SnapshotFacts {
            taken_at: about.taken_at,
            digest: Digest::from_bytes(self.hasher.finalize().into()),
            totals: scan.totals.clone(),
            scans: vec![scan.clone()],
            policies: self.policies.finish(),
            unmatched_statements: 0,
            unmatched_verdicts: 0,
            sboms: Vec::new(),
            sources: about.sources.clone(),
            warnings: Vec::new(),
            baseline: None,
            vulnerabilities: None,
            compliance: None,
            audit: None,
        };
        Ok(SpooledSnapshot {
            facts,
            records: self.spool.seal()?,
            elements: SbomSpools::default(),
            annotations: None,
            vulnerabilities: None,
            scratch: Arc::clone(scratch),
        })
    }
}
