//! What somebody decided about a finding: VEX statements, suppressions of the scanner, waivers of a policy.

use export_core::finding::{Suppression, VexAssertion, VexStatus, Waiver};
use export_core::record::{FindingRecord, FindingStatus};
use serde_json::{Map, Value, json};

/// The reasons of OpenVEX 0.2.0 ("Status justifications"), and what comes nearest in CycloneDX.
const JUSTIFICATIONS: [(&str, &str); 5] = [
    ("component_not_present", "code_not_present"),
    ("vulnerable_code_not_present", "code_not_present"),
    ("vulnerable_code_not_in_execute_path", "code_not_reachable"),
    ("vulnerable_code_cannot_be_controlled_by_adversary", "requires_environment"),
    ("inline_mitigations_already_exist", "protected_by_mitigating_control"),
];

/// `analysis` of a vulnerability; none if nobody decided anything.
pub(crate) fn analysis(record: &FindingRecord<'_>) -> Option<Value> {
    let finding = &record.finding;
    match (&finding.suppression, &record.vex, record.status) {
        (Some(suppression), _, _) => Some(of_suppression(suppression)),
        (None, Some(vex), status) => Some(of_vex(vex, waiver_of(record, status))),
        (None, None, FindingStatus::Waived) => Some(waived(waiver_of(record, FindingStatus::Waived))),
        (None, None, _) => None,
    }
}

fn of_vex(vex: &VexAssertion<'_>, waiver: Option<&Waiver<'_>>) -> Value {
    let mut analysis = Map::new();
    let state = match vex.status {
        VexStatus::NotAffected => "not_affected",
        VexStatus::Affected => "exploitable",
        VexStatus::Fixed => "resolved",
        VexStatus::UnderInvestigation => "in_triage",
    };
    analysis.insert("state".into(), state.into());
    let nearest = |reason: &str| JUSTIFICATIONS.iter().find(|(open_vex, _)| *open_vex == reason);
    if let Some((_, justification)) = vex.justification.as_deref().and_then(nearest) {
        analysis.insert("justification".into(), (*justification).into());
    }
    if waiver.is_some() {
        analysis.insert("response".into(), json!(["will_not_fix"]));
    }
    let texts = [vex.impact.as_deref(), vex.action.as_deref()].into_iter().flatten().map(str::to_owned);
    let waived = waiver.map(words);
    let author =
        Some(&vex.author).filter(|author| !author.is_empty()).map(|author| format!("Stated by {author}."));
    detail(&mut analysis, texts.chain(author).chain(waived));
    if let Some(at) = vex.timestamp {
        analysis.insert("lastUpdated".into(), at.to_string().into());
    }
    analysis.into()
}

/// A scanner that was told to leave something out says by its own word what that means; `ignored` says nothing of
/// the state.
fn of_suppression(suppression: &Suppression<'_>) -> Value {
    let mut analysis = Map::new();
    let (member, value) = match suppression.status.as_str() {
        "not_affected" => ("state", json!("not_affected")),
        "fixed" => ("state", json!("resolved")),
        "under_investigation" => ("state", json!("in_triage")),
        "affected" => ("state", json!("exploitable")),
        _ => ("response", json!(["will_not_fix"])),
    };
    analysis.insert(member.into(), value);
    let source =
        Some(&suppression.source).filter(|it| !it.is_empty()).map(|it| format!("Suppressed by {it}."));
    detail(&mut analysis, [suppression.reason.to_string()].into_iter().chain(source));
    analysis.into()
}

/// A waiver accepts that a finding stays; it does not say that it does no harm.
fn waived(waiver: Option<&Waiver<'_>>) -> Value {
    let mut analysis = Map::new();
    analysis.insert("state".into(), "exploitable".into());
    analysis.insert("response".into(), json!(["will_not_fix"]));
    detail(&mut analysis, waiver.map(words));
    analysis.into()
}

fn waiver_of<'r>(record: &'r FindingRecord<'_>, status: FindingStatus) -> Option<&'r Waiver<'r>> {
    let waivers = || record.verdicts.iter().find_map(|verdict| verdict.waiver.as_ref());
    (status == FindingStatus::Waived).then(waivers).flatten()
}

fn words(waiver: &Waiver<'_>) -> String {
    let until = waiver.expires_at.map_or_else(String::new, |at| format!(" until {at}"));
    let by = if waiver.by.is_empty() { String::new() } else { format!(" by {}", waiver.by) };
    let reason = if waiver.reason.is_empty() { String::new() } else { format!(": {}", waiver.reason) };
    format!("Accepted{by}{until}{reason}")
}

fn detail(analysis: &mut Map<String, Value>, texts: impl IntoIterator<Item = String>) {
    let texts: Vec<String> = texts.into_iter().filter(|text| !text.is_empty()).collect();
    if !texts.is_empty() {
        analysis.insert("detail".into(), texts.join("\n\n").into());
    }
}
