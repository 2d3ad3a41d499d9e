//! The finished snapshot, and reading it.

use std::sync::Arc;

use export_core::audit::AuditEvent;
use export_core::error::{ErrorKind, PortError};
use export_core::ports::{
    Annotation, AnnotationCursor, AuditCursor, FindingCursor, SbomCursor, Snapshot, SnapshotFacts,
    VulnerabilityCursor,
};
use export_core::record::FindingRecord;
use export_core::sbom::SbomSection;
use export_core::vulnerability::VulnerabilityRecord;
use export_core::warning::Warning;

use crate::codec::decode;
use crate::sboms::SbomSpools;
use crate::scratch::Scratch;
use crate::spool::{Spool, SpoolReader};

/// A snapshot on the disk. Its folder is removed when it is dropped.
#[derive(Debug)]
pub struct SpooledSnapshot {
    pub(crate) facts: SnapshotFacts,
    pub(crate) records: Spool,
    pub(crate) elements: SbomSpools,
    pub(crate) annotations: Option<Spool>,
    pub(crate) trail: Option<Spool>,
    pub(crate) vulnerabilities: Option<Spool>,
    pub(crate) scratch: Arc<Scratch>,
}

impl SpooledSnapshot {
    /// The same snapshot with further warnings: of what it was to be compared with and could not.
    #[must_use]
    pub fn warned(mut self, warnings: Vec<Warning>) -> Self {
        self.facts.warnings.extend(warnings);
        self
    }

    /// The bytes that it takes on the disk.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        let beside =
            [&self.annotations, &self.trail, &self.vulnerabilities].into_iter().flatten().map(Spool::bytes);
        self.records.bytes() + self.elements.bytes() + beside.sum::<u64>()
    }

    /// The most bytes that it took on the disk at one time, while it was joined and sorted.
    #[must_use]
    pub fn peak_bytes(&self) -> u64 {
        self.scratch.most_bytes()
    }
}

impl Snapshot for SpooledSnapshot {
    fn facts(&self) -> &SnapshotFacts {
        &self.facts
    }

    fn findings(&self) -> Result<Box<dyn FindingCursor + '_>, PortError> {
        Ok(Box::new(SpoolCursor(self.records.read()?)))
    }

    fn annotations(&self) -> Result<Box<dyn AnnotationCursor + '_>, PortError> {
        let spool = self.annotations.as_ref().ok_or_else(|| {
            let message = "the snapshot was made without verdicts and statements of their own";
            PortError::new(ErrorKind::Invalid, "snapshot: annotations", message)
        })?;
        Ok(Box::new(SpoolCursor(spool.read()?)))
    }

    fn vulnerabilities(&self) -> Result<Box<dyn VulnerabilityCursor + '_>, PortError> {
        let spool = self.vulnerabilities.as_ref().ok_or_else(|| {
            let message = "the snapshot was made without a list of vulnerabilities";
            PortError::new(ErrorKind::Invalid, "snapshot: vulnerabilities", message)
        })?;
        Ok(Box::new(SpoolCursor(spool.read()?)))
    }

    fn audit(&self) -> Result<Box<dyn AuditCursor + '_>, PortError> {
        Ok(Box::new(TrailCursor(self.trail.as_ref().map(Spool::read).transpose()?)))
    }

    fn sbom(&self, section: SbomSection) -> Result<Box<dyn SbomCursor + '_>, PortError> {
        Ok(Box::new(self.elements.read(section)?))
    }
}

/// A reader with a file handle and a block of its own; records point into the block.
struct SpoolCursor(SpoolReader);

impl AnnotationCursor for SpoolCursor {
    fn next(&mut self) -> Result<Option<Annotation<'_>>, PortError> {
        if self.0.advance()? { decode(self.0.record()).map(Some) } else { Ok(None) }
    }
}

impl VulnerabilityCursor for SpoolCursor {
    fn next(&mut self) -> Result<Option<VulnerabilityRecord<'_>>, PortError> {
        if self.0.advance()? { decode(self.0.record()).map(Some) } else { Ok(None) }
    }
}

struct TrailCursor(Option<SpoolReader>);

impl AuditCursor for TrailCursor {
    fn next(&mut self) -> Result<Option<AuditEvent<'_>>, PortError> {
        let Some(spool) = &mut self.0 else { return Ok(None) };
        if spool.advance()? { decode(spool.record()).map(Some) } else { Ok(None) }
    }
}

impl FindingCursor for SpoolCursor {
    fn next(&mut self) -> Result<Option<FindingRecord<'_>>, PortError> {
        if self.0.advance()? { decode(self.0.record()).map(Some) } else { Ok(None) }
    }
}
