//! The numbers of a snapshot. They are counted once, so that all artifacts of an export agree.

mod named;

use serde::{Deserialize, Serialize};

pub use self::named::{NamedPolicyTotals, NamedTotals};
use crate::finding::{Decision, FindingKind, Probability, Severity, VexStatus};
use crate::record::{FindingRecord, FindingStatus};

/// Counts over a set of findings. Arrays are in the order of the enum's `ALL`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Totals {
    /// All findings, open or not.
    pub findings: u64,
    /// Findings that count as open.
    pub open: u64,
    /// All findings by [`Severity::ALL`].
    pub by_severity: [u64; 6],
    /// Open findings by [`Severity::ALL`].
    pub open_by_severity: [u64; 6],
    /// All findings by [`FindingKind::ALL`].
    pub by_kind: [u64; 5],
    /// All findings by [`FindingStatus::ALL`].
    pub by_status: [u64; 6],
    /// Findings with a statement, by [`VexStatus::ALL`].
    pub by_vex: [u64; 4],
    /// Findings with a verdict, by the worst decision, in the order of [`Decision::ALL`].
    pub by_decision: [u64; 5],
    /// Findings with a version to upgrade to.
    pub with_fix: u64,
    /// Open findings with a version to upgrade to.
    pub open_with_fix: u64,
    /// Findings that are known to be exploited.
    pub known_exploited: u64,
    /// Open findings that are known to be exploited.
    pub open_known_exploited: u64,
    /// Open findings that are known to be exploited and have a fix.
    pub open_known_exploited_with_fix: u64,
    /// Findings with an EPSS probability of at least one half.
    pub epss_half: u64,
}

impl Totals {
    /// Counts one more record.
    pub fn add(&mut self, record: &FindingRecord<'_>) {
        let severity = record.finding.severity.rank();
        let open = record.status.is_open();
        let fix = record.finding.fix.is_available();
        let known = record.is_known_exploited();
        self.findings += 1;
        self.open += u64::from(open);
        self.by_severity[severity] += 1;
        self.open_by_severity[severity] += u64::from(open);
        self.by_kind[record.finding.kind() as usize] += 1;
        self.by_status[record.status as usize] += 1;
        if let Some(vex) = &record.vex {
            self.by_vex[vex.status as usize] += 1;
        }
        if let Some(decision) = record.decision() {
            self.by_decision[decision as usize] += 1;
        }
        self.with_fix += u64::from(fix);
        self.open_with_fix += u64::from(open && fix);
        self.known_exploited += u64::from(known);
        self.open_known_exploited += u64::from(open && known);
        self.open_known_exploited_with_fix += u64::from(open && known && fix);
        self.epss_half += u64::from(record.epss().is_some_and(|epss| epss >= Probability::HALF));
    }

    /// The numbers with the names of what is counted, as JSON documents show them.
    #[must_use]
    pub fn named(&self) -> NamedTotals {
        self.into()
    }

    /// All findings of one severity.
    #[must_use]
    pub const fn severity(&self, severity: Severity) -> u64 {
        self.by_severity[severity as usize]
    }

    /// Open findings of one severity.
    #[must_use]
    pub const fn open_severity(&self, severity: Severity) -> u64 {
        self.open_by_severity[severity as usize]
    }

    /// All findings of one kind.
    #[must_use]
    pub const fn kind(&self, kind: FindingKind) -> u64 {
        self.by_kind[kind as usize]
    }

    /// All findings of one status.
    #[must_use]
    pub const fn status(&self, status: FindingStatus) -> u64 {
        self.by_status[status as usize]
    }

    /// Findings whose newest statement says `status`.
    #[must_use]
    pub const fn vex(&self, status: VexStatus) -> u64 {
        self.by_vex[status as usize]
    }

    /// Findings whose worst verdict is `decision`.
    #[must_use]
    pub const fn decision(&self, decision: Decision) -> u64 {
        self.by_decision[decision as usize]
    }
}

/// Verdicts of one policy over a whole snapshot.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PolicyTotals {
    /// The set that the policy belongs to.
    pub policy_set: String,
    /// The policy.
    pub policy: String,
    /// Verdicts by [`Decision::ALL`], those about whole scans included.
    pub by_decision: [u64; 5],
}

impl PolicyTotals {
    /// Verdicts of one decision.
    #[must_use]
    pub const fn decision(&self, decision: Decision) -> u64 {
        self.by_decision[decision as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing;
    use crate::time::Timestamp;

    #[test]
    fn enum_order_and_array_order_are_one() {
        let order = |all: &[usize]| all.iter().copied().eq(0..all.len());
        assert!(order(&Severity::ALL.map(|it| it as usize)));
        assert!(order(&FindingKind::ALL.map(|it| it as usize)));
        assert!(order(&FindingStatus::ALL.map(|it| it as usize)));
        assert!(order(&VexStatus::ALL.map(|it| it as usize)));
        assert!(order(&Decision::ALL.map(|it| it as usize)));
    }

    #[test]
    fn counts_open_apart_from_all() {
        let at = Timestamp::from_millis(0);
        let mut totals = Totals::default();
        let mut exploited = testing::finding(1, Severity::Critical);
        testing::set_exploitability(&mut exploited, 0.5, true);
        let not_affected = Some(testing::assertion(VexStatus::NotAffected));
        totals.add(&FindingRecord::join(exploited.clone(), None, vec![], at));
        totals.add(&FindingRecord::join(exploited, not_affected, vec![], at));
        assert_eq!((totals.findings, totals.open), (2, 1));
        assert_eq!((totals.severity(Severity::Critical), totals.open_severity(Severity::Critical)), (2, 1));
        assert_eq!((totals.known_exploited, totals.open_known_exploited_with_fix), (2, 1));
        assert_eq!((totals.epss_half, totals.vex(VexStatus::NotAffected)), (2, 1));
    }
}
