//! One verdict as it was read, and what it comes to now.

use export_core::compliance::standing;
use export_core::finding::{Decision, Verdict, VerdictSubject, Waiver};
use export_core::time::Timestamp;
use serde::Serialize;

/// A [`Verdict`] of a scan as JSON.
#[derive(Serialize)]
pub(super) struct VerdictJson<'r> {
    scan_id: &'r str,
    image: &'r str,
    policy_set: &'r str,
    policy: &'r str,
    rule: &'r str,
    decision: Decision,
    standing: Decision,
    /// Left out for a verdict about the whole scan.
    #[serde(skip_serializing_if = "Option::is_none")]
    finding: Option<SubjectJson<'r>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    evaluated_at: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    waiver: Option<WaiverJson<'r>>,
    #[serde(skip_serializing_if = "str::is_empty")]
    reason: &'r str,
}

#[derive(Serialize)]
struct SubjectJson<'r> {
    rule_id: &'r str,
    #[serde(skip_serializing_if = "str::is_empty")]
    purl: &'r str,
    #[serde(skip_serializing_if = "Option::is_none")]
    target: Option<&'r str>,
}

#[derive(Serialize)]
struct WaiverJson<'r> {
    #[serde(skip_serializing_if = "str::is_empty")]
    by: &'r str,
    #[serde(skip_serializing_if = "str::is_empty")]
    reason: &'r str,
    #[serde(skip_serializing_if = "Option::is_none")]
    expires_at: Option<Timestamp>,
    expired: bool,
}

impl<'r> VerdictJson<'r> {
    /// `verdict`, read for the scan `scan_id` of `image`, as it stands `at` a time.
    pub(super) fn of(scan_id: &'r str, image: &'r str, verdict: &'r Verdict<'r>, at: Timestamp) -> Self {
        Self {
            scan_id,
            image,
            policy_set: &verdict.policy_set,
            policy: &verdict.policy,
            rule: &verdict.rule,
            decision: verdict.decision,
            standing: standing(verdict, at),
            finding: verdict.subject.as_ref().map(SubjectJson::of),
            evaluated_at: verdict.evaluated_at,
            waiver: verdict.waiver.as_ref().map(|waiver| WaiverJson::of(waiver, at)),
            reason: &verdict.reason,
        }
    }
}

impl<'r> SubjectJson<'r> {
    fn of(it: &'r VerdictSubject<'r>) -> Self {
        Self { rule_id: &it.vulnerability, purl: &it.purl, target: it.target.as_deref() }
    }
}

impl<'r> WaiverJson<'r> {
    fn of(it: &'r Waiver<'r>, at: Timestamp) -> Self {
        Self { by: &it.by, reason: &it.reason, expires_at: it.expires_at, expired: !it.holds(at) }
    }
}
