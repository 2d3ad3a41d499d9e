//! The data of one export, read once and rendered many times.

use serde::{Deserialize, Serialize};

use crate::attestation::Attestation;
use crate::audit::{AuditEvent, AuditFacts};
use crate::compliance::ComplianceFacts;
use crate::digest::Digest;
use crate::error::{ErrorKind, PortError};
use crate::finding::{Verdict, VexStatement};
use crate::record::{BaselineState, FindingRecord};
use crate::sbom::{SbomDocument, SbomElement, SbomSection};
use crate::scan::{ScanRef, SourceDigest};
use crate::text::Text;
use crate::time::Timestamp;
use crate::totals::{PolicyTotals, Totals};
use crate::vulnerability::VulnerabilityRecord;
use crate::warning::Warning;

/// What can be known of a snapshot without reading its records. Its size grows with scans and policies, never
/// with findings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SnapshotFacts {
    /// When the sources were read.
    pub taken_at: Timestamp,
    /// SHA-256 over the joined, sorted records: equal data has an equal digest. Of a snapshot of the audit trail, that of
    /// [`TrailDigest`](crate::audit::TrailDigest) over its events.
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
    /// The SBOM documents of the scope, in the order of reading; empty unless the export asked for them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sboms: Vec<SbomDocument>,
    /// The documents that were read, in the order of reading.
    pub sources: Vec<SourceDigest>,
    /// What was not as it should be in the sources.
    pub warnings: Vec<Warning>,
    /// The comparison with earlier scans, if the export asked for one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub baseline: Option<BaselineFacts>,
    /// How many different vulnerabilities the findings are of, if the export asked for them one by one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub vulnerabilities: Option<u64>,
    /// What rules decided, by rule and by scan, if the export asked for verdicts as they were read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub compliance: Option<ComplianceFacts>,
    /// The numbers of the audit trail, if the export asked for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub audit: Option<AuditFacts>,
}

impl SnapshotFacts {
    /// How many records the export is about: events of an audit trail, else findings.
    #[must_use]
    pub fn rows_matched(&self) -> u64 {
        self.audit.as_ref().map_or(self.totals.findings, |audit| audit.events)
    }

    /// How many records of one kind the snapshot has.
    #[must_use]
    pub fn records(&self, kind: RecordKind) -> u64 {
        match kind {
            RecordKind::Finding => self.totals.findings,
            RecordKind::Vulnerability => self.vulnerabilities.unwrap_or(0),
            RecordKind::Scan => self.scans.len() as u64,
            RecordKind::Verdict => self.compliance.as_ref().map_or(0, ComplianceFacts::verdicts),
            RecordKind::AuditEvent => self.audit.as_ref().map_or(0, |audit| audit.events),
        }
    }
}

/// The kinds of records that a file may list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RecordKind {
    /// [`Snapshot::findings`].
    Finding,
    /// [`Snapshot::vulnerabilities`].
    Vulnerability,
    /// [`SnapshotFacts::scans`].
    Scan,
    /// The verdicts of [`Snapshot::annotations`].
    Verdict,
    /// [`Snapshot::audit`].
    AuditEvent,
}

/// What changed since earlier scans.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BaselineFacts {
    /// The earlier scans, in the order of their resolution; most often one.
    pub scans: Vec<ScanRef>,
    /// Findings by [`BaselineState::ALL`](crate::record::BaselineState::ALL).
    pub by_state: [u64; 4],
    /// Of the updated ones, those of another severity.
    pub changed_severity: u64,
    /// Of the updated ones, those of another status or VEX status. A finding may be one of these and of another severity too.
    pub changed_vex: u64,
}

impl BaselineFacts {
    /// Findings of one state.
    #[must_use]
    pub const fn count(&self, state: BaselineState) -> u64 {
        self.by_state[state as usize]
    }

    /// Whether everything is as it was.
    #[must_use]
    pub const fn is_calm(&self) -> bool {
        let [new, updated, _, absent] = self.by_state;
        new + updated + absent == 0
    }
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

