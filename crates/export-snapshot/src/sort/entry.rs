//! What is sorted: a key and a payload.

use std::cmp::Ordering;

/// One entry; compared by key, then by payload.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Entry<'a> {
    /// What it is sorted by.
    pub(crate) key: &'a [u8],
    /// What is carried along.
    pub(crate) payload: &'a [u8],
}

impl<'a> Entry<'a> {
    /// The entry that `packed` holds: the key's length, the key, the payload.
    pub(super) fn unpack(packed: &'a [u8]) -> Self {
        let (length, rest) = packed.split_first_chunk().expect("packed entries begin with a length");
        let (key, payload) = rest.split_at(u32::from_le_bytes(*length) as usize);
        Self { key, payload }
    }
}

/// The first bytes of a key: most comparisons end here, without a look into the arena.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Head(u64, u64);

impl Head {
    pub(super) fn of(key: &[u8]) -> Self {
        if let Some(first) = key.first_chunk::<16>() {
            return Self::from_bytes(first);
        }
        let mut bytes = [0; 16];
        bytes[..key.len()].copy_from_slice(key);
        Self::from_bytes(&bytes)
    }

    fn from_bytes(bytes: &[u8; 16]) -> Self {
        let [high, low] = bytes.as_chunks::<8>().0 else { unreachable!("sixteen bytes are two words") };
        Self(u64::from_be_bytes(*high), u64::from_be_bytes(*low))
    }

    /// Compares by head, and by the whole entries if the heads are equal.
    pub(super) fn compare<'a>(
        self,
        other: Self,
        entries: impl FnOnce() -> (Entry<'a>, Entry<'a>),
    ) -> Ordering {
        self.cmp(&other).then_with(|| {
            let (one, two) = entries();
            one.cmp(&two)
        })
    }
}
