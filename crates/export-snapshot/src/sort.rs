//! Sorting more than memory holds.
//!
//! A [`Sorter`] collects entries in an arena of fixed size. When the arena is full it is sorted and written as a *run*, a
//! spool of its own. At the end the runs are merged; if there are more than may be open at one time, some are merged into
//! longer ones first. What fits into the arena never touches the disk.
//!
//! Entries are ordered by key, and those of one key by payload, both as bytes. So the order depends on what was collected
//! alone, and never on when.

mod arena;
mod entry;
mod merge;
mod runs;

use export_core::error::PortError;

use self::arena::Arena;
pub(crate) use self::entry::Entry;
use self::merge::Merge;
pub(crate) use self::runs::Sorter;

/// Entries in order, one at a time.
pub(crate) enum Sorted {
    /// They never left memory.
    Arena(Arena),
    /// They come from runs.
    Runs(Merge),
}

impl Sorted {
    /// Goes to the next entry; false behind the last one.
    pub(crate) fn advance(&mut self) -> Result<bool, PortError> {
        match self {
            Self::Arena(arena) => Ok(arena.advance()),
            Self::Runs(merge) => merge.advance(),
        }
    }

    /// The entry that [`advance`](Self::advance) went to.
    pub(crate) fn entry(&self) -> Entry<'_> {
        match self {
            Self::Arena(arena) => arena.entry(),
            Self::Runs(merge) => merge.entry(),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use proptest::prelude::*;

    use super::*;
    use crate::beat::testing::idle;
    use crate::scratch::Scratch;

    fn sorted(memory: usize, entries: &[(Vec<u8>, Vec<u8>)]) -> Vec<(Vec<u8>, Vec<u8>)> {
        let parent = tempfile::tempdir().unwrap();
        let scratch = Arc::new(Scratch::create(parent.path(), u64::MAX).unwrap());
        let mut sorter = Sorter::new(scratch, "test", memory);
        for (key, payload) in entries {
            sorter.push(Entry { key, payload }).unwrap();
        }
        let mut sorted = sorter.sorted(&mut idle()).unwrap();
        let mut out = Vec::new();
        while sorted.advance().unwrap() {
            let Entry { key, payload } = sorted.entry();
            out.push((key.to_vec(), payload.to_vec()));
        }
        out
    }

    proptest! {
        /// Few letters and short keys, so that keys are equal, or begin with one another, or with the same 16 bytes.
        #[test]
        fn agrees_with_a_sorted_vec(
            mut entries in prop::collection::vec(("[ab\u{0}]{0,3}(aaaaaaaaaaaaaaaa)?[ab]{0,2}", "[a-c]{0,40}"), 0..200),
            memory in prop_oneof![300..3000_usize, Just(1 << 20)],
        ) {
            let given: Vec<_> = entries.iter().map(|(k, p)| (k.clone().into_bytes(), p.clone().into_bytes())).collect();
            let result = sorted(memory, &given);
            entries.sort();
            let expected: Vec<_> = entries.into_iter().map(|(k, p)| (k.into_bytes(), p.into_bytes())).collect();
            prop_assert_eq!(result, expected);
        }
    }
}