    /// Reads the findings that only the baseline has, in the same order, each [`BaselineState::Absent`]; none without a
    /// baseline. They count nowhere but in [`BaselineFacts`].
    ///
    /// # Errors
    /// As [`findings`](Self::findings).
    fn absent(&self) -> Result<Box<dyn FindingCursor + '_>, PortError> {
        Ok(Box::new(Nothing))
    }

    /// Reads what was said about the scans: scan after scan in the order of [`SnapshotFacts::scans`], statements before
    /// verdicts, each in the order of its source.
    ///
    /// # Errors
    /// As [`findings`](Self::findings); `Invalid` if the snapshot was made without them, because nothing needed them.
    fn annotations(&self) -> Result<Box<dyn AnnotationCursor + '_>, PortError>;

    /// Reads the vulnerabilities of the findings, each once with all that it affects: those with open findings first, then
    /// in the order of their worst finding.
    ///
    /// # Errors
    /// As [`findings`](Self::findings); `Invalid` if the snapshot was made without them, because nothing needed them.
    fn vulnerabilities(&self) -> Result<Box<dyn VulnerabilityCursor + '_>, PortError> {
        let message = "the snapshot was made without a list of vulnerabilities";
        Err(PortError::new(ErrorKind::Invalid, "snapshot: vulnerabilities", message))
    }

    /// Reads the tenant's audit trail, oldest event first; nothing unless the export asked for it.
    ///
    /// # Errors
    /// As [`findings`](Self::findings).
    fn audit(&self) -> Result<Box<dyn AuditCursor + '_>, PortError> {
        Ok(Box::new(Nothing))
    }

    /// Reads one list of all SBOM documents from the beginning: document after document, each in its own order.
    ///
    /// # Errors
    /// As [`findings`](Self::findings).
    fn sbom(&self, section: SbomSection) -> Result<Box<dyn SbomCursor + '_>, PortError>;
}

/// What was said about the scans, as it was read, whether it matches a finding or not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Annotation<'a> {
    /// The scan that it was read for.
    #[serde(borrow)]
    pub scan_id: Text<'a>,
    /// What was said.
    #[serde(borrow)]
    pub said: Said<'a>,
}

/// A policy verdict, a VEX statement or an attestation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Said<'a> {
    /// By a policy.
    #[serde(borrow)]
    Verdict(Verdict<'a>),
    /// By a VEX document.
    #[serde(borrow)]
    Statement(VexStatement<'a>),
    /// By whoever made or checked the artifact.
    #[serde(borrow)]
    Attestation(Attestation<'a>),
}

/// A reader of annotations, one at a time. An annotation lives until the next one is asked for.
pub trait AnnotationCursor {
    /// The next annotation, or none behind the last one.
    ///
    /// # Errors
    /// As [`FindingCursor::next`].
    fn next(&mut self) -> Result<Option<Annotation<'_>>, PortError>;
}

/// A reader of vulnerabilities, one at a time. A vulnerability lives until the next one is asked for.
pub trait VulnerabilityCursor {
    /// The next vulnerability, or none behind the last one.
    ///
    /// # Errors
    /// As [`FindingCursor::next`].
    fn next(&mut self) -> Result<Option<VulnerabilityRecord<'_>>, PortError>;
}

/// A reader of audit events, one at a time. An event lives until the next one is asked for.
pub trait AuditCursor {
    /// The next event, or none behind the last one.
    ///
    /// # Errors
    /// As [`FindingCursor::next`].
    fn next(&mut self) -> Result<Option<AuditEvent<'_>>, PortError>;
}

/// A reader of SBOM elements, one at a time. An element lives until the next one is asked for.
pub trait SbomCursor {
    /// The next element, or none behind the last one.
    ///
    /// # Errors
    /// As [`FindingCursor::next`].
    fn next(&mut self) -> Result<Option<SbomElement<'_>>, PortError>;
}

/// A reader of no records.
struct Nothing;

impl FindingCursor for Nothing {
    fn next(&mut self) -> Result<Option<FindingRecord<'_>>, PortError> {
        Ok(None)
    }
}

impl AuditCursor for Nothing {
    fn next(&mut self) -> Result<Option<AuditEvent<'_>>, PortError> {
        Ok(None)
    }
}

/// A reader of records, one at a time. A record lives until the next one is asked for.
pub trait FindingCursor {
    /// The next record, or none behind the last one.
    ///
    /// # Errors
    /// `Corrupt` if the spool does not hold what was written to it, or ends too early.
    fn next(&mut self) -> Result<Option<FindingRecord<'_>>, PortError>;
}
