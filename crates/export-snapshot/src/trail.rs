//! The audit trail: one spool, in the order of the trail.

use export_core::audit::{AuditEvent, AuditFacts, TrailDigest};
use export_core::digest::Digest;
use export_core::error::{ErrorKind, PortError};

use crate::codec::encode;
use crate::spool::{Spool, SpoolWriter};

const AUDIT: &str = "snapshot: audit";

/// A trail in the making.
pub(crate) struct TrailWriter {
    spool: SpoolWriter,
    facts: AuditFacts,
    digest: TrailDigest,
}

impl TrailWriter {
    pub(crate) fn new(spool: SpoolWriter) -> Self {
        Self { spool, facts: AuditFacts::default(), digest: TrailDigest::default() }
    }

    pub(crate) fn push(&mut self, event: &AuditEvent<'_>) -> Result<(), PortError> {
        if let Some((_, last)) = self.facts.range
            && event.seq <= last
        {
            let message = format!("event {} of the trail came behind event {last}", event.seq);
            return Err(PortError::new(ErrorKind::Invalid, AUDIT, message));
        }
        self.facts.add(event);
        self.digest.add(event);
        self.spool.push_with(|buffer| encode(event, buffer))
    }

    pub(crate) fn seal(self) -> Result<(Spool, AuditFacts, Digest), PortError> {
        Ok((self.spool.seal()?, self.facts, self.digest.finish()))
    }
}

/// A snapshot is of findings or of the trail.
pub(crate) fn not_kept() -> PortError {
    PortError::new(ErrorKind::Internal, AUDIT, "the snapshot was not begun as one of the audit trail")
}
