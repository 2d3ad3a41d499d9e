//! The right edge of a tree that only grows: all that is needed to go on, whatever its size.

use std::convert::Infallible;

use export_core::digest::Digest;
use export_core::ports::NodeId;

use super::{completed, peaks};

/// A tree of which only the peaks are kept: at most 64 hashes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Frontier {
    size: u64,
    /// The largest first.
    peaks: Vec<Digest>,
}

impl Frontier {
    /// How many leaves there are.
    #[must_use]
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// Adds a leaf by its hash; the nodes that it completes, itself first.
    ///
    /// # Panics
    /// If there are 2^64 leaves.
    pub fn push(&mut self, leaf: Digest) -> Vec<(NodeId, Digest)> {
        // What stands left of a node that becomes complete is the smallest peak that is left.
        let lefts = &mut self.peaks;
        let of =
            |_| Ok::<_, Infallible>(lefts.pop().expect("a size has a peak for each of its binary digits"));
        let Ok(nodes) = completed(self.size, leaf, of);
        self.peaks.extend(nodes.last().map(|(_, hash)| *hash));
        self.size += 1;
        nodes
    }

    /// The root over all leaves.
    #[must_use]
    pub fn root(&self) -> Digest {
        peaks(self.size).fold(&self.peaks)
    }
}
