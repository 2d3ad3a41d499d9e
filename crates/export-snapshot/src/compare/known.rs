//! What is held in memory of the baseline, and which finding of it a record of the scope is.
//!
//! A finding's id names the version of its package and its place. If a package is upgraded or moved and the finding stays, it is
//! no new finding, and the old one is not fixed: so what has no counterpart by its id may follow one of the same rule in the
//! same package.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet, VecDeque};

use export_core::error::PortError;
use export_core::finding::{Finding, Purl};
use export_core::ports::Snapshot as _;
use export_core::record::{BaselineChange, BaselineState, FindingRecord, Standing};
use export_core::scan::repository;

use crate::beat::Beat;
use crate::snapshot::SpooledSnapshot;
use crate::spool::xxh64;

/// Some texts, digested to 128 bits.
pub(super) type Id = [u64; 2];

pub(super) fn digest(texts: &[&str]) -> Id {
    let joined;
    let bytes = if let [one] = texts {
        one.as_bytes()
    } else {
        joined = texts.join("\0");
        joined.as_bytes()
    };
    [xxh64(bytes, 0), xxh64(bytes, 1)]
}

fn id_of(record: &FindingRecord<'_>) -> Id {
    digest(&[&record.finding.id])
}

/// What stays of a finding when its package gets another version; none without a package that has one.
fn trail_of(finding: &Finding<'_>) -> Option<Id> {
    let component = finding.component.as_ref().filter(|it| !it.version.is_empty())?;
    let package = component.purl.as_deref().map_or(&*component.name, |purl| Purl::of(purl).without_version());
    Some(digest(&[finding.kind().as_str(), repository(&finding.image), finding.rule(), package]))
}

/// The findings of the baseline. Where several of its scans have one, the worst of them counts.
#[derive(Debug)]
pub(super) struct Known {
    by_id: HashMap<Id, Earlier>,
    /// How findings of the scope were in another version or place of their package.
    followed: HashMap<Id, Standing>,
    /// What stays of findings that are gone, where the scope has the like of them in another place.
    elsewhere: HashSet<Id>,
}

/// What the baseline says of a finding.
#[derive(Debug, Clone, Copy)]
struct Earlier {
    standing: Standing,
    is_still_there: bool,
}

impl Known {
    /// Finds for each record of `baseline` the one of `current` that it became.
    pub(super) fn new(
        baseline: &SpooledSnapshot,
        current: &SpooledSnapshot,
        beat: &mut Beat<'_>,
    ) -> Result<Self, PortError> {
        let mut by_id = HashMap::new();
        let mut cursor = baseline.findings()?;
        while let Some(record) = cursor.next()? {
            beat.rows(0)?;
            // Records come worst first.
            if let Entry::Vacant(place) = by_id.entry(id_of(&record)) {
                place.insert(Earlier { standing: Standing::of(&record), is_still_there: false });
            }
        }
        let mut cursor = current.findings()?;
        while let Some(record) = cursor.next()? {
            beat.rows(0)?;
            if let Some(earlier) = by_id.get_mut(&id_of(&record)) {
                earlier.is_still_there = true;
            }
        }
        let mut known = Self { by_id, followed: HashMap::new(), elsewhere: HashSet::new() };
        let trails = known.trails(baseline, beat)?;
        known.follow(trails, current, beat)?;
        Ok(known)
    }

    /// What is gone by its id, each once, by what stays of it; worst first.
    fn trails(
        &self,
        baseline: &SpooledSnapshot,
        beat: &mut Beat<'_>,
    ) -> Result<HashMap<Id, VecDeque<Id>>, PortError> {
        let mut trails: HashMap<Id, VecDeque<Id>> = HashMap::new();
        let mut cursor = baseline.findings()?;
        while let Some(record) = cursor.next()? {
            beat.rows(0)?;
            let Some(trail) = self.is_gone(&record).then(|| trail_of(&record.finding)).flatten() else {
                continue;
            };
            let (id, gone) = (id_of(&record), trails.entry(trail).or_default());
            // Of several scans, equal ones come one behind the other unless their severities differ.
            if !gone.contains(&id) {
                gone.push_back(id);
            }
        }
        Ok(trails)
    }

    /// Gives each record of `current` that is new by its id the worst one that is left on its trail.
    fn follow(
        &mut self,
        mut trails: HashMap<Id, VecDeque<Id>>,
        current: &SpooledSnapshot,
        beat: &mut Beat<'_>,
    ) -> Result<(), PortError> {
        if trails.is_empty() {
            return Ok(());
        }
        let mut cursor = current.findings()?;
        while let Some(record) = cursor.next()? {
            beat.rows(0)?;
            let Some(trail) = trail_of(&record.finding) else { continue };
            let Some(gone) = trails.get_mut(&trail) else { continue };
            self.elsewhere.insert(trail);
            let id = id_of(&record);
            if self.by_id.contains_key(&id) || self.followed.contains_key(&id) {
                continue;
            }
            if let Some(earlier) = gone.pop_front().and_then(|id| self.by_id.get_mut(&id)) {
                earlier.is_still_there = true;
                self.followed.insert(id, earlier.standing);
            }
        }
        Ok(())
    }

    /// How a record of the scope stands to the baseline.
    pub(super) fn compare(&self, record: &FindingRecord<'_>) -> (BaselineState, BaselineChange) {
        let id = id_of(record);
        let before = self.by_id.get(&id).map(|earlier| earlier.standing);
        match before.or_else(|| self.followed.get(&id).copied()) {
            None => (BaselineState::New, BaselineChange::default()),
            Some(before) => {
                let change = BaselineChange::between(before, Standing::of(record));
                let state = if change.is_any() { BaselineState::Updated } else { BaselineState::Unchanged };
                (state, change)
            }
        }
    }

    /// What there is to say of a record that only the baseline has.
    pub(super) fn of_absent(&self, record: &FindingRecord<'_>) -> BaselineChange {
        let trail = trail_of(&record.finding);
        let still_elsewhere = trail.is_some_and(|trail| self.elsewhere.contains(&trail));
        BaselineChange { still_elsewhere, ..BaselineChange::default() }
    }

    /// Whether a record of the baseline became none of the scope.
    pub(super) fn is_gone(&self, record: &FindingRecord<'_>) -> bool {
        self.by_id.get(&id_of(record)).is_some_and(|earlier| !earlier.is_still_there)
    }
}
