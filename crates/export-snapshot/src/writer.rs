//! Collecting what the sources give.

use std::path::Path;
use std::sync::Arc;

use export_core::attestation::Attestation;
use export_core::audit::AuditEvent;
use export_core::error::PortError;
use export_core::finding::{Finding, Intelligence, Verdict, VexStatement};
use export_core::id::ScanId;
use export_core::ports::{Annotation, Pulse, Said};
use export_core::sbom::SbomPart;
use export_core::scan::{ScanRef, SourceDigest};
use export_core::time::Timestamp;
use export_core::warning::Warning;

use crate::beat::Beat;
use crate::codec::encode;
use crate::counts::{Policies, Warnings};
use crate::finish;
use crate::join::{Annotations, Subjects};
use crate::merge::Documents;
use crate::records::write_finding;
use crate::sboms::Sboms;
use crate::scans::Scans;
use crate::scratch::Scratch;
use crate::snapshot::SpooledSnapshot;
use crate::spool::SpoolWriter;
use crate::trail::{TrailWriter, not_kept};

/// How much a snapshot may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SnapshotLimits {
    /// Bytes on the disk at one time. Joining and sorting need about twice the bytes of the findings.
    pub quota_bytes: u64,
    /// Bytes of memory for sorting. Some 10 MiB come on top, whatever the number of findings.
    pub memory_bytes: usize,
}

impl SnapshotLimits {
    /// 32 MiB.
    pub const DEFAULT_MEMORY_BYTES: usize = 32 << 20;

    /// A quota, with the usual memory.
    #[must_use]
    pub const fn with_quota(quota_bytes: u64) -> Self {
        Self { quota_bytes, memory_bytes: Self::DEFAULT_MEMORY_BYTES }
    }
}

/// A snapshot in the making: takes everything in any order, and is finished once.
///
/// The order counts in one place only: of two statements with the same time, the one that came later wins. After an error
/// the snapshot is worthless and can only be dropped.
pub struct SnapshotWriter {
    pub(crate) scratch: Arc<Scratch>,
    pub(crate) limits: SnapshotLimits,
    pub(crate) scans: Scans,
    pub(crate) findings: SpoolWriter,
    pub(crate) subjects: Subjects,
    pub(crate) annotations: Annotations,
    pub(crate) policies: Policies,
    pub(crate) sboms: Sboms,
    pub(crate) kept: Option<SpoolWriter>,
    pub(crate) lists_vulnerabilities: bool,
    pub(crate) trail: Option<TrailWriter>,
    pub(crate) sources: Vec<SourceDigest>,
    pub(crate) documents: Documents,
    pub(crate) warnings: Warnings,
}

impl SnapshotWriter {
    /// An empty snapshot in a folder of its own inside `scratch`, which must exist. The folder goes with the snapshot.
    ///
    /// # Errors
    /// What creating a folder and files says.
    pub fn create(scratch: &Path, limits: SnapshotLimits) -> Result<Self, PortError> {
        let scratch = Arc::new(Scratch::create(scratch, limits.quota_bytes)?);
        Ok(Self {
            limits,
            scans: Scans::default(),
            findings: SpoolWriter::create(&scratch, "findings")?,
            subjects: Subjects::create(&scratch)?,
            annotations: Annotations::new(&scratch, limits.memory_bytes / 4),
            policies: Policies::default(),
            sboms: Sboms::new(&scratch),
            kept: None,
            lists_vulnerabilities: false,
            trail: None,
            sources: Vec::new(),
            documents: Documents::default(),
            warnings: Warnings::default(),
            scratch,
        })
    }

    /// The same writer, which keeps verdicts and statements as they come for
    /// [`Snapshot::annotations`](export_core::ports::Snapshot::annotations), and counts what rules decided for
    /// [`SnapshotFacts::compliance`](export_core::ports::SnapshotFacts::compliance).
    ///
    /// # Errors
    /// As [`create`](Self::create).
    pub fn keeping_annotations(mut self) -> Result<Self, PortError> {
        self.kept = Some(SpoolWriter::create(&self.scratch, "said")?);
        Ok(self)
    }

    /// The same writer, which lists vulnerabilities for
    /// [`Snapshot::vulnerabilities`](export_core::ports::Snapshot::vulnerabilities).
    #[must_use]
    pub const fn keeping_vulnerabilities(mut self) -> Self {
        self.lists_vulnerabilities = true;
        self
    }

