//! Whether a trail is whole: one event after the other, in memory that does not grow with them.
//!
//! A chain finds what was changed, removed or moved by somebody who did not compute it anew. Who did, or who cut events off
//! at the end, is found by checkpoints that were kept elsewhere: [`TrailCheck::anchored`].

use std::collections::{BTreeSet, VecDeque};

use export_core::audit::AuditEntry;
use export_core::digest::Digest;
use export_core::id::TenantId;
use export_core::ports::NodeId;
use export_core::time::Timestamp;

use crate::chain;
use crate::merkle::Frontier;

/// What a checkpoint says of a trail. Whether somebody has signed it is for others to check.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Head {
    /// The events that it covers.
    pub size: u64,
    /// The root over them.
    pub root: Digest,
}

/// Where a trail is not what it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Broken {
    /// An event is not at its place.
    #[error("event {seq} is not behind the one before it")]
    Gap {
        /// The event that is missing.
        seq: u64,
    },
    /// An event does not have its hash.
    #[error("event {seq} is not the one that was noted: its hash is another one")]
    ChainBroken {
        /// That event, or the first one behind it that was not changed with it.
        seq: u64,
    },
    /// A checkpoint has another root: the chain was computed anew.
    #[error("the checkpoint of {seq} events has another root: something behind event {sound} was changed")]
    RootMismatch {
        /// The last event that may be the one.
        seq: u64,
        /// The events that the checkpoint before covers, which are those that were noted.
        sound: u64,
    },
    /// There are fewer events than there were.
    #[error("event {seq} and those behind it are missing: there were {size} events")]
    Truncated {
        /// The first event that is missing.
        seq: u64,
        /// The events that the largest checkpoint covers, or what is kept of the tree.
        size: u64,
    },
    /// What is kept of the tree is not the tree over the events.
    #[error("a node of the tree that ends with event {seq} is missing, or is another one")]
    NodeMismatch {
        /// The event that completes the node.
        seq: u64,
    },
    /// A checkpoint is kept as something else than what was signed.
    #[error("the checkpoint of {seq} events is kept with another note")]
    NoteMismatch {
        /// The last event that it covers.
        seq: u64,
    },
}

impl Broken {
    /// The first event that is not to be trusted, or the last that may be the first.
    #[must_use]
    pub const fn seq(self) -> u64 {
        match self {
            Self::Gap { seq }
            | Self::ChainBroken { seq }
            | Self::RootMismatch { seq, .. }
            | Self::Truncated { seq, .. }
            | Self::NodeMismatch { seq }
            | Self::NoteMismatch { seq } => seq,
        }
    }

    /// What happened, in one word that never changes.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Gap { .. } => "gap",
            Self::ChainBroken { .. } => "chain_broken",
            Self::RootMismatch { .. } => "root_mismatch",
            Self::Truncated { .. } => "truncated",
            Self::NodeMismatch { .. } => "node_mismatch",
            Self::NoteMismatch { .. } => "note_mismatch",
        }
    }
}

/// What was checked of a trail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Checked {
    /// The place of the last event.
    pub last: u64,
    /// The hash of the last event.
    pub hash: Digest,
    /// The root over all events; none if the check began in the middle.
    pub root: Option<Digest>,
    /// How many checkpoints have the roots of this trail.
    pub checkpoints: u64,
}

/// A check on its way through a trail.
#[derive(Debug, Clone)]
pub struct TrailCheck {
    tenant: TenantId,
    last: u64,
    hash: Digest,
    /// None if it began in the middle.
    tree: Option<Frontier>,
    anchors: VecDeque<Head>,
    /// How many anchors were compared, and the events that they cover.
    compared: (u64, u64),
}

impl TrailCheck {
    /// Begins before the first event.
    #[must_use]
    pub fn new(tenant: TenantId) -> Self {
        let (anchors, tree) = (VecDeque::new(), Some(Frontier::default()));
        Self { tenant, last: 0, hash: chain::genesis(), tree, anchors, compared: (0, 0) }
    }

    /// Begins behind the event `seq` with the hash `hash`, and checks the chain alone. For a part of a trail, that is its
    /// first event.
    #[must_use]
    pub fn behind(tenant: TenantId, seq: u64, hash: Digest) -> Self {
        Self { last: seq, hash, tree: None, ..Self::new(tenant) }
    }

    /// The same check, which compares these checkpoints too, in any order; one that begins in the middle cannot.
    #[must_use]
    pub fn anchored(mut self, anchors: impl IntoIterator<Item = Head>) -> Self {
        let all: BTreeSet<Head> = self.anchors.into_iter().chain(anchors).collect();
        self.anchors = all.into_iter().collect();
        self
    }

    /// Takes the next event; the nodes of the tree that it completes.
    ///
    /// # Errors
    /// [`Broken`], with which the check is at its end.
    pub fn event(
        &mut self,
        seq: u64,
        at: Timestamp,
        entry: &AuditEntry<'_>,
        hash: &Digest,
    ) -> Result<Vec<(NodeId, Digest)>, Broken> {
        self.compare()?;
        let expected = self.last.saturating_add(1);
        if seq != expected || seq == u64::MAX {
            return Err(Broken::Gap { seq: expected });
        }
        if chain::link(&self.hash, &self.tenant, seq, at, entry) != *hash {
            return Err(Broken::ChainBroken { seq });
        }
        (self.last, self.hash) = (seq, *hash);
        let completed = self.tree.as_mut().map(|tree| tree.push(chain::leaf(hash)));
        self.compare()?;
        Ok(completed.unwrap_or_default())
    }

    /// The place of the last event that was taken.
    #[must_use]
    pub const fn last(&self) -> u64 {
        self.last
    }

    /// What was checked until now.
    #[must_use]
    pub fn checked(&self) -> Checked {
        let root = self.tree.as_ref().map(Frontier::root);
        Checked { last: self.last, hash: self.hash, root, checkpoints: self.compared.0 }
    }

    /// There are no more events.
    ///
    /// # Errors
    /// [`Broken`].
    pub fn finish(mut self) -> Result<Checked, Broken> {
        self.compare()?;
        match self.anchors.back() {
            Some(head) if self.tree.is_some() => {
                Err(Broken::Truncated { seq: self.last.saturating_add(1), size: head.size })
            }
            _ => Ok(self.checked()),
        }
    }

    /// Compares the checkpoints of as many events as there were.
    fn compare(&mut self) -> Result<(), Broken> {
        let Some(tree) = &self.tree else { return Ok(()) };
        while let Some(head) = self.anchors.front().filter(|head| head.size == tree.size()) {
            if head.root != tree.root() {
                return Err(Broken::RootMismatch { seq: head.size, sound: self.compared.1 });
            }
            self.compared = (self.compared.0 + 1, head.size);
            self.anchors.pop_front();
        }
        Ok(())
    }
}
