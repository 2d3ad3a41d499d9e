//! Policy verdicts: what a rule decided.

use serde::{Deserialize, Serialize};

use crate::text::Text;
use crate::time::Timestamp;

/// What one rule of a policy decided, about a finding or about the whole scan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verdict<'a> {
    /// The finding it is about; absent for a verdict about the whole scan.
    #[serde(borrow)]
    pub subject: Option<VerdictSubject<'a>>,
    /// The set that the policy belongs to.
    #[serde(borrow)]
    pub policy_set: Text<'a>,
    /// The policy.
    #[serde(borrow)]
    pub policy: Text<'a>,
    /// The rule of the policy.
    #[serde(borrow)]
    pub rule: Text<'a>,
    /// What was decided.
    pub decision: Decision,
    /// Why, in the engine's words.
    #[serde(borrow)]
    pub reason: Text<'a>,
    /// When.
    pub evaluated_at: Option<Timestamp>,
    /// Present if somebody accepted the failure.
    #[serde(borrow)]
    pub waiver: Option<Waiver<'a>>,
}

/// Which finding a verdict is about.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct VerdictSubject<'a> {
    /// The vulnerability's id, or the rule's for other kinds of findings.
    #[serde(borrow)]
    pub vulnerability: Text<'a>,
    /// The component's package URL; empty for findings without a component.
    #[serde(borrow)]
    pub purl: Text<'a>,
    /// The part of the artifact; all parts if absent.
    #[serde(borrow)]
    pub target: Option<Text<'a>>,
}

/// What a rule decides; the worst sorts first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Decision {
    /// The rule is broken.
    Fail,
    /// The rule could not be evaluated.
    Error,
    /// The rule is broken, which is tolerated.
    Warn,
    /// The rule is broken, and somebody accepted it.
    Waived,
    /// The rule is kept.
    Pass,
}

impl Decision {
    /// Every decision, worst first.
    pub const ALL: [Self; 5] = [Self::Fail, Self::Error, Self::Warn, Self::Waived, Self::Pass];

    /// The decision as JSON writes it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Fail => "fail",
            Self::Error => "error",
            Self::Warn => "warn",
            Self::Waived => "waived",
            Self::Pass => "pass",
        }
    }
}

/// Who accepted a broken rule.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waiver<'a> {
    /// Who.
    #[serde(borrow)]
    pub by: Text<'a>,
    /// Why.
    #[serde(borrow)]
    pub reason: Text<'a>,
    /// Until when; for ever if absent.
    pub expires_at: Option<Timestamp>,
}

impl Waiver<'_> {
    /// Whether the waiver still holds at `at`.
    #[must_use]
    pub fn holds(&self, at: Timestamp) -> bool {
        self.expires_at.is_none_or(|end| at <= end)
    }
}
