//! Entries in memory.

use export_core::error::{ErrorKind, PortError};

use super::entry::{Entry, Head};

/// Bytes in a chunk that is full.
const CHUNK: usize = 64 << 10;
/// Room for the entry that makes a chunk full; more than most entries need.
const SLACK: usize = 8 << 10;

/// Packed entries, and where each of them is.
///
/// The memory consists of chunks of one size, which an allocator finds again for the next arena. One large buffer for each
/// sorter leaves holes of different sizes between what lives longer, and the process grows.
#[derive(Default)]
pub(crate) struct Arena {
    chunks: Vec<Vec<u8>>,
    /// The number of chunks that are full.
    full: usize,
    bytes: usize,
    slots: Vec<Slot>,
    /// The number of slots that were gone to.
    passed: usize,
}

struct Slot {
    head: Head,
    chunk: u32,
    start: u32,
    length: u32,
}

impl Arena {
    /// Adds an entry with the payload that `fill` appends to the buffer it is given.
    pub(super) fn push_with(
        &mut self,
        key: &[u8],
        fill: impl FnOnce(&mut Vec<u8>) -> Result<(), PortError>,
    ) -> Result<(), PortError> {
        if self.full == self.chunks.len() {
            self.chunks.push(Vec::with_capacity(CHUNK + SLACK));
        }
        let chunk = &mut self.chunks[self.full];
        let start = chunk.len();
        chunk.extend_from_slice(&size(key.len())?.to_le_bytes());
        chunk.extend_from_slice(key);
        fill(chunk)?;
        let length = chunk.len() - start;
        let slot =
            Slot { head: Head::of(key), chunk: size(self.full)?, start: size(start)?, length: size(length)? };
        self.slots.push(slot);
        self.bytes += length;
        self.full += usize::from(chunk.len() >= CHUNK);
        Ok(())
    }

    /// The bytes that the entries need.
    pub(super) fn memory(&self) -> usize {
        self.bytes + self.slots.len() * size_of::<Slot>()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.slots.is_empty()
    }

    pub(super) fn sort(&mut self) {
        let Self { chunks, slots, .. } = self;
        let entry = |slot: &Slot| Entry::unpack(slot.packed(chunks));
        slots.sort_unstable_by(|one, two| one.head.compare(two.head, || (entry(one), entry(two))));
    }

    /// All entries, packed.
    pub(super) fn packed(&self) -> impl Iterator<Item = &[u8]> {
        self.slots.iter().map(|slot| slot.packed(&self.chunks))
    }

    /// Forgets the entries and keeps the memory, but not that of huge ones.
    pub(super) fn clear(&mut self) {
        for chunk in &mut self.chunks {
            chunk.clear();
            chunk.shrink_to(CHUNK + SLACK);
        }
        self.slots.clear();
        (self.full, self.bytes) = (0, 0);
    }

    pub(super) fn advance(&mut self) -> bool {
        let more = self.passed < self.slots.len();
        self.passed += usize::from(more);
        more
    }

    pub(super) fn entry(&self) -> Entry<'_> {
        Entry::unpack(self.slots[self.passed - 1].packed(&self.chunks))
    }
}

impl Slot {
    fn packed<'a>(&self, chunks: &'a [Vec<u8>]) -> &'a [u8] {
        &chunks[self.chunk as usize][self.start as usize..][..self.length as usize]
    }
}

/// Places and lengths are 32 bits: sorting moves them a lot.
fn size(size: usize) -> Result<u32, PortError> {
    u32::try_from(size)
        .map_err(|_| PortError::new(ErrorKind::Limit, "snapshot: sort", "a record is larger than 4 GiB"))
}
