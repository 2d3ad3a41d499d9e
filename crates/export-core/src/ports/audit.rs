//! Where the audit trail is kept, and read.

use async_trait::async_trait;

use super::Flows;
use crate::audit::{AuditEntry, AuditEvent};
use crate::error::PortError;
use crate::id::TenantId;
use crate::time::{Now, Timestamp};

/// Events from `start` to `end`, both included; without a bound if absent.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct AuditRange {
    /// The earliest time.
    pub start: Option<Timestamp>,
    /// The latest time.
    pub end: Option<Timestamp>,
}

/// Keeps the trail. What a store of jobs or templates changes, it notes itself, in the transaction of the change; this port
/// is for everything else.
#[async_trait]
pub trait AuditLog: Send + Sync {
    /// Appends an entry to the trail of `tenant`; it is durable when this returns.
    ///
    /// * Entries of one tenant are numbered from 1 without gaps, in the order of their commits, also when several writers
    ///   append at the same time.
    /// * Nothing changes or removes an entry.
    ///
    /// # Errors
    /// `Full`, `Unavailable`; the entry is then not kept.
    async fn append(&self, tenant: &TenantId, entry: AuditEntry<'static>, now: Now)
    -> Result<u64, PortError>;
}

/// A source of audit events.
#[async_trait]
pub trait AuditSource: Send + Sync {
    /// Reads the events of `tenant` in `range`, oldest first: those that were there when the reading began.
    ///
    /// # Errors
    /// As [`ScanSource::findings`](super::ScanSource::findings).
    async fn events(
        &self,
        tenant: &TenantId,
        range: AuditRange,
    ) -> Result<Flows<AuditEvent<'static>>, PortError>;
}
