//! Which findings were given which id.

use std::collections::HashMap;

use export_core::finding::{FindingKind, finding_id};

/// Findings whose ids are remembered at most: some 100 MB.
const LIMIT: usize = 2_000_000;

/// The ids that the findings of a report were given, so that none is given twice.
#[derive(Debug, Default)]
pub(crate) struct Ids {
    known: HashMap<[u8; 16], u32>,
}

impl Ids {
    /// The id for the next finding that would have `id`: the same for the first, a numbered one for those that differ from
    /// others in nothing. None if there are too many to tell.
    pub(crate) fn give(&mut self, kind: FindingKind, id: &str) -> Option<String> {
        use sha2::Digest as _;
        if self.known.len() >= LIMIT {
            return None;
        }
        let digest = sha2::Sha256::digest(id);
        let count = self.known.entry(*digest.first_chunk().expect("SHA-256 has 32 bytes")).or_insert(0);
        *count += 1;
        Some(match *count {
            1 => id.to_owned(),
            number => finding_id(kind, id, "", "", "", &number.to_string()),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_second_and_later_ones_are_numbered() {
        let (mut first, mut again) = (Ids::default(), Ids::default());
        let give = |ids: &mut Ids| ids.give(FindingKind::Code, "fnd-1").unwrap();
        let given = [give(&mut first), give(&mut first), give(&mut first)];
        assert_eq!(given[0], "fnd-1");
        assert!(given[1] != given[0] && given[2] != given[1]);
        assert_eq!(given, [give(&mut again), give(&mut again), give(&mut again)]);
    }
}
