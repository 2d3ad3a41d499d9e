//! Putting records together, counting them, and writing them in their order.

use export_core::digest::Digest;
use export_core::error::{ErrorKind, PortError};
use export_core::finding::{Finding, Verdict, VexAssertion};
use export_core::record::{FindingRecord, FindingStatus};
use export_core::time::Timestamp;
use export_core::totals::Totals;
use serde::Serialize;
use sha2::Digest as _;

use crate::beat::Beat;
use crate::codec::{decode, encode};
use crate::join::{Found, Matches};
use crate::scratch::Scratch;
use crate::sort::Sorter;
use crate::spool::{Spool, SpoolWriter};
use crate::vulnerabilities::Vulnerabilities;

/// Writes a finding as [`Records::assemble`] reads it: the number of its scan, the finding.
pub(crate) fn write_finding(scan: u32, finding: &Finding<'_>, buffer: &mut Vec<u8>) -> Result<(), PortError> {
    buffer.extend_from_slice(&scan.to_le_bytes());
    encode(finding, buffer)
}

/// Records on their way into their order, with their numbers.
pub(crate) struct Records {
    pub(crate) sorter: Sorter,
    pub(crate) vulnerabilities: Option<Vulnerabilities>,
    pub(crate) totals: Totals,
    pub(crate) by_scan: Vec<Totals>,
    taken_at: Timestamp,
}

impl Records {
    pub(crate) fn new(
        sorter: Sorter,
        vulnerabilities: Option<Vulnerabilities>,
        scans: usize,
        taken_at: Timestamp,
    ) -> Self {
        let by_scan = vec![Totals::default(); scans];
        Self { sorter, vulnerabilities, totals: Totals::default(), by_scan, taken_at }
    }

    /// Joins every finding with what was found for it. The first half of the work, as the pulse sees it.
    pub(crate) fn assemble(
        &mut self,
        findings: Spool,
        mut matches: Matches,
        beat: &mut Beat<'_>,
    ) -> Result<(), PortError> {
        let mut found = Found::default();
        let mut reader = findings.read()?;
        let mut number = 0;
        while reader.advance()? {
            matches.take(number, &mut found)?;
            self.add(reader.record(), &found)?;
            number += 1;
            beat.rows(number / 2)?;
        }
        drop(findings); // and with it its file
        self.vulnerabilities.iter_mut().try_for_each(Vulnerabilities::rest)
    }

    fn add(&mut self, written: &[u8], found: &Found) -> Result<(), PortError> {
        let (scan, written) = written.split_first_chunk().ok_or_else(cut)?;
        let record = found.join(decode(written)?, self.taken_at)?;
        self.totals.add(&record);
        let scan = u32::from_le_bytes(*scan);
        self.by_scan[scan as usize].add(&record);
        if let Some(vulnerabilities) = &mut self.vulnerabilities {
            vulnerabilities.add(scan, &record)?;
        }
        self.sorter.push_with(&record.order_key(), |buffer| {
            if found.changes_the_finding() {
                return encode(&record, buffer);
            }
            buffer.extend_from_slice(written);
            let FindingRecord { finding: _, vex, verdicts, status, baseline: _, change: _ } = &record;
            encode(&Tail { vex, verdicts, status: *status }, buffer)
        })
    }
}

/// A record behind its finding; the same fields in the same order.
#[derive(Serialize)]
struct Tail<'a> {
    vex: &'a Option<VexAssertion<'a>>,
    verdicts: &'a [Verdict<'a>],
    status: FindingStatus,
}

/// Writes all records in their order, and digests them: each behind its length (64 bits, little-endian).
pub(crate) fn write(
    sorter: Sorter,
    count: u64,
    scratch: &Scratch,
    beat: &mut Beat<'_>,
) -> Result<(Spool, Digest), PortError> {
    let mut sorted = sorter.sorted(beat)?;
    let mut spool = SpoolWriter::create(scratch, "records")?;
    let mut hasher = sha2::Sha256::new();
    let mut written = 0_u64;
    while sorted.advance()? {
        let record = sorted.entry().payload;
        hasher.update((record.len() as u64).to_le_bytes());
        hasher.update(record);
        spool.push(record)?;
        written += 1;
        beat.rows(count / 2 + written.div_ceil(2))?;
    }
    Ok((spool.seal()?, Digest::from_bytes(hasher.finalize().into())))
}

fn cut() -> PortError {
    PortError::new(ErrorKind::Corrupt, "snapshot: join", "a finding is cut")
}
