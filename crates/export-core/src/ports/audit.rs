//! Where the audit trail is kept, and read.

use async_trait::async_trait;

use super::Flows;
use crate::audit::{AuditAction, AuditEntry, AuditEvent};
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

/// Which events a page shows; an absent member does not restrict.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AuditFilter {
    /// Of this action.
    pub action: Option<AuditAction>,
    /// By this actor, exactly.
    pub actor: Option<String>,
    /// With this target, exactly.
    pub target: Option<String>,
    /// At this time or later.
    pub after: Option<Timestamp>,
    /// Before this time.
    pub before: Option<Timestamp>,
    /// Older than this event: the last one of the page before.
    pub older_than: Option<u64>,
}

/// One page of a trail.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AuditPage {
    /// The events, newest first.
    pub events: Vec<AuditEvent<'static>>,
    /// Whether there are older ones.
    pub more: bool,
}

/// Keeps the trail. What a store of jobs or templates changes, it notes itself, in the transaction of the change; this port
/// is for everything else.
#[async_trait]
pub trait AuditLog: Send + Sync {
    /// Appends an entry to the trail of `tenant`; it is durable when this returns.
    ///
    /// * Entries of one tenant are numbered from 1 without gaps, in the order of their commits, also when several writers
    ///   append at the same time.
    /// * Each has the hash of the chain: it covers the entry, its place, and the hash before it.
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
    /// * Behind them one [`Flow::Document`](super::Flow::Document) tells how many they are, with the digest of
    ///   [`TrailDigest`](crate::audit::TrailDigest) over them.
    /// * Memory does not depend on the number of events.
    ///
    /// # Errors
    /// As [`ScanSource::findings`](super::ScanSource::findings).
    async fn events(
        &self,
        tenant: &TenantId,
        range: AuditRange,
    ) -> Result<Flows<AuditEvent<'static>>, PortError>;

    /// Up to `limit` events of `tenant` that `filter` names, newest first.
    ///
    /// # Errors
    /// `Unavailable`.
    async fn page(
        &self,
        tenant: &TenantId,
        filter: &AuditFilter,
        limit: usize,
    ) -> Result<AuditPage, PortError>;
}
