//! What policies decided.

use export_core::finding::Decision;
use export_core::ports::SnapshotFacts;
use export_core::totals::PolicyTotals;
use export_templates::view::PolicyRow;

use super::words::{NAME, Pen};

/// A row for each policy, those that refuse most first.
pub(super) fn rows(facts: &SnapshotFacts, pen: &Pen) -> Vec<PolicyRow> {
    let row = |it: &PolicyTotals| PolicyRow {
        set: pen.copy_or(&it.policy_set, NAME, "unnamed"),
        policy: pen.copy_or(&it.policy, NAME, "unnamed"),
        fail: it.decision(Decision::Fail),
        error: it.decision(Decision::Error),
        warn: it.decision(Decision::Warn),
        waived: it.decision(Decision::Waived),
        pass: it.decision(Decision::Pass),
    };
    let mut rows: Vec<PolicyRow> = facts.policies.iter().map(row).collect();
    rows.sort_by_key(|row| std::cmp::Reverse((row.fail, row.error, row.warn, row.waived)));
    rows
}
