//! What policies come to: by rule, by scan, and as a share.

use serde::{Deserialize, Serialize};

use crate::finding::{Decision, Verdict};
use crate::time::Timestamp;

/// What a verdict comes to at a time: a waiver that has run out counts as the failure that it waived.
#[must_use]
pub fn standing(verdict: &Verdict<'_>, at: Timestamp) -> Decision {
    let expired = verdict.waiver.as_ref().is_some_and(|waiver| !waiver.holds(at));
    match verdict.decision {
        Decision::Waived if expired => Decision::Fail,
        decision => decision,
    }
}

/// The numbers of all verdicts of a snapshot, those included that are about whole scans or about no finding.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ComplianceFacts {
    /// By rule, sorted by set, policy and rule.
    pub rules: Vec<RuleTotals>,
    /// By scan, in the order of [`SnapshotFacts::scans`](crate::ports::SnapshotFacts::scans).
    pub scans: Vec<Standings>,
}

impl ComplianceFacts {
    /// All verdicts together.
    #[must_use]
    pub fn total(&self) -> Standings {
        self.rules.iter().fold(Standings::default(), |sum, rule| sum.plus(&rule.standings))
    }

    /// How many verdicts there are.
    #[must_use]
    pub fn verdicts(&self) -> u64 {
        self.total().verdicts()
    }

    /// Scans that keep every rule, and scans that any rule was asked about.
    #[must_use]
    pub fn compliant_scans(&self) -> (u64, u64) {
        let evaluated = self.scans.iter().filter(|it| it.verdicts() > 0);
        let compliant = evaluated.clone().filter(|it| it.is_compliant());
        (compliant.count() as u64, evaluated.count() as u64)
    }
}

/// Verdicts of one rule.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleTotals {
    /// The set that the policy belongs to.
    pub policy_set: String,
    /// The policy.
    pub policy: String,
    /// The rule.
    pub rule: String,
    /// What was decided.
    pub standings: Standings,
    /// Scans in which it is broken or could not be evaluated.
    pub failing_scans: u64,
}

/// Verdicts by what they come to ([`standing`]).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standings {
    /// By [`Decision::ALL`].
    pub by_decision: [u64; 5],
    /// Failures among them whose waiver has run out.
    pub expired_waivers: u64,
}

impl Standings {
    /// Counts one more verdict.
    pub fn add(&mut self, verdict: &Verdict<'_>, at: Timestamp) {
        let standing = standing(verdict, at);
        self.by_decision[standing as usize] += 1;
        self.expired_waivers += u64::from(standing != verdict.decision);
    }

    /// Both together.
    #[must_use]
    pub fn plus(mut self, other: &Self) -> Self {
        for (sum, more) in self.by_decision.iter_mut().zip(other.by_decision) {
            *sum += more;
        }
        self.expired_waivers += other.expired_waivers;
        self
    }

    /// Verdicts of one decision.
    #[must_use]
    pub const fn decision(&self, decision: Decision) -> u64 {
        self.by_decision[decision as usize]
    }

    /// All verdicts.
    #[must_use]
    pub fn verdicts(&self) -> u64 {
        self.by_decision.iter().sum()
    }

    /// Verdicts that allow: passed, tolerated, or waived for now. Their share of all is the compliance.
    #[must_use]
    pub const fn allowing(&self) -> u64 {
        self.decision(Decision::Pass) + self.decision(Decision::Warn) + self.decision(Decision::Waived)
    }

    /// Whether no verdict refuses, and none could not be reached.
    #[must_use]
    pub const fn is_compliant(&self) -> bool {
        self.decision(Decision::Fail) == 0 && self.decision(Decision::Error) == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::Waiver;

    fn verdict(decision: Decision, until: Option<i64>) -> Verdict<'static> {
        let waiver =
            until.map(|at| Waiver { expires_at: Some(Timestamp::from_millis(at)), ..Waiver::default() });
        Verdict {
            subject: None,
            policy_set: "set".into(),
            policy: "policy".into(),
            rule: "rule".into(),
            decision,
            reason: "".into(),
            evaluated_at: None,
            waiver,
        }
    }

    #[test]
    fn a_waiver_that_has_run_out_is_the_failure_that_it_waived() {
        let at = Timestamp::from_millis(100);
        let mut standings = Standings::default();
        for verdict in [
            verdict(Decision::Waived, Some(100)),
            verdict(Decision::Waived, Some(99)),
            verdict(Decision::Waived, None),
            verdict(Decision::Pass, None),
            verdict(Decision::Warn, None),
        ] {
            standings.add(&verdict, at);
        }
        assert_eq!(standings.decision(Decision::Fail), 1);
        assert_eq!((standings.expired_waivers, standings.verdicts(), standings.allowing()), (1, 5, 4));
        assert!(!standings.is_compliant());
    }

    #[test]
    fn scans_without_verdicts_are_neither_compliant_nor_not() {
        let of = |decision: Decision| {
            let mut by_decision = [0; 5];
            by_decision[decision as usize] = 1;
            Standings { by_decision, expired_waivers: 0 }
        };
        let scans = vec![of(Decision::Pass), of(Decision::Error), Standings::default(), of(Decision::Warn)];
        let facts = ComplianceFacts { rules: vec![], scans };
        assert_eq!(facts.compliant_scans(), (2, 3));
    }
}
