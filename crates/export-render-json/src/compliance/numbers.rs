//! The numbers of a compliance report: overall, by rule, by image.

use export_core::compliance::{ComplianceFacts, RuleTotals, Standings};
use export_core::finding::Decision;
use export_core::scan::ScanRef;
use export_core::time::Timestamp;
use serde::Serialize;

/// Verdicts by what they come to, and the share of those that allow.
#[derive(Serialize)]
struct StandingsJson {
    evaluated: u64,
    by_decision: ByDecisionJson,
    expired_waivers: u64,
    /// None, and told as `null`, if nothing was evaluated: that is neither 0 nor 100 per cent.
    compliance: Option<ComplianceJson>,
}

#[derive(Serialize)]
struct ByDecisionJson {
    fail: u64,
    error: u64,
    warn: u64,
    waived: u64,
    pass: u64,
}

/// A share with what it is the share of.
#[derive(Serialize)]
struct ComplianceJson {
    percent: f64,
    allowing: u64,
    verdicts: u64,
}

impl StandingsJson {
    fn of(standings: &Standings) -> Self {
        let [fail, error, warn, waived, pass] = standings.by_decision;
        debug_assert_eq!(standings.decision(Decision::Pass), pass);
        Self {
            evaluated: standings.verdicts(),
            by_decision: ByDecisionJson { fail, error, warn, waived, pass },
            expired_waivers: standings.expired_waivers,
            compliance: ComplianceJson::of(standings),
        }
    }
}

impl ComplianceJson {
    fn of(standings: &Standings) -> Option<Self> {
        let (allowing, verdicts) = (standings.allowing(), standings.verdicts());
        // Rounded down: 100 means all of them.
        let hundredths = u128::from(allowing) * 10_000 / u128::from(verdicts.max(1));
        let percent = f64::from(u32::try_from(hundredths).expect("no more than all allow")) / 100.0;
        (verdicts > 0).then_some(Self { percent, allowing, verdicts })
    }
}

/// All verdicts together.
#[derive(Serialize)]
pub(super) struct OverallJson {
    #[serde(flatten)]
    standings: StandingsJson,
    images: ImagesJson,
}

#[derive(Serialize)]
struct ImagesJson {
    compliant: u64,
    evaluated: u64,
    without_verdicts: u64,
}

impl OverallJson {
    pub(super) fn of(facts: &ComplianceFacts) -> Self {
        let (compliant, evaluated) = facts.compliant_scans();
        let without_verdicts = facts.scans.len() as u64 - evaluated;
        let images = ImagesJson { compliant, evaluated, without_verdicts };
        Self { standings: StandingsJson::of(&facts.total()), images }
    }
}

/// One policy set with its policies and their rules.
#[derive(Serialize)]
pub(super) struct PolicySetJson<'r> {
    policy_set: &'r str,
    #[serde(flatten)]
    standings: StandingsJson,
    policies: Vec<PolicyJson<'r>>,
}

#[derive(Serialize)]
struct PolicyJson<'r> {
    policy: &'r str,
    #[serde(flatten)]
    standings: StandingsJson,
    rules: Vec<RuleJson<'r>>,
}

#[derive(Serialize)]
struct RuleJson<'r> {
    rule: &'r str,
    #[serde(flatten)]
    standings: StandingsJson,
    failing_images: u64,
}

impl<'r> PolicySetJson<'r> {
    /// The set that all of `rules`, which are some, belong to.
    pub(super) fn of(rules: &'r [RuleTotals]) -> Self {
        let policies = rules.chunk_by(|one, next| one.policy == next.policy);
        Self {
            policy_set: rules.first().map_or("", |rule| &rule.policy_set),
            standings: StandingsJson::of(&sum(rules)),
            policies: policies.map(PolicyJson::of).collect(),
        }
    }
}

impl<'r> PolicyJson<'r> {
    fn of(rules: &'r [RuleTotals]) -> Self {
        Self {
            policy: rules.first().map_or("", |rule| &rule.policy),
            standings: StandingsJson::of(&sum(rules)),
            rules: rules.iter().map(RuleJson::of).collect(),
        }
    }
}

impl<'r> RuleJson<'r> {
    fn of(rule: &'r RuleTotals) -> Self {
        Self {
            rule: &rule.rule,
            standings: StandingsJson::of(&rule.standings),
            failing_images: rule.failing_scans,
        }
    }
}

fn sum(rules: &[RuleTotals]) -> Standings {
    rules.iter().fold(Standings::default(), |sum, rule| sum.plus(&rule.standings))
}

/// One image, as one scan saw it.
#[derive(Serialize)]
pub(super) struct ImageJson<'r> {
    scan_id: &'r str,
    image: &'r str,
    #[serde(skip_serializing_if = "Option::is_none")]
    image_digest: Option<&'r str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    scanned_at: Option<Timestamp>,
    /// Left out if nothing was evaluated.
    #[serde(skip_serializing_if = "Option::is_none")]
    compliant: Option<bool>,
    #[serde(flatten)]
    standings: StandingsJson,
}

impl<'r> ImageJson<'r> {
    pub(super) fn of(scan: &'r ScanRef, standings: &Standings) -> Self {
        Self {
            scan_id: scan.id.as_str(),
            image: &scan.image,
            image_digest: scan.image_digest.as_deref(),
            scanned_at: scan.created_at,
            compliant: (standings.verdicts() > 0).then(|| standings.is_compliant()),
            standings: StandingsJson::of(standings),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hundred_per_cent_is_all_of_them() {
        let of = |pass, fail| {
            let standings = Standings { by_decision: [fail, 0, 0, 0, pass], expired_waivers: 0 };
            ComplianceJson::of(&standings).map(|it| it.percent)
        };
        assert_eq!((of(0, 0), of(3, 0), of(0, 3)), (None, Some(100.0), Some(0.0)));
        assert_eq!((of(2, 1), of(99_999, 1)), (Some(66.66), Some(99.99)));
    }
}
