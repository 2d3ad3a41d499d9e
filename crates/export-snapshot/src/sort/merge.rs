//! Merging sorted runs.

use export_core::error::PortError;

use super::entry::{Entry, Head};
use crate::beat::Beat;
use crate::scratch::Scratch;
use crate::spool::{Spool, SpoolReader, SpoolWriter};

/// The entries of several runs, in order.
pub(crate) struct Merge {
    inputs: Vec<Input>,
    /// A binary heap of the inputs that have an entry, the smallest first.
    heap: Vec<Leaf>,
    started: bool,
}

struct Input {
    reader: SpoolReader,
    /// Keeps the file for as long as it is read.
    _run: Spool,
}

#[derive(Clone, Copy)]
struct Leaf {
    head: Head,
    input: usize,
}

impl Merge {
    pub(super) fn of(runs: Vec<Spool>) -> Result<Self, PortError> {
        let mut merge = Self { inputs: Vec::new(), heap: Vec::new(), started: false };
        for run in runs {
            let mut reader = run.read()?;
            if reader.advance()? {
                let head = Head::of(Entry::unpack(reader.record()).key);
                merge.heap.push(Leaf { head, input: merge.inputs.len() });
                merge.inputs.push(Input { reader, _run: run });
            }
        }
        for at in (0..merge.heap.len() / 2).rev() {
            merge.sink(at);
        }
        Ok(merge)
    }

    pub(super) fn advance(&mut self) -> Result<bool, PortError> {
        if !self.started {
            self.started = true;
            return Ok(!self.heap.is_empty());
        }
        let Some(first) = self.heap.first_mut() else { return Ok(false) };
        let reader = &mut self.inputs[first.input].reader;
        if reader.advance()? {
            first.head = Head::of(Entry::unpack(reader.record()).key);
        } else {
            self.heap.swap_remove(0);
        }
        self.sink(0);
        Ok(!self.heap.is_empty())
    }

    pub(super) fn entry(&self) -> Entry<'_> {
        Entry::unpack(self.packed())
    }

    fn packed(&self) -> &[u8] {
        self.inputs[self.heap[0].input].reader.record()
    }

    /// Restores the heap below `at`.
    fn sink(&mut self, mut at: usize) {
        loop {
            let mut child = 2 * at + 1;
            if child + 1 < self.heap.len() && self.is_before(child + 1, child) {
                child += 1;
            }
            if child >= self.heap.len() || !self.is_before(child, at) {
                return;
            }
            self.heap.swap(at, child);
            at = child;
        }
    }

    fn is_before(&self, one: usize, two: usize) -> bool {
        let (one, two) = (self.heap[one], self.heap[two]);
        let entry = |leaf: Leaf| Entry::unpack(self.inputs[leaf.input].reader.record());
        one.head.compare(two.head, || (entry(one), entry(two))).is_lt()
    }
}

/// Merges the first runs into longer ones until at most `fan_in` are left.
pub(super) fn merge_down(
    mut runs: Vec<Spool>,
    fan_in: usize,
    scratch: &Scratch,
    what: &str,
    beat: &mut Beat<'_>,
) -> Result<Vec<Spool>, PortError> {
    while runs.len() > fan_in {
        let count = fan_in.min(runs.len() - fan_in + 1); // no more than needed
        let mut merge = Merge::of(runs.drain(..count).collect())?;
        let mut merged = SpoolWriter::create(scratch, what)?;
        while merge.advance()? {
            beat.tick()?;
            merged.push(merge.packed())?;
        }
        runs.push(merged.seal()?);
    }
    Ok(runs)
}
