//! What to act on first, ranked the same in every report.

use std::cmp::Reverse;

use export_core::finding::{Probability, Score};
use export_core::record::FindingRecord;

/// How urgent a finding is; higher is more urgent: known exploited, then steps of EPSS, then tenths of CVSS, then severity.
pub type Urgency = (bool, u32, u8, Reverse<usize>);

/// The urgency of a finding.
#[must_use]
pub fn urgency(record: &FindingRecord<'_>) -> Urgency {
    (
        record.is_known_exploited(),
        record.epss().map_or(0, Probability::steps),
        record.score().map_or(0, Score::tenths),
        Reverse(record.finding.severity.rank()),
    )
}
