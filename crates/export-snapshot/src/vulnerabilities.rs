//! Vulnerabilities: each once, with all findings of it.
//!
//! ```text
//! records --> occurrences, by vulnerability --> entries, by rank --> one spool
//! ```
//!
//! A record gives two things: *details*, which are the same for most findings of a vulnerability and are kept once
//! (`details.rs`), and an *occurrence*, which is small (`key.rs`). Sorted by vulnerability, those of one vulnerability are
//! counted together (`group.rs`). What that comes to is sorted again, by how bad the vulnerability is, and written (`list.rs`).
//! Nowhere is a whole vulnerability in memory, whose components may be ten thousand.

mod details;
mod group;
mod key;
mod list;

use std::sync::Arc;

use export_core::error::PortError;
use export_core::record::FindingRecord;

use self::details::{Details, Seen};
use self::group::Group;
use crate::beat::Beat;
use crate::codec::encode;
use crate::scratch::Scratch;
use crate::sort::{Entry, Sorter};
use crate::spool::Spool;

/// Vulnerabilities on their way into their order.
pub(crate) struct Vulnerabilities {
    sorter: Sorter,
    seen: Seen,
    key: Vec<u8>,
    payload: Vec<u8>,
}

impl Vulnerabilities {
    /// None yet; about `memory` bytes are used for sorting.
    pub(crate) fn new(scratch: &Arc<Scratch>, memory: usize) -> Self {
        let sorter = Sorter::new(Arc::clone(scratch), "occurrences", memory);
        Self { sorter, seen: Seen::default(), key: Vec::new(), payload: Vec::new() }
    }

    /// Takes one more record of the scan with this number. Records that are of no vulnerability count nowhere here.
    pub(crate) fn add(&mut self, scan: u32, record: &FindingRecord<'_>) -> Result<(), PortError> {
        let Some(vulnerability) = record.finding.vulnerability() else { return Ok(()) };
        self.payload.clear();
        encode(&Details::of(record, vulnerability), &mut self.payload)?;
        key::write_details(record, vulnerability.canonical_id(), &mut self.key);
        if !self.seen.is_known(&self.key, key::name_length(&self.key), &self.payload) {
            self.sorter.push(Entry { key: &self.key, payload: &self.payload })?;
        }
        key::write_occurrence(record, vulnerability.canonical_id(), &mut self.key)?;
        let payload = key::Occurrence::of(scan, record).to_bytes();
        self.sorter.push(Entry { key: &self.key, payload: &payload })
    }

    /// Gives its memory away: all records were taken.
    pub(crate) fn rest(&mut self) -> Result<(), PortError> {
        self.seen = Seen::default();
        self.sorter.rest()
    }

    /// Writes the vulnerabilities of so many scans in their order, and counts them. About `memory` bytes are used for sorting
    /// once more.
    pub(crate) fn finish(
        self,
        scratch: &Arc<Scratch>,
        memory: usize,
        scans: usize,
        beat: &mut Beat<'_>,
    ) -> Result<(Spool, u64), PortError> {
        let mut sorted = self.sorter.sorted(beat)?;
        let mut ranked = Sorter::new(Arc::clone(scratch), "ranked", memory);
        let mut group = Group::new(scans);
        while sorted.advance()? {
            beat.tick()?;
            group.take(sorted.entry(), &mut ranked)?;
        }
        group.end(&mut ranked)?;
        drop(sorted); // and with it its files
        list::write(ranked.sorted(beat)?, scratch, beat)
    }
}
