//! A finding joined with what others say about it.

mod baseline;

use serde::{Deserialize, Serialize};

pub use self::baseline::{BaselineChange, BaselineState, Standing};

use crate::finding::{Decision, Finding, Probability, Score, Verdict, VexAssertion, VexStatus};
use crate::time::Timestamp;

/// A finding with its VEX statement, its verdicts, and the status that follows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FindingRecord<'a> {
    /// What the scanner found.
    #[serde(borrow)]
    pub finding: Finding<'a>,
    /// The newest VEX statement about it.
    #[serde(borrow)]
    pub vex: Option<VexAssertion<'a>>,
    /// What policies decided about it, worst first.
    #[serde(borrow)]
    pub verdicts: Vec<Verdict<'a>>,
    /// What follows from all that.
    pub status: FindingStatus,
    /// How it stands to the scan that the export is compared with; none without such a scan. Not stored: it is set by
    /// whoever compares.
    #[serde(skip)]
    pub baseline: Option<BaselineState>,
    /// How it was in that scan, where that is [`Updated`](BaselineState::Updated). Not stored either.
    #[serde(skip)]
    pub change: BaselineChange,
}

impl<'a> FindingRecord<'a> {
    /// Joins the parts; waivers count if they hold at `taken_at`.
    #[must_use]
    pub fn join(
        finding: Finding<'a>,
        vex: Option<VexAssertion<'a>>,
        mut verdicts: Vec<Verdict<'a>>,
        taken_at: Timestamp,
    ) -> Self {
        verdicts.sort_by(|a, b| {
            (a.decision, &a.policy_set, &a.policy, &a.rule, a.evaluated_at).cmp(&(
                b.decision,
                &b.policy_set,
                &b.policy,
                &b.rule,
                b.evaluated_at,
            ))
        });
        let status = FindingStatus::of(&finding, vex.as_ref(), &verdicts, taken_at);
        Self { finding, vex, verdicts, status, baseline: None, change: BaselineChange::default() }
    }

    /// The worst decision of any policy about it.
    #[must_use]
    pub fn decision(&self) -> Option<Decision> {
        self.verdicts.iter().map(|verdict| verdict.decision).min()
    }

    /// Whether it is known to be exploited.
    #[must_use]
    pub fn is_known_exploited(&self) -> bool {
        self.finding.vulnerability().is_some_and(|it| it.known_exploited.is_some())
    }

    /// What happened to it since the baseline, in one word; none without a baseline.
    #[must_use]
    pub fn change_word(&self) -> Option<&'static str> {
        self.baseline.map(|state| self.change.word(state))
    }

    /// The probability of use within 30 days.
    #[must_use]
    pub fn epss(&self) -> Option<Probability> {
        self.finding.vulnerability()?.epss.map(|epss| epss.probability)
    }

    /// The score to show.
    #[must_use]
    pub fn score(&self) -> Option<Score> {
        self.finding.vulnerability()?.leading_rating()?.score
    }

    /// How urgent it is: severity, then known exploited, EPSS and score.
    ///
    /// Compared as bytes, smaller is more urgent.
    #[must_use]
    pub fn rank(&self) -> [u8; 7] {
        let likely = u32::MAX - self.epss().map_or(0, Probability::steps);
        let [a, b, c, d] = likely.to_be_bytes();
        let severity = u8::try_from(self.finding.severity.rank()).expect("six severities");
        let score = u8::MAX - self.score().map_or(0, Score::tenths);
        [severity, u8::from(!self.is_known_exploited()), a, b, c, d, score]
    }

    /// Sorts records as every format shows them: by [`rank`](Self::rank), then by id and scan.
    ///
    /// Compared as bytes, smaller first.
    #[must_use]
    pub fn order_key(&self) -> Vec<u8> {
        let mut key = Vec::with_capacity(64);
        key.extend_from_slice(&self.rank());
        key.extend_from_slice(self.finding.id.as_bytes());
        key.push(0);
        key.extend_from_slice(self.finding.scan_id.as_bytes());
        key
    }
}

/// Whether somebody has to act on a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FindingStatus {
    /// Yes.
    Open,
    /// A VEX statement says that it is being looked into: open until that is done.
    UnderInvestigation,
    /// A VEX statement says that the product holds a fix.
    Fixed,
    /// A VEX statement says that the product is not affected.
    NotAffected,
    /// A policy's failure about it was accepted, and nothing else fails.
    Waived,
    /// The scanner was told to leave it out.
    Suppressed,
}

impl FindingStatus {
    /// Every status, open ones first.
    pub const ALL: [Self; 6] = [
        Self::Open,
        Self::UnderInvestigation,
        Self::Fixed,
        Self::NotAffected,
        Self::Waived,
        Self::Suppressed,
    ];

