//! The rules of one run: numbered as results name them, kept on disk until the results are written.
//!
//! In memory a rule takes 24 bytes, however long its texts are.

use std::collections::HashMap;
use std::io::{self, BufWriter, Seek as _, Write as _};
use std::path::Path;

use export_core::digest::Digest;
use export_core::finding::Finding;
use tempfile::SpooledTempFile;

use crate::gauge::Gauge;

/// Rules of a small report never see the disk.
const IN_MEMORY: usize = 1 << 20;
/// What is collected before it is written.
const BLOCK: usize = 64 << 10;

/// Tells rules apart: their kind, and eleven bytes of the SHA-256 of their id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct RuleKey([u8; 12]);

impl RuleKey {
    pub(crate) fn of(finding: &Finding<'_>) -> Self {
        let digest = Digest::of(finding.rule().as_bytes());
        let mut key = *digest.as_bytes().first_chunk::<12>().expect("a digest has 32 bytes");
        key[0] = finding.kind() as u8;
        Self(key)
    }
}

/// What is remembered of a rule.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Known {
    /// Its place among the rules.
    pub(crate) index: u32,
    advisory: [u32; 2],
}

impl Known {
    /// Whether it was written with this advisory.
    pub(crate) fn tells(&self, advisory: u64) -> bool {
        self.advisory == halves(advisory)
    }
}

/// Four-byte halves, so that an entry of the table has no padding.
const fn halves(hash: u64) -> [u32; 2] {
    [(hash >> 32) as u32, (hash & 0xffff_ffff) as u32]
}

/// The rules of one run.
pub(crate) struct Rules {
    known: HashMap<RuleKey, Known>,
    spool: BufWriter<SpooledTempFile>,
    gauge: Option<Gauge>,
}

impl Rules {
    /// No rules; those that do not fit into memory go into a nameless file in `scratch`. They are gauged if asked for.
    pub(crate) fn new(scratch: &Path, gauged: bool) -> Self {
        let spool = BufWriter::with_capacity(BLOCK, tempfile::spooled_tempfile_in(IN_MEMORY, scratch));
        Self { known: HashMap::new(), spool, gauge: gauged.then(Gauge::default) }
    }

    /// The number of rules.
    pub(crate) fn len(&self) -> u64 {
        self.known.len() as u64
    }

    /// The rule, if it was added.
    pub(crate) fn get(&self, key: RuleKey) -> Option<Known> {
        self.known.get(&key).copied()
    }

    /// The place of the next rule.
    pub(crate) fn next_index(&self) -> u32 {
        u32::try_from(self.known.len()).expect("a table of four thousand million rules has no room in memory")
    }

    /// Adds a rule with its JSON.
    pub(crate) fn add(&mut self, key: RuleKey, advisory: u64, json: &[u8]) -> io::Result<()> {
        let separator: &[u8] = if self.known.is_empty() { b"\n" } else { b",\n" };
        for bytes in [separator, json] {
            self.spool.write_all(bytes)?;
            if let Some(gauge) = &mut self.gauge {
                gauge.take(bytes)?;
            }
        }
        let known = Known { index: self.next_index(), advisory: halves(advisory) };
        self.known.insert(key, known);
        Ok(())
    }

    /// At most how many bytes the rules have after gzip; 0 if they are not gauged.
    pub(crate) fn compressed(&self) -> u64 {
        self.gauge.as_ref().map_or(0, Gauge::at_most)
    }

    /// The rules as JSON, separated, from the beginning.
    pub(crate) fn read(&mut self) -> io::Result<&mut impl io::Read> {
        self.spool.rewind()?;
        Ok(self.spool.get_mut())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use export_contract::corpus;
    use std::io::Read as _;

    #[test]
    fn an_entry_is_small_and_rules_come_back_in_order() {
        assert_eq!(size_of::<(RuleKey, Known)>(), 24);
        let dir = tempfile::tempdir().unwrap();
        let mut rules = Rules::new(dir.path(), false);
        let keys: Vec<_> = (0..50).map(|seed| RuleKey::of(&corpus::record(seed).finding)).collect();
        // Together more than is kept in memory.
        let json = |number: usize| format!("{number}{}", "0".repeat(50_000));
        let mut expected = vec![];
        for (number, key) in keys.iter().enumerate() {
            if rules.get(*key).is_none() {
                rules.add(*key, 7 << 40, json(number).as_bytes()).unwrap();
                expected.push(json(number));
            }
        }
        let known = rules.get(keys[1]).unwrap();
        assert!(known.index == 1 && known.tells(7 << 40) && !known.tells(7));
        let mut all = String::new();
        rules.read().unwrap().read_to_string(&mut all).unwrap();
        assert!(all == format!("\n{}", expected.join(",\n")));
    }
}
