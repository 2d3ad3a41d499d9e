//! The data of one export, read once and rendered many times.

use serde::{Deserialize, Serialize};

use crate::digest::Digest;
use crate::error::PortError;
use crate::record::FindingRecord;
use crate::scan::{ScanRef, SourceDigest};
use crate::time::Timestamp;
use crate::totals::{PolicyTotals, Totals};
use crate::warning::Warning;

/// What can be known of a snapshot without reading its records. Its size grows with scans and policies, never
/// with findings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SnapshotFacts {
    /// When the sources were read.
    pub taken_at: Timestamp,
    /// SHA-256 over the joined, sorted records: equal data has an equal digest.
    pub digest: Digest,
    /// The numbers of all findings.
    pub totals: Totals,
    /// The scans of the scope, each with its numbers, in the order of the scope's resolution.
    pub scans: Vec<ScanTotals>,
    /// Verdicts by policy, sorted by set and policy.
    pub policies: Vec<PolicyTotals>,
    /// VEX statements that speak about no finding of the scope.
    pub unmatched_statements: u64,
    /// Verdicts about findings that the scope does not have.
    pub unmatched_verdicts: u64,
    /// The documents that were read, in the order of reading.
    pub sources: Vec<SourceDigest>,
    /// What was not as it should be in the sources.
    pub warnings: Vec<Warning>,
}

/// One scan with its numbers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScanTotals {
    /// The scan.
    pub scan: ScanRef,
    /// The numbers of its findings.
    pub totals: Totals,
}

/// The one truth of an export: every artifact is rendered from it, so they cannot disagree.
pub trait Snapshot: Send + Sync {
    /// What can be known without reading the records.
    fn facts(&self) -> &SnapshotFacts;

    /// Reads all records from the beginning, in the order of
    /// [`FindingRecord::order_key`](crate::record::FindingRecord::order_key). Any number of readers may read at the same time.
    ///
    /// # Errors
    /// `Unavailable` if the spool cannot be opened.
    fn findings(&self) -> Result<Box<dyn FindingCursor + '_>, PortError>;
}

/// A reader of records, one at a time. A record lives until the next one is asked for.
pub trait FindingCursor {
    /// The next record, or none behind the last one.
    ///
    /// # Errors
    /// `Corrupt` if the spool does not hold what was written to it, or ends too early.
    fn next(&mut self) -> Result<Option<FindingRecord<'_>>, PortError>;
}
