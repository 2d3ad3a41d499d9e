//! Which findings were given which id.

use std::collections::HashMap;

/// Findings whose ids are remembered at most: some 100 MB.
const LIMIT: usize = 2_000_000;

/// The ids that the findings of a report were given, so that none is given twice.
#[derive(Debug, Default)]
pub(super) struct Ids {
    known: HashMap<[u8; 16], u32>,
}

impl Ids {
    /// Asks for an id: how many findings have asked for it, this one included. None if there are too many to tell.
    pub(super) fn give(&mut self, id: &str) -> Option<u32> {
        use sha2::Digest as _;
        if self.known.len() >= LIMIT {
            return None;
        }
        let digest = sha2::Sha256::digest(id);
        let count = self.known.entry(*digest.first_chunk().expect("SHA-256 has 32 bytes")).or_insert(0);
        *count += 1;
        Some(*count)
    }
}
