//! What findings and annotations are joined on.
//!
//! A key holds everything that must be equal, letter by letter, behind a hash of it. The hash spreads keys, so that sorting
//! and the filter are fast; the letters make the join right whatever the hash does. So there is no collision to guard
//! against, not even one that an attacker computed, and a fast hash is good enough.

use super::purl::Pattern;
use crate::spool::xxh64;

/// What kind of thing a key finds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A statement about a component, in whichever artifact of the scan.
    ComponentStatement,
    /// A statement about an image, or about a component of an image.
    ImageStatement,
    /// A verdict about all parts of the artifact.
    Verdict,
    /// A verdict about one part of the artifact.
    TargetVerdict,
    /// The EPSS scores of a vulnerability.
    Epss,
    /// A vulnerability's entry in a catalogue of known exploited ones.
    KnownExploited,
    /// Any statement about an image; only filtered by, never joined.
    Image,
}

impl Kind {
    const ALL: [Self; 7] = [
        Self::ComponentStatement,
        Self::ImageStatement,
        Self::Verdict,
        Self::TargetVerdict,
        Self::Epss,
        Self::KnownExploited,
        Self::Image,
    ];
}

/// The kind of a key, and which parts of a package URL it has. Findings need not look for shapes that nobody gave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Shape(u8);

impl Shape {
    /// A bit of its own for every shape.
    pub(super) const fn bit(self) -> u64 {
        1 << self.0
    }
}

/// Everything that must be equal.
#[derive(Debug, Clone, Copy)]
pub(super) struct Key<'a> {
    pub(super) kind: Kind,
    /// The number of the scan; zero for what is true of all.
    pub(super) scan: u32,
    /// A vulnerability or a rule.
    pub(super) name: &'a str,
    /// An image or a target; empty for kinds without.
    pub(super) place: &'a [u8],
    /// The component, if it is about one.
    pub(super) purl: Option<Pattern<'a>>,
}

impl<'a> Key<'a> {
    const HASH: usize = 8;

    /// A key of all scans that only asks for a name.
    pub(super) const fn of(kind: Kind, name: &'a str) -> Self {
        Self { kind, scan: 0, name, place: b"", purl: None }
    }

    pub(super) fn shape(&self) -> Shape {
        Shape((self.kind as u8) << 3 | self.purl.map_or(0, Pattern::parts))
    }

    /// Writes the key to `buffer`, which is emptied first.
    pub(super) fn write_to(self, buffer: &mut Vec<u8>) {
        buffer.clear();
        buffer.extend_from_slice(&[0; Self::HASH]);
        buffer.push(self.shape().0);
        buffer.extend_from_slice(&self.scan.to_le_bytes());
        // Lengths go first, so that two texts cannot be taken for two others.
        let mut part = |text: &[u8]| {
            buffer.extend_from_slice(&(text.len() as u64).to_le_bytes());
            buffer.extend_from_slice(text);
        };
        part(self.name.as_bytes());
        part(self.place);
        for text in self.purl.iter().flat_map(|purl| purl.texts()) {
            part(&text);
        }
        let hash = xxh64(&buffer[Self::HASH..], 0);
        buffer[..Self::HASH].copy_from_slice(&hash.to_be_bytes());
    }
}

/// The hash that a key begins with.
pub(super) fn hash_of(key: &[u8]) -> u64 {
    u64::from_be_bytes(*key.first_chunk().expect("keys begin with their hash"))
}

/// The kind of a key.
pub(super) fn kind_of(key: &[u8]) -> Kind {
    Kind::ALL[usize::from(key[Key::HASH] >> 3)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_do_not_run_together_and_kinds_come_back() {
        let mut keys = Vec::new();
        for (at, kind) in Kind::ALL.into_iter().enumerate() {
            assert_eq!(kind as usize, at);
            for (name, place) in [("ab", "c"), ("a", "bc"), ("abc", ""), ("", "abc")] {
                for purl in
                    [None, Some(Pattern::of("")), Some(Pattern::of("pkg:a/b@1?c")), Some(Pattern::of("?c"))]
                {
                    let mut key = Vec::new();
                    Key { kind, scan: 1, name, place: place.as_bytes(), purl }.write_to(&mut key);
                    assert_eq!(kind_of(&key), kind);
                    keys.push(key);
                }
            }
        }
        let count = keys.len();
        keys.sort();
        keys.dedup();
        assert_eq!(keys.len(), count);
    }
}
