//! A verdict as a line of `*.verdicts.ndjson`, which a library reads again (`docs/contracts/verdicts.md`).

use export_core::finding::{Decision, Verdict, VerdictSubject, Waiver};
use export_core::time::Timestamp;
use serde::Serialize;

#[derive(Serialize)]
pub(super) struct VerdictJson<'v> {
    scan_id: &'v str,
    #[serde(skip_serializing_if = "Option::is_none")]
    finding: Option<SubjectJson<'v>>,
    policy_set: &'v str,
    policy: &'v str,
    rule: &'v str,
    decision: Decision,
    reason: &'v str,
    #[serde(skip_serializing_if = "Option::is_none")]
    evaluated_at: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    waiver: Option<WaiverJson<'v>>,
}

#[derive(Serialize)]
struct SubjectJson<'v> {
    vulnerability: &'v str,
    purl: &'v str,
    #[serde(skip_serializing_if = "Option::is_none")]
    target: Option<&'v str>,
}

#[derive(Serialize)]
struct WaiverJson<'v> {
    by: &'v str,
    reason: &'v str,
    #[serde(skip_serializing_if = "Option::is_none")]
    expires_at: Option<Timestamp>,
}

impl<'v> VerdictJson<'v> {
    pub(super) fn of(scan: &'v str, it: &'v Verdict<'_>) -> Self {
        let subject = |subject: &'v VerdictSubject<'_>| SubjectJson {
            vulnerability: &subject.vulnerability,
            purl: &subject.purl,
            target: subject.target.as_deref(),
        };
        let waiver = |waiver: &'v Waiver<'_>| WaiverJson {
            by: &waiver.by,
            reason: &waiver.reason,
            expires_at: waiver.expires_at,
        };
        Self {
            scan_id: scan,
            finding: it.subject.as_ref().map(subject),
            policy_set: &it.policy_set,
            policy: &it.policy,
            rule: &it.rule,
            decision: it.decision,
            reason: &it.reason,
            evaluated_at: it.evaluated_at,
            waiver: it.waiver.as_ref().map(waiver),
        }
    }
}
