//! What policies say about a finding.

use export_core::finding::{Decision, Verdict, Waiver};
use export_core::time::Timestamp;
use serde::Serialize;

/// A [`Verdict`] about a finding as JSON.
#[derive(Serialize)]
pub(crate) struct VerdictJson<'r> {
    policy_set: &'r str,
    policy: &'r str,
    rule: &'r str,
    decision: Decision,
    #[serde(skip_serializing_if = "str::is_empty")]
    reason: &'r str,
    #[serde(skip_serializing_if = "Option::is_none")]
    evaluated_at: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    waiver: Option<WaiverJson<'r>>,
}

impl<'r> VerdictJson<'r> {
    pub(crate) fn of(it: &'r Verdict<'r>) -> Self {
        Self {
            policy_set: &it.policy_set,
            policy: &it.policy,
            rule: &it.rule,
            decision: it.decision,
            reason: &it.reason,
            evaluated_at: it.evaluated_at,
            waiver: it.waiver.as_ref().map(WaiverJson::of),
        }
    }
}

#[derive(Serialize)]
struct WaiverJson<'r> {
    #[serde(skip_serializing_if = "str::is_empty")]
    by: &'r str,
    #[serde(skip_serializing_if = "str::is_empty")]
    reason: &'r str,
    #[serde(skip_serializing_if = "Option::is_none")]
    expires_at: Option<Timestamp>,
}

impl<'r> WaiverJson<'r> {
    fn of(it: &'r Waiver<'r>) -> Self {
        Self { by: &it.by, reason: &it.reason, expires_at: it.expires_at }
    }
}
