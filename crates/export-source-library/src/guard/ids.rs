//! Which findings were given which id.

use std::collections::HashMap;

/// Findings whose ids are remembered at most: some 100 MB.
const LIMIT: usize = 2_000_000;

/// The ids that the findings of a scan were given, so that none is given twice.
#[derive(Debug, Default)]
pub(crate) struct Ids {
    known: HashMap<[u8; 16], (u32, u32)>,
    report: u32,
}

/// How an id that a finding would get stands to those that were given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Given {
    /// To none before it.
    New,
    /// To others of the same report: this is number so and so of them, counted from 1.
    Here(u32),
    /// To one of an earlier report, which tells the same.
    Before,
    /// There are too many to tell.
    TooMany,
}

impl Ids {
    /// Begins the next report.
    pub(super) const fn next_report(&mut self) {
        self.report += 1;
    }

    /// Asks for an id.
    pub(super) fn give(&mut self, id: &str) -> Given {
        use sha2::Digest as _;
        if self.known.len() >= LIMIT {
            return Given::TooMany;
        }
        let digest = sha2::Sha256::digest(id);
        let key = *digest.first_chunk().expect("SHA-256 has 32 bytes");
        match self.known.get_mut(&key) {
            None => {
                self.known.insert(key, (self.report, 1));
                Given::New
            }
            Some((report, count)) if *report == self.report => {
                *count += 1;
                Given::Here(*count)
            }
            Some(_) => Given::Before,
        }
    }
}
