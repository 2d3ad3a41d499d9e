//! The tree of RFC 6962, section 2.1 (and RFC 9162, 2.1): roots, audit paths, consistency proofs.
//!
//! ```text
//! leaf = SHA-256(0x00 || data)      node = SHA-256(0x01 || left || right)
//! ```
//! Of n > 1 leaves, the left part has the largest power of two below n.

mod frontier;
mod proof;
mod range;

use export_core::digest::Digest;
use export_core::ports::NodeId;
use sha2::{Digest as _, Sha256};

pub use self::frontier::Frontier;
pub use self::proof::{Mismatch, root_of, verify_consistency, verify_inclusion};
pub use self::range::{Range, consistency_path, inclusion_path, peaks};

/// The root of a tree without leaves: SHA-256 of nothing.
#[must_use]
pub fn empty_root() -> Digest {
    Digest::of(b"")
}

/// The hash of a leaf.
#[must_use]
pub fn leaf(data: &[u8]) -> Digest {
    hash(0, &[data])
}

/// The hash of a node over two others.
#[must_use]
pub fn node(left: &Digest, right: &Digest) -> Digest {
    hash(1, &[left.as_bytes(), right.as_bytes()])
}

fn hash(domain: u8, parts: &[&[u8]]) -> Digest {
    let mut hasher = Sha256::new();
    hasher.update([domain]);
    parts.iter().for_each(|part| hasher.update(part));
    Digest::from_bytes(hasher.finalize().into())
}

/// Nodes that become complete when the leaf of `index` is added behind all others: itself, then one for each level that
/// ends with it. `left` gives the hash of a subtree that was complete before.
///
/// # Errors
/// What `left` says.
pub fn completed<E>(
    index: u64,
    leaf: Digest,
    mut left: impl FnMut(NodeId) -> Result<Digest, E>,
) -> Result<Vec<(NodeId, Digest)>, E> {
    let mut nodes = vec![(NodeId { level: 0, index }, leaf)];
    let (mut level, mut at, mut hash) = (0, index, leaf);
    while at % 2 == 1 {
        hash = node(&left(NodeId { level, index: at - 1 })?, &hash);
        (level, at) = (level + 1, at / 2);
        nodes.push((NodeId { level, index: at }, hash));
    }
    Ok(nodes)
}

/// A tree in memory, leaves only: for bundles, which have few of them.
#[derive(Debug, Clone, Default)]
pub struct Tree {
    /// Hashes by level, the leaves first; only complete subtrees.
    levels: Vec<Vec<Digest>>,
}

impl Tree {
    /// Adds a leaf by its hash.
    pub fn push(&mut self, leaf: Digest) {
        let index = self.size();
        let levels = &self.levels;
        let of =
            |id: NodeId| Ok::<_, std::convert::Infallible>(levels[usize::from(id.level)][place(id.index)]);
        let Ok(nodes) = completed(index, leaf, of);
        for (id, hash) in nodes {
            if self.levels.len() == usize::from(id.level) {
                self.levels.push(Vec::new());
            }
            self.levels[usize::from(id.level)].push(hash);
        }
    }

    /// How many leaves there are.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.levels.first().map_or(0, |leaves| leaves.len() as u64)
    }

    /// The hash of a complete subtree; none if it is not complete.
    #[must_use]
    pub fn node(&self, id: NodeId) -> Option<Digest> {
        self.levels.get(usize::from(id.level))?.get(usize::try_from(id.index).ok()?).copied()
    }

    /// The root over all leaves.
    #[must_use]
    pub fn root(&self) -> Digest {
        self.hash_of(Range { start: 0, end: self.size() })
    }

    /// The audit path of a leaf (RFC 6962, 2.1.1), its neighbour first; none if there is no such leaf.
    #[must_use]
    pub fn inclusion(&self, index: u64) -> Option<Vec<Digest>> {
        let path = inclusion_path(index, self.size())?;
        Some(path.into_iter().map(|range| self.hash_of(range)).collect())
    }

    /// The proof that the first `size` leaves are a tree of their own (RFC 6962, 2.1.2); none if there are fewer.
    #[must_use]
    pub fn consistency(&self, size: u64) -> Option<Vec<Digest>> {
        let path = consistency_path(size, self.size())?;
        Some(path.into_iter().map(|range| self.hash_of(range)).collect())
    }

    fn hash_of(&self, range: Range) -> Digest {
        let of = |id: NodeId| self.levels[usize::from(id.level)][place(id.index)];
        range.fold(&range.nodes().into_iter().map(of).collect::<Vec<_>>())
    }
}

impl FromIterator<Digest> for Tree {
    fn from_iter<I: IntoIterator<Item = Digest>>(leaves: I) -> Self {
        let mut tree = Self::default();
        leaves.into_iter().for_each(|leaf| tree.push(leaf));
        tree
    }
}

fn place(index: u64) -> usize {
    usize::try_from(index).expect("a tree in memory has no more leaves than memory has room for")
}
