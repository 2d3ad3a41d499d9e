//! The property bag of a result: what we know and SARIF has no member for. Its ids, words and numbers are those of every
//! other format.

use export_core::finding::{Component, Decision, Finding, KnownExploited, Probability, Subject, Verdict};
use export_core::record::FindingRecord;
use export_core::time::Timestamp;
use export_render_kit::vex::VexJson;
use serde::Serialize;

use crate::advisory::AdvisoryJson;
use crate::json::Json;
use crate::place::Place;

/// Appends `properties`, with places that are more than the result's reader takes, and with what the record says of its rule
/// unless that is told.
pub(crate) fn write(
    json: &mut Json<'_>,
    record: &FindingRecord<'_>,
    further: &[Place<'_>],
    advisory_is_told: bool,
) {
    let finding = &record.finding;
    json.member(r#","properties":{"findingId":"#, &finding.id);
    json.member(r#","scanId":"#, &finding.scan_id);
    json.member(r#","image":"#, &finding.image);
    json.member(r#","target":"#, &finding.target);
    json.word(r#","findingKind":"#, finding.kind().as_str());
    json.word(r#","severity":"#, finding.severity.as_str());
    json.maybe(r#","severitySource":"#, finding.severity_source.as_deref());
    json.word(r#","status":"#, record.status.as_str());
    likelihood(json, record);
    if let Some(component) = &finding.component {
        self::component(json, component);
    }
    json.word(r#","fix":{"state":"#, finding.fix.state.as_str());
    let versions = finding.fix.is_available().then_some(&*finding.fix.versions);
    json.maybe(r#","versions":"#, versions).raw("}");
    of_kind(json, finding);
    said(json, record);
    if !further.is_empty() {
        let names: Vec<_> = further.iter().map(|place| place.name).collect();
        json.raw(r#","furtherPlaces":"#).value(&names);
    }
    if !advisory_is_told {
        json.raw(r#","advisory":"#).value(&AdvisoryJson::of(finding));
    }
    json.raw("}");
}

fn likelihood(json: &mut Json<'_>, record: &FindingRecord<'_>) {
    if let Some(score) = record.score() {
        json.raw(r#","score":"#).decimal(score.tenths().into(), 1);
    }
    let Some(vulnerability) = record.finding.vulnerability() else { return };
    if let Some(epss) = vulnerability.epss {
        json.raw(r#","epss":{"probability":"#).decimal(epss.probability.steps(), 5);
        if let Some(percentile) = epss.percentile {
            json.raw(r#","percentile":"#).decimal(percentile.steps(), 5);
        }
        json.raw("}");
    }
    if let Some(KnownExploited { added, due, ransomware }) = &vulnerability.known_exploited {
        json.member(r#","knownExploited":{"added":"#, added).maybe(r#","due":"#, due.as_deref());
        json.raw(r#","ransomware":"#).value(ransomware).raw("}");
    }
}

fn component(json: &mut Json<'_>, component: &Component<'_>) {
    json.member(r#","component":{"name":"#, &component.name);
    json.member(r#","version":"#, &component.version);
    json.maybe(r#","purl":"#, component.purl.as_deref());
    json.member(r#","ecosystem":"#, &component.ecosystem).raw("}");
}

/// What only findings of one kind have.
fn of_kind(json: &mut Json<'_>, finding: &Finding<'_>) {
    match &finding.subject {
        Subject::Secret(secret) => {
            json.member(r#","category":"#, &secret.category);
        }
        Subject::Licence(licence) => {
            json.member(r#","category":"#, &licence.category);
            if let Some(confidence) = licence.confidence.map(Probability::steps) {
                json.raw(r#","confidence":"#).decimal(confidence, 5);
            }
        }
        Subject::Vulnerability(_) | Subject::Misconfiguration(_) | Subject::Code(_) => {}
    }
}

/// What others say about it.
fn said(json: &mut Json<'_>, record: &FindingRecord<'_>) {
    if let Some(vex) = &record.vex {
        json.raw(r#","vex":"#).value(&VexJson::of(vex));
    }
    if let Some(decision) = record.decision() {
        let verdicts: Vec<_> = record.verdicts.iter().map(VerdictJson::of).collect();
        json.word(r#","verdict":"#, decision.as_str()).raw(r#","verdicts":"#).value(&verdicts);
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct VerdictJson<'r> {
    policy_set: &'r str,
    policy: &'r str,
    rule: &'r str,
    decision: Decision,
    #[serde(skip_serializing_if = "str::is_empty")]
    reason: &'r str,
    #[serde(skip_serializing_if = "Option::is_none")]
    evaluated_at: Option<Timestamp>,
}

impl<'r> VerdictJson<'r> {
    fn of(it: &'r Verdict<'r>) -> Self {
        Self {
            policy_set: &it.policy_set,
            policy: &it.policy,
            rule: &it.rule,
            decision: it.decision,
            reason: &it.reason,
            evaluated_at: it.evaluated_at,
        }
    }
}
