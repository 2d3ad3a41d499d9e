//! What findings need not look for.

use super::key::{Shape, hash_of};

/// The filter's size in words: 2 MiB, some 16 bits for each key of a million.
const WORDS: usize = (2 << 20) / 8;
/// Bits that each key sets, at most.
const BITS: u64 = 4;

/// A Bloom filter over the keys of all annotations, and the set of their shapes. It may say "perhaps" of a key that nobody
/// gave, never "no" of one that somebody did.
#[derive(Default)]
pub(super) struct Filter {
    /// Empty until the first key.
    words: Vec<u64>,
    shapes: u64,
}

impl Filter {
    /// Remembers a key.
    pub(super) fn insert(&mut self, shape: Shape, key: &[u8]) {
        self.shapes |= shape.bit();
        if self.words.is_empty() {
            self.words = vec![0; WORDS];
        }
        let (word, bits) = place(key);
        self.words[word] |= bits;
    }

    /// Whether no key at all was given.
    pub(super) const fn is_empty(&self) -> bool {
        self.shapes == 0
    }

    /// Whether some key of `shape` was given.
    pub(super) const fn has(&self, shape: Shape) -> bool {
        self.shapes & shape.bit() != 0
    }

    /// Whether `key` may have been given.
    pub(super) fn may_have(&self, key: &[u8]) -> bool {
        let (word, bits) = place(key);
        self.words.get(word).is_some_and(|word| word & bits == bits)
    }
}

/// A word and some bits in it: one look into memory, for a few more needless probes than bits all over the filter would give.
fn place(key: &[u8]) -> (usize, u64) {
    let hash = hash_of(key);
    let word = usize::try_from(hash % WORDS as u64).expect("a word of the filter");
    let bits = (0..BITS).map(|bit| 1 << ((hash >> (40 + 6 * bit)) & 63));
    (word, bits.fold(0, |all, bit| all | bit))
}

#[cfg(test)]
mod tests {
    use super::super::key::{Key, Kind};
    use super::*;

    #[test]
    fn never_denies_what_was_given_and_mostly_what_was_not() {
        let key = |scan| Key { kind: Kind::Verdict, scan, name: "CVE-2024-1", place: b"", purl: None };
        let bytes = |scan| {
            let mut bytes = Vec::new();
            key(scan).write_to(&mut bytes);
            bytes
        };
        let mut filter = Filter::default();
        assert!(!filter.may_have(&bytes(0)) && !filter.has(key(0).shape()) && filter.is_empty());
        for scan in 0..10_000 {
            filter.insert(key(scan).shape(), &bytes(scan));
        }
        let other = Key { kind: Kind::Epss, ..key(0) };
        assert!(filter.has(key(0).shape()) && !filter.has(other.shape()));
        assert!((0..10_000).all(|scan| filter.may_have(&bytes(scan))));
        assert!((10_000..20_000).filter(|scan| filter.may_have(&bytes(*scan))).count() < 10);
    }
}
