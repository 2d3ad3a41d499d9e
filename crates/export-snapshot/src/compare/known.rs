//! What is held in memory of a comparison: a few bytes for each finding of the baseline, and for each vulnerability.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use export_core::error::PortError;
use export_core::ports::Snapshot as _;
use export_core::record::{BaselineChange, BaselineState, FindingRecord, Standing};
use export_core::vulnerability::VulnerabilityChanges;

use crate::beat::Beat;
use crate::snapshot::SpooledSnapshot;
use crate::spool::xxh64;

/// An id, digested to 128 bits.
type Id = [u64; 2];

fn digest(id: &str) -> Id {
    let id = id.as_bytes();
    [xxh64(id, 0), xxh64(id, 1)]
}

/// The findings of the baseline. Where several of its scans have one, the worst of them counts.
#[derive(Debug)]
pub(super) struct Known(HashMap<Id, Earlier>);

/// What the baseline says of a finding.
#[derive(Debug, Clone, Copy)]
struct Earlier {
    standing: Standing,
    is_still_there: bool,
}

impl Known {
    pub(super) fn read(baseline: &SpooledSnapshot, beat: &mut Beat<'_>) -> Result<Self, PortError> {
        let mut known = HashMap::new();
        let mut cursor = baseline.findings()?;
        while let Some(record) = cursor.next()? {
            beat.rows(0)?;
            // Records come worst first.
            if let Entry::Vacant(place) = known.entry(digest(&record.finding.id)) {
                place.insert(Earlier { standing: Standing::of(&record), is_still_there: false });
            }
        }
        Ok(Self(known))
    }

    /// How a record of the scope stands to the baseline.
    pub(super) fn compare(&self, record: &FindingRecord<'_>) -> (BaselineState, BaselineChange) {
        match self.0.get(&digest(&record.finding.id)) {
            None => (BaselineState::New, BaselineChange::default()),
            Some(earlier) => {
                let change = BaselineChange::between(earlier.standing, Standing::of(record));
                let state = if change.is_any() { BaselineState::Updated } else { BaselineState::Unchanged };
                (state, change)
            }
        }
    }

    /// The same, and notes that the scope has it.
    pub(super) fn meet(&mut self, record: &FindingRecord<'_>) -> (BaselineState, BaselineChange) {
        if let Some(earlier) = self.0.get_mut(&digest(&record.finding.id)) {
            earlier.is_still_there = true;
        }
        self.compare(record)
    }

    /// Whether a record of the baseline was met nowhere in the scope.
    pub(super) fn is_gone(&self, record: &FindingRecord<'_>) -> bool {
        self.0.get(&digest(&record.finding.id)).is_some_and(|earlier| !earlier.is_still_there)
    }
}

/// What happened to the vulnerabilities of the scope.
#[derive(Debug, Default)]
pub(super) struct Tallies(HashMap<Id, VulnerabilityChanges>);

impl Tallies {
    /// A record of the scope.
    pub(super) fn add(&mut self, record: &FindingRecord<'_>, state: BaselineState, change: BaselineChange) {
        if let Some(vulnerability) = record.finding.vulnerability() {
            self.0.entry(digest(&vulnerability.id)).or_default().add(state, change);
        }
    }

    /// A record that only the baseline has. A vulnerability that the scope does not have at all has no tally.
    pub(super) fn add_absent(&mut self, record: &FindingRecord<'_>) {
        let vulnerability = record.finding.vulnerability();
        if let Some(tally) = vulnerability.and_then(|it| self.0.get_mut(&digest(&it.id))) {
            tally.add(BaselineState::Absent, BaselineChange::default());
        }
    }

    /// What happened to a vulnerability's findings.
    pub(super) fn of(&self, vulnerability: &str) -> VulnerabilityChanges {
        self.0.get(&digest(vulnerability)).copied().unwrap_or_default()
    }
}
