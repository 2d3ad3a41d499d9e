//! Checking proofs, as RFC 9162, 2.1.3.2 and 2.1.4.2 spell it out.

use export_core::digest::Digest;

use super::node;

/// The proof does not lead to the root.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the proof does not lead to the root")]
pub struct Mismatch;

/// The root that `path` leads to from the leaf with the hash `leaf`, at `index` of `size` (RFC 9162, 2.1.3.2).
///
/// # Errors
/// [`Mismatch`] if a tree of that size has no such path.
pub fn root_of(index: u64, size: u64, leaf: &Digest, path: &[Digest]) -> Result<Digest, Mismatch> {
    if index >= size {
        return Err(Mismatch);
    }
    let (mut place, mut last, mut hash) = (index, size - 1, *leaf);
    for beside in path {
        if last == 0 {
            return Err(Mismatch);
        }
        if place % 2 == 1 || place == last {
            hash = node(beside, &hash);
            // Levels on which a right edge has no neighbour are skipped.
            while place.is_multiple_of(2) && place != 0 {
                (place, last) = (place / 2, last / 2);
            }
        } else {
            hash = node(&hash, beside);
        }
        (place, last) = (place / 2, last / 2);
    }
    if last == 0 { Ok(hash) } else { Err(Mismatch) }
}

/// Whether `path` leads from the leaf with the hash `leaf`, at `index` of `size`, to `root`.
///
/// # Errors
/// [`Mismatch`].
pub fn verify_inclusion(
    index: u64,
    size: u64,
    leaf: &Digest,
    path: &[Digest],
    root: &Digest,
) -> Result<(), Mismatch> {
    if root_of(index, size, leaf, path)? == *root { Ok(()) } else { Err(Mismatch) }
}

/// Whether the tree of `from` leaves with the root `old` is the beginning of that of `to` leaves with the root `new`
/// (RFC 9162, 2.1.4.2). From a tree without leaves there is no proof: every tree begins with it.
///
/// # Errors
/// [`Mismatch`].
pub fn verify_consistency(
    from: u64,
    to: u64,
    path: &[Digest],
    old: &Digest,
    new: &Digest,
) -> Result<(), Mismatch> {
    let holds = |it: bool| if it { Ok(()) } else { Err(Mismatch) };
    match from {
        _ if from > to => return Err(Mismatch),
        0 => return Err(Mismatch),
        _ if from == to => return holds(path.is_empty() && old == new),
        _ => {}
    }
    // Where the old tree is a complete subtree, its root is the first hash of the proof, left out.
    let (first, path) =
        if from.is_power_of_two() { (old, path) } else { path.split_first().ok_or(Mismatch)? };
    let (mut place, mut last) = (from - 1, to - 1);
    while place % 2 == 1 {
        (place, last) = (place / 2, last / 2);
    }
    let (mut before, mut after) = (*first, *first);
    for beside in path {
        if last == 0 {
            return Err(Mismatch);
        }
        if place % 2 == 1 || place == last {
            before = node(beside, &before);
            after = node(beside, &after);
            while place.is_multiple_of(2) && place != 0 {
                (place, last) = (place / 2, last / 2);
            }
        } else {
            after = node(&after, beside);
        }
        (place, last) = (place / 2, last / 2);
    }
    holds(last == 0 && before == *old && after == *new)
}
