//! The property bag of a result: what we know and SARIF has no member for. Its ids, words and numbers are those of every
//! other format.

use export_core::finding::{
    Attribution, CodeGuard, CodeWeakness, Component, Decision, Finding, KnownExploited, Probability, Subject,
    Verdict,
};
use export_core::record::{BaselineChange, FindingRecord};
use export_core::time::Timestamp;
use export_render_kit::remedy::{self, Upgrade};
use export_render_kit::vex::VexJson;
use serde::Serialize;

use crate::advisory::AdvisoryJson;
use crate::json::Json;
use crate::place::Place;
use crate::result::Frame;

/// Appends `properties`, with places that are more than the result's reader takes, and with what the record says of its rule
/// unless that is told.
pub(crate) fn write(
    json: &mut Json<'_>,
    record: &FindingRecord<'_>,
    further: &[Place<'_>],
    frame: &Frame<'_>,
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
    before(json, record.change);
    likelihood(json, record);
    if let Some(component) = &finding.component {
        self::component(json, component);
    }
    json.word(r#","fix":{"state":"#, finding.fix.state.as_str());
    let versions = finding.fix.is_available().then_some(&*finding.fix.versions);
    json.maybe(r#","versions":"#, versions).raw("}");
    if frame.include_remediation {
        remediation(json, record);
    }
    of_kind(json, finding);
    said(json, record);
    if !further.is_empty() {
        let names: Vec<_> = further.iter().map(|place| place.name).collect();
        json.raw(r#","furtherPlaces":"#).value(&names);
    }
    if !frame.advisory_is_told {
        json.raw(r#","advisory":"#).value(&AdvisoryJson::of(finding));
    }
    json.raw("}");
}

/// What it was in the baseline, a member for each thing that changed; a VEX status of null if there was no statement.
fn before(json: &mut Json<'_>, change: BaselineChange) {
    let BaselineChange { severity_before, status_before, vex_before, still_elsewhere } = change;
    if let Some(severity) = severity_before {
        json.word(r#","severityBefore":"#, severity.as_str());
    }
    if let Some(status) = status_before {
        json.word(r#","statusBefore":"#, status.as_str());
    }
    match vex_before {
        Some(Some(vex)) => json.word(r#","vexBefore":"#, vex.as_str()),
        Some(None) => json.raw(r#","vexBefore":null"#),
        None => json,
    };
    if still_elsewhere {
        json.raw(r#","stillElsewhere":true"#);
    }
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

/// What to do. It is no `fix` of the standard (section 3.55), which is a change of a file; links stand in the rule's help.
fn remediation(json: &mut Json<'_>, record: &FindingRecord<'_>) {
    let action = remedy::action(record, &|text, _| text.to_owned());
    json.member(r#","remediation":{"action":"#, &action);
    let versions: Vec<_> = remedy::fixed_versions(&record.finding).collect();
    if !versions.is_empty() {
        json.raw(r#","fixedVersions":"#).value(&versions);
    }
    if let Some(Upgrade { package, from, to }) = Upgrade::of(&record.finding) {
        json.member(r#","upgrade":{"package":"#, package);
        json.maybe(r#","from":"#, Some(from).filter(|from| !from.is_empty()));
        json.member(r#","to":"#, &to).raw("}");
    }
    json.raw("}");
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
        Subject::Code(CodeWeakness { guard: Some(guard), .. }) => self::guard(json, guard),
        Subject::Vulnerability(_) | Subject::Misconfiguration(_) | Subject::Code(_) => {}
    }
}

/// What a guard of AI-written code knows.
fn guard(json: &mut Json<'_>, guard: &CodeGuard<'_>) {
    let some = |text: &'_ str| !text.is_empty();
    json.member(r#","category":"#, &guard.category);
    if let Some(confidence) = guard.confidence {
        json.raw(r#","confidence":"#).decimal(confidence.steps(), 5);
    }
    json.maybe(r#","snippetSha256":"#, guard.snippet_sha256.as_deref());
    if let Some(Attribution { model, session, share }) = &guard.attribution {
        json.maybe(r#","model":"#, Some(&**model).filter(|it| some(it)));
        json.maybe(r#","session":"#, session.as_deref());
        if let Some(share) = share {
            json.raw(r#","modelShare":"#).decimal(share.steps(), 5);
        }
    }
    json.maybe(r#","repository":"#, Some(&*guard.repository).filter(|it| some(it)));
    json.maybe(r#","guardId":"#, Some(&*guard.id).filter(|it| some(it)));
    json.maybe(r#","resolution":"#, Some(&*guard.resolution).filter(|it| some(it)));
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
