//! Numbers by name, as JSON documents show them.

use serde::ser::SerializeMap as _;
use serde::{Serialize, Serializer};

use super::{PolicyTotals, Totals};
use crate::finding::{Decision, FindingKind, Severity, VexStatus};
use crate::record::FindingStatus;

/// [`Totals`] with the names of what is counted.
#[derive(Debug, Clone, Serialize)]
pub struct NamedTotals {
    findings: u64,
    open: u64,
    by_severity: Named<6>,
    open_by_severity: Named<6>,
    by_kind: Named<5>,
    by_status: Named<6>,
    by_vex: Named<4>,
    by_decision: Named<5>,
    with_fix: u64,
    open_with_fix: u64,
    known_exploited: u64,
    open_known_exploited: u64,
    open_known_exploited_with_fix: u64,
    epss_half: u64,
}

impl From<&Totals> for NamedTotals {
    fn from(totals: &Totals) -> Self {
        let severities = Severity::ALL.map(Severity::as_str);
        Self {
            findings: totals.findings,
            open: totals.open,
            by_severity: Named(severities, totals.by_severity),
            open_by_severity: Named(severities, totals.open_by_severity),
            by_kind: Named(FindingKind::ALL.map(FindingKind::as_str), totals.by_kind),
            by_status: Named(FindingStatus::ALL.map(FindingStatus::as_str), totals.by_status),
            by_vex: Named(VexStatus::ALL.map(VexStatus::as_str), totals.by_vex),
            by_decision: Named(Decision::ALL.map(Decision::as_str), totals.by_decision),
            with_fix: totals.with_fix,
            open_with_fix: totals.open_with_fix,
            known_exploited: totals.known_exploited,
            open_known_exploited: totals.open_known_exploited,
            open_known_exploited_with_fix: totals.open_known_exploited_with_fix,
            epss_half: totals.epss_half,
        }
    }
}

/// [`PolicyTotals`] with the names of what is counted.
#[derive(Debug, Clone, Serialize)]
pub struct NamedPolicyTotals<'r> {
    policy_set: &'r str,
    policy: &'r str,
    by_decision: Named<5>,
}

impl<'r> From<&'r PolicyTotals> for NamedPolicyTotals<'r> {
    fn from(totals: &'r PolicyTotals) -> Self {
        let by_decision = Named(Decision::ALL.map(Decision::as_str), totals.by_decision);
        Self { policy_set: &totals.policy_set, policy: &totals.policy, by_decision }
    }
}

/// Counts under their names, in the order of the names.
#[derive(Debug, Clone)]
struct Named<const N: usize>([&'static str; N], [u64; N]);

impl<const N: usize> Serialize for Named<N> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(N))?;
        for (name, count) in self.0.iter().zip(self.1) {
            map.serialize_entry(name, &count)?;
        }
        map.end()
    }
}
