//! The finished snapshot, and reading it.

use std::sync::Arc;

use export_core::error::PortError;
use export_core::ports::{FindingCursor, Snapshot, SnapshotFacts};
use export_core::record::FindingRecord;

use crate::codec::decode;
use crate::scratch::Scratch;
use crate::spool::{Spool, SpoolReader};

/// A snapshot on the disk. Its folder is removed when it is dropped.
#[derive(Debug)]
pub struct SpooledSnapshot {
    facts: SnapshotFacts,
    records: Spool,
    scratch: Arc<Scratch>,
}

impl SpooledSnapshot {
    pub(crate) const fn new(facts: SnapshotFacts, records: Spool, scratch: Arc<Scratch>) -> Self {
        Self { facts, records, scratch }
    }

    /// The bytes that it takes on the disk.
    #[must_use]
    pub const fn bytes(&self) -> u64 {
        self.records.bytes()
    }

    /// The most bytes that it took on the disk at one time, while it was joined and sorted.
    #[must_use]
    pub fn peak_bytes(&self) -> u64 {
        self.scratch.most_bytes()
    }
}

impl Snapshot for SpooledSnapshot {
    fn facts(&self) -> &SnapshotFacts {
        &self.facts
    }

    fn findings(&self) -> Result<Box<dyn FindingCursor + '_>, PortError> {
        Ok(Box::new(SpoolCursor(self.records.read()?)))
    }
}

/// A reader with a file handle and a block of its own; records point into the block.
struct SpoolCursor(SpoolReader);

impl FindingCursor for SpoolCursor {
    fn next(&mut self) -> Result<Option<FindingRecord<'_>>, PortError> {
        if self.0.advance()? { decode(self.0.record()).map(Some) } else { Ok(None) }
    }
}
