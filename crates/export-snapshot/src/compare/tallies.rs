//! What happened to the vulnerabilities of the scope: a few bytes of memory for each.

use std::collections::HashMap;

use export_core::record::{BaselineChange, BaselineState, FindingRecord};
use export_core::vulnerability::VulnerabilityChanges;

use super::known::{Id, digest};

/// What happened to the findings of each vulnerability.
#[derive(Debug, Default)]
pub(super) struct Tallies(HashMap<Id, VulnerabilityChanges>);

impl Tallies {
    /// A record of the scope.
    pub(super) fn add(&mut self, record: &FindingRecord<'_>, state: BaselineState, change: BaselineChange) {
        if let Some(vulnerability) = record.finding.vulnerability() {
            self.0.entry(digest(&[&vulnerability.id])).or_default().add(state, change);
        }
    }

    /// A record that only the baseline has. A vulnerability that the scope does not have at all has no tally.
    pub(super) fn add_absent(&mut self, record: &FindingRecord<'_>) {
        let vulnerability = record.finding.vulnerability();
        if let Some(tally) = vulnerability.and_then(|it| self.0.get_mut(&digest(&[&it.id]))) {
            tally.add(BaselineState::Absent, BaselineChange::default());
        }
    }

    /// What happened to a vulnerability's findings.
    pub(super) fn of(&self, vulnerability: &str) -> VulnerabilityChanges {
        self.0.get(&digest(&[vulnerability])).copied().unwrap_or_default()
    }
}
