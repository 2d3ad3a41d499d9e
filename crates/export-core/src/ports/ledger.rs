//! The audit trail as a log that can be proved: an RFC 6962 tree over it, and signed checkpoints.

use async_trait::async_trait;

use crate::digest::Digest;
use crate::error::PortError;
use crate::id::TenantId;
use crate::time::Timestamp;

/// A complete subtree of the tree over a trail: it covers the 2^`level` leaves from `index` times 2^`level` on. The leaf of
/// event *seq* is (0, *seq* - 1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId {
    /// How many levels it is above the leaves.
    pub level: u8,
    /// Its place among those of its level, from 0.
    pub index: u64,
}

/// A tree head that was signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// The events that it covers.
    pub size: u64,
    /// The root over them.
    pub root: Digest,
    /// When it was signed.
    pub at: Timestamp,
    /// The signed note (C2SP), as text.
    pub note: String,
}

/// Keeps what proves a trail. Nodes are written with the events, in one transaction, and never change; so what is asked for
/// one after the other fits together.
#[async_trait]
pub trait AuditLedger: Send + Sync {
    /// How many events the tenant's trail has.
    ///
    /// # Errors
    /// `Unavailable`.
    async fn size(&self, tenant: &TenantId) -> Result<u64, PortError>;

    /// The hashes of these subtrees, in the order asked for.
    ///
    /// # Errors
    /// `NotFound` if one is not complete yet; `Unavailable`.
    async fn nodes(&self, tenant: &TenantId, wanted: &[NodeId]) -> Result<Vec<Digest>, PortError>;

    /// Keeps a checkpoint. One of the same size that is kept already stays, and is given back: a log signs one root for a size.
    ///
    /// # Errors
    /// `Invalid` if the trail has fewer events, or another root over so many; `Unavailable`, `Full`.
    async fn keep_checkpoint(
        &self,
        tenant: &TenantId,
        checkpoint: Checkpoint,
    ) -> Result<Checkpoint, PortError>;

    /// The checkpoint with the largest size that is at most `size`; the newest if none is given.
    ///
    /// # Errors
    /// `Unavailable`.
    async fn checkpoint(&self, tenant: &TenantId, size: Option<u64>)
    -> Result<Option<Checkpoint>, PortError>;

    /// Trails that have grown since their last checkpoint, by tenant.
    ///
    /// # Errors
    /// `Unavailable`.
    async fn unsigned(&self) -> Result<Vec<Unsigned>, PortError>;
}

/// A trail that has grown since its last checkpoint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unsigned {
    /// Whose.
    pub tenant: TenantId,
    /// Events now.
    pub size: u64,
    /// The size and the time of the last checkpoint, if there is one.
    pub last: Option<(u64, Timestamp)>,
    /// When the first event behind it was noted.
    pub since: Timestamp,
}
