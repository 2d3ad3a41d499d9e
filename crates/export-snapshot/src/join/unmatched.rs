//! Counting statements that speak about nothing here.
//!
//! One statement may be read for many scans, and stand under many keys; it is unmatched if none of them found anything. A set
//! of statements would grow with them, so given and matched ones are sorted instead.

use std::sync::Arc;

use export_core::error::PortError;
use sha2::Digest as _;

use crate::beat::Beat;
use crate::scratch::Scratch;
use crate::sort::{Entry, Sorter};

/// The first 128 bits of SHA-256 over a statement: equal statements are one. Nobody can make two that collide, and if
/// they did, a count would be off by one.
#[derive(Debug, Clone, Copy)]
pub(super) struct StatementId(pub(super) [u8; Self::LENGTH]);

impl StatementId {
    pub(super) const LENGTH: usize = 16;

    pub(super) fn of(statement: &[u8]) -> Self {
        let digest = sha2::Sha256::digest(statement);
        Self(*digest.first_chunk().expect("SHA-256 has 32 bytes"))
    }
}

/// All statements that were given, and those of them that matched.
pub(super) struct Statements {
    sorter: Sorter,
}

impl Statements {
    const GIVEN: &[u8] = &[0];
    const MATCHED: &[u8] = &[1];

    pub(super) fn new(scratch: &Arc<Scratch>, memory: usize) -> Self {
        Self { sorter: Sorter::new(Arc::clone(scratch), "statements", memory) }
    }

    pub(super) fn given(&mut self, id: StatementId) -> Result<(), PortError> {
        self.sorter.push(Entry { key: &id.0, payload: Self::GIVEN })
    }

    pub(super) fn matched(&mut self, id: StatementId) -> Result<(), PortError> {
        self.sorter.push(Entry { key: &id.0, payload: Self::MATCHED })
    }

    /// The number of different statements that were given and never matched.
    pub(super) fn count_unmatched(self, beat: &mut Beat<'_>) -> Result<u64, PortError> {
        let mut sorted = self.sorter.sorted(beat)?;
        let mut last = Vec::new();
        let (mut given, mut matched) = (0, 0);
        while sorted.advance()? {
            beat.tick()?;
            let Entry { key, payload } = sorted.entry();
            let this = [key, payload].concat();
            if this != last {
                *(if payload == Self::GIVEN { &mut given } else { &mut matched }) += 1;
                last = this;
            }
        }
        Ok(given - matched)
    }
}
