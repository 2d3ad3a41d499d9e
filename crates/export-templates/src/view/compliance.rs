//! Rules, what breaks them, and who accepted that.

use serde::{Deserialize, Serialize};

use super::Verdict;

/// What policies come to. A waiver that has run out counts as the failure that it waived, everywhere.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Compliance {
    /// The share of verdicts that allow, by [`crate::format::share`]; a dash without verdicts.
    pub share: String,
    /// Verdicts that allow: passed, warned of, or waived for now.
    pub allowing: u64,
    /// All verdicts, which `share` is of.
    pub verdicts: u64,
    /// Scans that keep every rule they were asked about.
    pub compliant: u64,
    /// Scans that any rule was asked about.
    pub evaluated: u64,
    /// Scans that no rule was asked about: neither compliant nor not.
    pub unevaluated: u64,
    /// The policy sets by name, each with all its rules.
    pub sets: Vec<PolicySet>,
    /// Rules that are broken or could not be evaluated, those that break most first, with what breaks them.
    pub broken: Vec<BrokenRule>,
    /// Accepted failures, those that have run out first, then by their end.
    pub waivers: Vec<WaiverRow>,
    /// All accepted failures, listed or not.
    pub waivers_total: u64,
    /// Scans that are not compliant first, then by image.
    pub images: Vec<ImageCompliance>,
    /// How many more scans are left out of `images`.
    pub more_images: u64,
}

/// Verdicts by decision.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    /// Refused.
    pub fail: u64,
    /// Could not be decided.
    pub error: u64,
    /// Allowed, with a warning.
    pub warn: u64,
    /// Refused, but someone accepted it, and that still holds.
    pub waived: u64,
    /// Allowed.
    pub pass: u64,
}

/// A policy set with its rules.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PolicySet {
    /// Its name.
    pub name: String,
    /// Its verdicts.
    pub tally: Tally,
    /// The share of its verdicts that allow.
    pub share: String,
    /// Its rules: those that refuse most first.
    pub rules: Vec<RuleRow>,
}

/// What one rule decided.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RuleRow {
    /// The policy that it belongs to.
    pub policy: String,
    /// Its name.
    pub rule: String,
    /// Its verdicts.
    pub tally: Tally,
    /// Scans in which it is broken or could not be evaluated.
    pub failing_scans: u64,
}

/// A rule that is not kept, with what does not keep it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct BrokenRule {
    /// The set that it belongs to.
    pub set: String,
    /// The policy that it belongs to.
    pub policy: String,
    /// Its name.
    pub rule: String,
    /// Its verdicts.
    pub tally: Tally,
    /// Scans in which it is broken or could not be evaluated.
    pub failing_scans: u64,
    /// Verdicts of it that refuse, could not be decided or warn, listed or not.
    pub total: u64,
    /// Those that are listed: refusals first, then by image.
    pub rows: Vec<VerdictRow>,
}

/// One verdict that does not simply allow.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct VerdictRow {
    /// What it comes to.
    pub decision: Verdict,
    /// The image.
    pub image: String,
    /// The finding that it is about: its id; `None` for a verdict about the whole image.
    pub id: Option<String>,
    /// The component, for example `openssl 3.0.11`.
    pub component: Option<String>,
    /// Why, in the engine's words.
    pub reason: String,
    /// What was accepted and has run out, for example `waiver by R. Okafor ran out on 2026-10-01`.
    pub note: Option<String>,
}

/// One accepted failure.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct WaiverRow {
    /// Whether it has run out, so that the verdict counts as failed.
    pub ended: bool,
    /// The rule that is broken, with its policy.
    pub rule: String,
    /// The image.
    pub image: String,
    /// The finding that it is about: its id; `None` for a verdict about the whole image.
    pub id: Option<String>,
    /// The component, for example `openssl 3.0.11`.
    pub component: Option<String>,
    /// Who accepted it.
    pub who: Option<String>,
    /// Why.
    pub why: Option<String>,
    /// Until when, by [`crate::format::date`], or `no end`.
    pub until: String,
}

/// One scan's verdicts.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ImageCompliance {
    /// The image's reference.
    pub name: String,
    /// Its digest, by [`crate::format::short_digest`].
    pub digest: Option<String>,
    /// Its verdicts.
    pub tally: Tally,
    /// `compliant`, `not compliant`, or `not evaluated`.
    pub state: String,
}
