//! Which subtrees a root and a proof are made of.

use export_core::digest::Digest;
use export_core::ports::NodeId;

use super::{empty_root, node};

/// Leaves from `start` up to and without `end` that are a subtree: what a proof has the hash of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Range {
    /// The first leaf.
    pub start: u64,
    /// Behind the last one.
    pub end: u64,
}

impl Range {
    const fn len(self) -> u64 {
        self.end - self.start
    }

    /// The complete subtrees that it consists of, from the left: the binary digits of its length.
    #[must_use]
    pub fn nodes(self) -> Vec<NodeId> {
        let (mut at, mut nodes) = (self.start, Vec::new());
        while at < self.end {
            let level = (self.end - at).ilog2();
            nodes.push(NodeId {
                level: u8::try_from(level).expect("64 bits have levels below 64"),
                index: at >> level,
            });
            at += 1 << level;
        }
        nodes
    }

    /// Its hash from those of its [`nodes`](Self::nodes).
    ///
    /// # Panics
    /// If `hashes` are not as many as the nodes.
    #[must_use]
    pub fn fold(self, hashes: &[Digest]) -> Digest {
        assert_eq!(hashes.len(), self.nodes().len(), "a hash for each node");
        let from_right = hashes.iter().rev().copied().reduce(|right, left| node(&left, &right));
        from_right.unwrap_or_else(empty_root)
    }
}

/// The subtrees that the root of a tree of `size` leaves is made of.
#[must_use]
pub fn peaks(size: u64) -> Range {
    Range { start: 0, end: size }
}

/// Where a range of more than one leaf is split: behind the largest power of two below its length.
fn split(range: Range) -> (Range, Range) {
    let middle = range.start + (1 << (range.len() - 1).ilog2());
    (Range { end: middle, ..range }, Range { start: middle, ..range })
}

/// The subtrees beside the way from leaf `index` to the root, the nearest first (RFC 6962, 2.1.1).
#[must_use]
pub fn inclusion_path(index: u64, size: u64) -> Option<Vec<Range>> {
    if index >= size {
        return None;
    }
    let (mut range, mut path) = (peaks(size), Vec::new());
    while range.len() > 1 {
        let (left, right) = split(range);
        let (inside, beside) = if index < left.end { (left, right) } else { (right, left) };
        path.push(beside);
        range = inside;
    }
    path.reverse();
    Some(path)
}

/// The subtrees that lead from the root over the first `from` leaves to that over `to` (RFC 6962, 2.1.2); none if there are
/// fewer, or if it is to lead from nothing.
#[must_use]
pub fn consistency_path(from: u64, to: u64) -> Option<Vec<Range>> {
    if from > to || from == 0 {
        return None;
    }
    if from == to {
        return Some(Vec::new());
    }
    let (mut range, mut path) = (peaks(to), Vec::new());
    // Whether the old tree is the left edge all the way: then the verifier has its root already.
    let mut is_edge = true;
    while range.end != from {
        let (left, right) = split(range);
        if from <= left.end {
            path.push(right);
            range = left;
        } else {
            path.push(left);
            range = right;
            is_edge = false;
        }
    }
    if !is_edge {
        path.push(range);
    }
    path.reverse();
    Some(path)
}