    /// The rule, in order: suppressed by the scanner, then VEX, then a waiver that holds; else open.
    #[must_use]
    pub fn of(
        finding: &Finding<'_>,
        vex: Option<&VexAssertion<'_>>,
        verdicts: &[Verdict<'_>],
        at: Timestamp,
    ) -> Self {
        if finding.suppression.is_some() {
            return Self::Suppressed;
        }
        match vex.map(|vex| vex.status) {
            Some(VexStatus::NotAffected) => Self::NotAffected,
            Some(VexStatus::Fixed) => Self::Fixed,
            Some(VexStatus::UnderInvestigation) => Self::UnderInvestigation,
            Some(VexStatus::Affected) | None if is_waived(verdicts, at) => Self::Waived,
            Some(VexStatus::Affected) | None => Self::Open,
        }
    }

    /// Whether it counts as open.
    #[must_use]
    pub const fn is_open(self) -> bool {
        match self {
            Self::Open | Self::UnderInvestigation => true,
            Self::Fixed | Self::NotAffected | Self::Waived | Self::Suppressed => false,
        }
    }

    /// The status as JSON writes it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::UnderInvestigation => "under_investigation",
            Self::Fixed => "fixed",
            Self::NotAffected => "not_affected",
            Self::Waived => "waived",
            Self::Suppressed => "suppressed",
        }
    }
}

fn is_waived(verdicts: &[Verdict<'_>], at: Timestamp) -> bool {
    let holds = |verdict: &Verdict<'_>| verdict.waiver.as_ref().is_none_or(|waiver| waiver.holds(at));
    let blocks = |verdict: &&Verdict<'_>| match verdict.decision {
        Decision::Fail | Decision::Error => true,
        Decision::Waived => !holds(verdict),
        Decision::Warn | Decision::Pass => false,
    };
    let waived = verdicts.iter().any(|verdict| verdict.decision == Decision::Waived);
    waived && verdicts.iter().find(blocks).is_none()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::{Severity, Suppression, Waiver};
    use crate::testing;

    fn verdict(decision: Decision, expires: Option<i64>) -> Verdict<'static> {
        Verdict {
            subject: None,
            policy_set: "s".into(),
            policy: "p".into(),
            rule: "r".into(),
            decision,
            reason: "".into(),
            evaluated_at: None,
            waiver: expires
                .map(|at| Waiver { expires_at: Some(Timestamp::from_millis(at)), ..Waiver::default() }),
        }
    }

    #[test]
    fn status_follows_suppression_then_vex_then_waivers() {
        let at = Timestamp::from_millis(100);
        let finding = testing::finding(1, Severity::High);
        let status = |verdicts: &[Verdict<'_>]| FindingStatus::of(&finding, None, verdicts, at);
        assert_eq!(status(&[]), FindingStatus::Open);
        assert_eq!(status(&[verdict(Decision::Fail, None)]), FindingStatus::Open);
        assert_eq!(status(&[verdict(Decision::Waived, Some(100))]), FindingStatus::Waived);
        assert_eq!(status(&[verdict(Decision::Waived, Some(99))]), FindingStatus::Open, "expired");
        let both = [verdict(Decision::Waived, None), verdict(Decision::Fail, None)];
        assert_eq!(status(&both), FindingStatus::Open, "another rule still fails");

        let said = |status| Some(testing::assertion(status));
        for (vex, expected) in [
            (VexStatus::NotAffected, FindingStatus::NotAffected),
            (VexStatus::Fixed, FindingStatus::Fixed),
            (VexStatus::UnderInvestigation, FindingStatus::UnderInvestigation),
            (VexStatus::Affected, FindingStatus::Open),
        ] {
            assert_eq!(FindingStatus::of(&finding, said(vex).as_ref(), &[], at), expected);
        }
        let suppressed = Finding { suppression: Some(Suppression::default()), ..finding.clone() };
        let vex = said(VexStatus::Affected);
        assert_eq!(FindingStatus::of(&suppressed, vex.as_ref(), &[], at), FindingStatus::Suppressed);
    }

    #[test]
    fn the_order_is_severity_then_exploitability_then_id() {
        let at = Timestamp::from_millis(0);
        let key = |seed, severity, epss: f64, known| {
            let mut finding = testing::finding(seed, severity);
            testing::set_exploitability(&mut finding, epss, known);
            FindingRecord::join(finding, None, vec![], at).order_key()
        };
        let ordered = [
            key(9, Severity::Critical, 0.0, false),
            key(8, Severity::High, 0.1, true),
            key(7, Severity::High, 0.9, false),
            key(1, Severity::High, 0.1, false),
            key(2, Severity::High, 0.1, false),
            key(0, Severity::Unknown, 0.9, true),
        ];
        assert!(ordered.is_sorted());
    }
}