    /// The same writer, for a snapshot of the audit trail: its digest is that of the trail.
    ///
    /// # Errors
    /// As [`create`](Self::create).
    pub fn keeping_audit(mut self) -> Result<Self, PortError> {
        self.trail = Some(TrailWriter::new(SpoolWriter::create(&self.scratch, "audit")?));
        Ok(self)
    }

    /// Takes the next event of the audit trail.
    ///
    /// # Errors
    /// As [`finding`](Self::finding); `Invalid` if it comes before one that was taken; `Internal` without
    /// [`keeping_audit`](Self::keeping_audit).
    pub fn audit(&mut self, event: &AuditEvent<'_>) -> Result<(), PortError> {
        self.trail.as_mut().ok_or_else(not_kept)?.push(event)
    }

    /// Announces a scan. Each scan that anything is given for must be announced before the end.
    ///
    /// # Errors
    /// `AlreadyExists` if it was announced before.
    pub fn scan(&mut self, scan: ScanRef) -> Result<(), PortError> {
        self.scans.announce(scan)
    }

    /// Takes a finding of the scan that it names.
    ///
    /// # Errors
    /// `Limit` if the quota is used up, `Full` if the disk is; so for all methods below.
    pub fn finding(&mut self, finding: &Finding<'_>) -> Result<(), PortError> {
        let scan = self.scans.number(&finding.scan_id);
        self.documents.finding(scan);
        self.findings.push_with(|buffer| write_finding(scan, finding, buffer))?;
        self.subjects.push(scan, finding)
    }

    /// Takes a verdict about a finding of a scan, or about the whole scan.
    ///
    /// # Errors
    /// As [`finding`](Self::finding).
    pub fn verdict(&mut self, scan: &ScanId, verdict: &Verdict<'_>) -> Result<(), PortError> {
        self.policies.add(verdict);
        self.keep(scan, || Said::Verdict(verdict.clone()))?;
        self.annotations.verdict(self.scans.number(scan.as_str()), verdict)
    }

    /// Takes a statement about the findings of a scan. The same statement may be given for many scans; it counts once.
    ///
    /// # Errors
    /// As [`finding`](Self::finding).
    pub fn statement(&mut self, scan: &ScanId, statement: &VexStatement<'_>) -> Result<(), PortError> {
        self.keep(scan, || Said::Statement(statement.clone()))?;
        self.annotations.statement(self.scans.number(scan.as_str()), statement)
    }

    /// Takes an attestation about a scan. It is kept where annotations are, and counts nowhere else.
    ///
    /// # Errors
    /// As [`finding`](Self::finding).
    pub fn attestation(&mut self, scan: &ScanId, attestation: &Attestation<'_>) -> Result<(), PortError> {
        self.keep(scan, || Said::Attestation(attestation.clone()))
    }

    fn keep<'a>(&mut self, scan: &ScanId, said: impl FnOnce() -> Said<'a>) -> Result<(), PortError> {
        let Some(kept) = &mut self.kept else { return Ok(()) };
        let annotation = Annotation { scan_id: scan.as_str().into(), said: said() };
        kept.push_with(|buffer| encode(&annotation, buffer))
    }

    /// Takes what is known about the use of a vulnerability, in all scans.
    ///
    /// # Errors
    /// As [`finding`](Self::finding).
    pub fn intelligence(&mut self, intelligence: &Intelligence<'_>) -> Result<(), PortError> {
        self.annotations.intelligence(intelligence)
    }

    /// Takes the next part of the SBOM documents of a scan.
    ///
    /// # Errors
    /// As [`finding`](Self::finding); `Internal` for an element without a head before it.
    pub fn sbom(&mut self, scan: &ScanId, part: &SbomPart<'_>) -> Result<(), PortError> {
        self.sboms.push(scan, part)
    }

    /// Notes a document that was read: findings since the last one are its own. A scan's findings that several documents
    /// tell are made one of each when the snapshot is finished.
    pub fn source(&mut self, source: SourceDigest) {
        self.documents.end();
        self.sources.push(source);
    }

    /// Notes what was not as it should be in a source. The first hundred of a kind are kept, the others counted.
    pub fn warning(&mut self, warning: Warning) {
        self.warnings.add(warning);
    }

    /// Joins, sorts and counts. The pulse is told how many findings are done, and obeyed at once.
    ///
    /// # Errors
    /// `Cancelled` or `Timeout` if the pulse says so; `Internal` if a scan was not announced; `Limit` if what is said about
    /// one finding does not fit into memory; as [`finding`](Self::finding).
    pub fn finish(self, taken_at: Timestamp, pulse: &dyn Pulse) -> Result<SpooledSnapshot, PortError> {
        finish::finish(self, taken_at, &mut Beat::new(pulse))
    }
}
