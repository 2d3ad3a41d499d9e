//! Collecting entries, and writing them as sorted runs.

use std::sync::Arc;

use export_core::error::PortError;

use super::Sorted;
use super::arena::Arena;
use super::entry::Entry;
use super::merge::{Merge, merge_down};
use crate::beat::Beat;
use crate::scratch::Scratch;
use crate::spool::{BLOCK, Spool, SpoolWriter};

/// More runs than this are not open at one time, however much memory there is.
const MAX_FAN_IN: usize = 128;

/// Collects entries in any order.
pub(crate) struct Sorter {
    scratch: Arc<Scratch>,
    what: &'static str,
    memory: usize,
    arena: Arena,
    runs: Vec<Spool>,
}

impl Sorter {
    /// An empty sorter that holds about `memory` bytes of entries; `what` names its files.
    pub(crate) fn new(scratch: Arc<Scratch>, what: &'static str, memory: usize) -> Self {
        Self { scratch, what, memory, arena: Arena::default(), runs: Vec::new() }
    }

    /// Adds one entry.
    pub(crate) fn push(&mut self, entry: Entry<'_>) -> Result<(), PortError> {
        self.push_with(entry.key, |arena| {
            arena.extend_from_slice(entry.payload);
            Ok(())
        })
    }

    /// Adds an entry with the payload that `fill` appends to the buffer it is given. After an error the sorter is worthless.
    pub(crate) fn push_with(
        &mut self,
        key: &[u8],
        fill: impl FnOnce(&mut Vec<u8>) -> Result<(), PortError>,
    ) -> Result<(), PortError> {
        self.arena.push_with(key, fill)?;
        if self.arena.memory() >= self.memory { self.write_run() } else { Ok(()) }
    }

    /// Writes what is in memory, whose memory another sorter may have until this one goes on.
    pub(crate) fn rest(&mut self) -> Result<(), PortError> {
        if !self.arena.is_empty() {
            self.write_run()?;
        }
        drop(std::mem::take(&mut self.arena));
        Ok(())
    }

    /// Ends collecting.
    pub(crate) fn sorted(mut self, beat: &mut Beat<'_>) -> Result<Sorted, PortError> {
        if self.runs.is_empty() {
            self.arena.sort();
            return Ok(Sorted::Arena(self.arena));
        }
        self.rest()?; // its memory is the merge's now
        let fan_in = (self.memory / BLOCK).clamp(2, MAX_FAN_IN);
        let runs = merge_down(self.runs, fan_in, &self.scratch, self.what, beat)?;
        Ok(Sorted::Runs(Merge::of(runs)?))
    }

    fn write_run(&mut self) -> Result<(), PortError> {
        self.arena.sort();
        let mut run = SpoolWriter::create(&self.scratch, self.what)?;
        self.arena.packed().try_for_each(|entry| run.push(entry))?;
        self.runs.push(run.seal()?);
        self.arena.clear();
        Ok(())
    }
}
