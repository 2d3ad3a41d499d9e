//! Which findings were read already.

use std::collections::HashSet;

/// Findings whose ids are remembered at most: some 70 MB.
const LIMIT: usize = 2_000_000;

/// The ids of a scan that has several reports, so that a finding which two of them tell is read once.
///
/// A scan with one report needs none of this: memory does not grow with its findings.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    ids: HashSet<[u8; 16]>,
}

impl Seen {
    /// Whether the finding is new; none if there are too many to tell.
    pub(super) fn is_new(&mut self, id: &str) -> Option<bool> {
        use sha2::Digest as _;
        if self.ids.len() >= LIMIT {
            return None;
        }
        let digest = sha2::Sha256::digest(id);
        Some(self.ids.insert(*digest.first_chunk().expect("SHA-256 has 32 bytes")))
    }
}
