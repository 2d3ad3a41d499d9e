//! Why a result needs no action (section 3.35): the scanner, a VEX statement or a policy's waiver says so.
//!
//! Readers disagree on a result of which one suppression is accepted and another one is not. There are none such here: a
//! result that does not count as open has accepted suppressions only, one that is open has none or is under review.

use export_core::finding::{Decision, Suppression, Verdict, VexAssertion, VexStatus};
use export_core::record::{FindingRecord, FindingStatus};
use export_core::text::Text;
use export_core::time::Timestamp;
use serde::Serialize;

/// `suppression`.
#[derive(Debug, PartialEq, Serialize)]
pub(crate) struct SuppressionJson<'r> {
    kind: &'static str,
    status: &'static str,
    justification: String,
    properties: PropertiesJson<'r>,
}

/// Who says so.
#[derive(Debug, PartialEq, Serialize)]
struct PropertiesJson<'r> {
    source: &'static str,
    #[serde(skip_serializing_if = "str::is_empty")]
    by: &'r str,
    #[serde(skip_serializing_if = "Option::is_none", rename = "expiresAt")]
    expires_at: Option<Timestamp>,
}

/// All that applies at `taken_at`, each once.
pub(crate) fn suppressions<'r>(
    record: &'r FindingRecord<'r>,
    taken_at: Timestamp,
) -> Vec<SuppressionJson<'r>> {
    let vex = record.vex.as_ref();
    match record.status {
        FindingStatus::Open => vec![],
        FindingStatus::UnderInvestigation => vex.map(|vex| of_vex(vex, "underReview")).into_iter().collect(),
        FindingStatus::Fixed
        | FindingStatus::NotAffected
        | FindingStatus::Waived
        | FindingStatus::Suppressed => {
            let scanner = record.finding.suppression.as_ref().map(of_scanner);
            let closes =
                |vex: &&VexAssertion<'_>| matches!(vex.status, VexStatus::NotAffected | VexStatus::Fixed);
            let vex = vex.filter(closes).map(|vex| of_vex(vex, "accepted"));
            let mut all: Vec<_> = scanner.into_iter().chain(vex).collect();
            for waiver in record.verdicts.iter().filter_map(|verdict| of_waiver(verdict, taken_at)) {
                if !all.contains(&waiver) {
                    all.push(waiver);
                }
            }
            all
        }
    }
}

fn of_scanner<'r>(suppression: &'r Suppression<'r>) -> SuppressionJson<'r> {
    let parts = ["The scanner was told to leave it out", &suppression.status, &suppression.reason];
    accepted("scanner", &suppression.source, words(&parts))
}

fn of_vex<'r>(vex: &'r VexAssertion<'r>, status: &'static str) -> SuppressionJson<'r> {
    let lead = match vex.status {
        VexStatus::NotAffected => "VEX: not affected",
        VexStatus::Fixed => "VEX: fixed",
        VexStatus::UnderInvestigation => "VEX: under investigation",
        VexStatus::Affected => "VEX: affected",
    };
    let text = |part: &'r Option<Text<'r>>| part.as_deref().unwrap_or_default();
    let parts = [lead, text(&vex.justification), text(&vex.impact)];
    SuppressionJson { status, ..accepted("vex", &vex.author, words(&parts)) }
}

fn of_waiver<'r>(verdict: &'r Verdict<'r>, taken_at: Timestamp) -> Option<SuppressionJson<'r>> {
    let lead = format!("Waived: {} / {}", verdict.policy_set, verdict.policy);
    if verdict.decision != Decision::Waived {
        return None;
    }
    let Some(waiver) = &verdict.waiver else {
        return Some(accepted("policy", "", words(&[&lead, &verdict.rule, &verdict.reason])));
    };
    let mut told = accepted("policy", &waiver.by, words(&[&lead, &verdict.rule, &waiver.reason]));
    told.properties.expires_at = waiver.expires_at;
    waiver.holds(taken_at).then_some(told)
}

fn accepted<'r>(source: &'static str, by: &'r str, justification: String) -> SuppressionJson<'r> {
    let properties = PropertiesJson { source, by, expires_at: None };
    SuppressionJson { kind: "external", status: "accepted", justification, properties }
}

fn words(parts: &[&str]) -> String {
    parts.iter().filter(|part| !part.trim().is_empty()).copied().collect::<Vec<_>>().join(": ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use export_contract::corpus::{AT, records};

    #[test]
    fn suppressed_is_what_does_not_count_as_open() {
        let mut seen = [0; 6];
        for record in records(3_000) {
            let suppressions = suppressions(&record, AT);
            let accepted = suppressions.iter().filter(|it| it.status == "accepted").count();
            let under_review = suppressions.len() - accepted;
            assert_eq!(accepted > 0, !record.status.is_open(), "{record:?}");
            assert_eq!(under_review > 0, record.status == FindingStatus::UnderInvestigation, "{record:?}");
            seen[record.status as usize] += 1;
        }
        assert!(seen.iter().all(|count| *count > 0), "{seen:?}");
    }
}
