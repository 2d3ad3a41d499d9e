//! The `developer-sarif` template: every word of messages and help. Its digest is that of this file.

use std::fmt::Write as _;

use export_core::digest::Digest;
use export_core::finding::{Finding, FindingKind, FixState, Subject, VexStatus};
use export_core::manifest::TemplateRecord;
use export_core::record::FindingRecord;

use crate::escape;
use crate::place::Place;
use crate::severity::guard;
use crate::uri;

/// The one template.
pub(crate) const NAME: &str = "developer-sarif";
/// Links in help; all of them stand in the rule's properties.
const LINKS: usize = 20;
/// Further places in a message; all of them are related locations.
const PLACES: usize = 10;

/// The template as manifests name it.
pub(crate) fn template() -> TemplateRecord {
    TemplateRecord { name: NAME.to_owned(), digest: Digest::of(include_bytes!("texts.rs")) }
}

/// Appends what a result says: what it is, where it is, how it ends.
pub(crate) fn message(out: &mut String, record: &FindingRecord<'_>, places: &[Place<'_>]) {
    let finding = &record.finding;
    escape::message(out, rule_id(finding));
    out.push_str(" (");
    rated(out, record);
    out.push_str(if record.is_known_exploited() { ", known exploited)" } else { ")" });
    if let Some(component) = &finding.component {
        out.push_str(" in ");
        escape::message(out, &component.name);
        spaced(out, &component.version, escape::message);
    }
    out.push_str(": ");
    sentence(out, title(finding));
    let specific = specific(finding);
    if !specific.trim().is_empty() && *specific != *finding.title {
        out.push(' ');
        sentence(out, specific);
    }
    found(out, finding, places);
    written(out, finding);
    out.push(' ');
    match action(record) {
        Some(action) => sentence(out, action),
        None => end(out, finding, escape::message),
    }
}

/// What a VEX statement says is to be done, or the guard that found it.
fn action<'r>(record: &'r FindingRecord<'_>) -> Option<&'r str> {
    let affected = record.vex.as_ref().filter(|vex| vex.status == VexStatus::Affected);
    let stated = affected.and_then(|vex| vex.action.as_deref());
    let advised = guard(&record.finding).map(|guard| &*guard.resolution);
    stated.into_iter().chain(advised).find(|action| !action.trim().is_empty())
}

/// Who wrote the code, and how sure the guard is.
fn written(out: &mut String, finding: &Finding<'_>) {
    let Some(guard) = guard(finding) else { return };
    if let Some(attribution) = guard.attribution.as_ref().filter(|it| !it.model.trim().is_empty()) {
        out.push_str(" Written by ");
        escape::message(out, &attribution.model);
        out.push('.');
    }
    if let Some(confidence) = guard.confidence {
        let _ = write!(out, " The guard is {} % sure.", (confidence.steps() + 500) / 1_000);
    }
}

fn found(out: &mut String, finding: &Finding<'_>, places: &[Place<'_>]) {
    let (first, further) = places.split_first().expect("a finding is somewhere");
    out.push_str(" Found in ");
    escape::message(out, first.name);
    if let Some(line) = first.start_line {
        let _ = write!(out, ", line {line}");
    }
    if !first.name.starts_with(uri::repository(&finding.image)) {
        out.push_str(", in ");
        escape::message(out, &finding.image);
    }
    for (number, place) in further.iter().take(PLACES).enumerate() {
        out.push_str(if number == 0 { "; also in [" } else { ", [" });
        escape::link_text(out, place.name);
        let _ = write!(out, "]({})", number + 1);
    }
    if further.len() > PLACES {
        let _ = write!(out, " and {} more places", further.len() - PLACES);
    }
    out.push('.');
}

/// How a finding ends.
fn end(out: &mut String, finding: &Finding<'_>, escape: fn(&mut String, &str)) {
    if finding.fix.is_available() {
        out.push_str("Upgrade to ");
        escape(out, &finding.fix.versions);
        return out.push('.');
    }
    out.push_str(match (finding.kind(), finding.fix.state) {
        (FindingKind::Misconfiguration | FindingKind::Code, _) => "Change the place that is named.",
        (FindingKind::Secret, _) => "Revoke the credential, then remove it, from the history too.",
        (FindingKind::Licence, _) => "Have the licence approved, or replace the component.",
        (FindingKind::Vulnerability, FixState::Fixed) => {
            "There is a fix; the scanner does not name its version."
        }
        (FindingKind::Vulnerability, FixState::UnderInvestigation) => {
            "There is no fix yet: the vendor looks into it."
        }
        (FindingKind::Vulnerability, FixState::WillNotFix) => {
            "The vendor will not fix it: replace the component, or mitigate it."
        }
        (FindingKind::Vulnerability, FixState::Deferred) => {
            "The vendor fixes it later: mitigate it until then."
        }
        (FindingKind::Vulnerability, FixState::EndOfLife) => {
            "The version is no longer supported: move to one that is."
        }
        (FindingKind::Vulnerability, FixState::NotAffected) => "The vendor says that it is not affected.",
        (FindingKind::Vulnerability, FixState::Unknown | FixState::Affected) => "There is no fix so far.",
    });
}

/// Appends a rule's one line.
pub(crate) fn short(out: &mut String, finding: &Finding<'_>) {
    escape::plain_line(out, title(finding));
}

/// Appends what a rule is about.
pub(crate) fn full(out: &mut String, finding: &Finding<'_>) {
    let told = !finding.description.trim().is_empty();
    escape::plain(out, if told { &finding.description } else { title(finding) });
}

/// Appends a rule's help as plain text.
pub(crate) fn help_text(out: &mut String, record: &FindingRecord<'_>) {
    let finding = &record.finding;
    escape::plain_line(out, rule_id(finding));
    out.push_str(": ");
    escape::plain_line(out, title(finding));
    out.push_str("\n\nSeverity: ");
    severity(out, record);
    out.push_str("\nAffected: ");
    affected(out, finding, escape::plain_line);
    out.push_str("\nWhat to do: ");
    end(out, finding, escape::plain_line);
    resolution(out, finding, escape::plain);
    out.push_str(OWN);
    for link in links(finding) {
        out.push('\n');
        escape::plain_line(out, link);
    }
}

/// Appends a rule's help as GitHub Flavored Markdown.
pub(crate) fn help_markdown(out: &mut String, record: &FindingRecord<'_>) {
    let finding = &record.finding;
    out.push_str("**");
    escape::markdown_line(out, rule_id(finding).trim());
    out.push_str("**: ");
    escape::markdown_line(out, title(finding));
    out.push_str("\n\n| Severity | Affected | What to do |\n| --- | --- | --- |\n| ");
    severity(out, record);
    out.push_str(" | ");
    affected(out, finding, escape::markdown_line);
    out.push_str(" | ");
    end(out, finding, escape::markdown_line);
    out.push_str(" |\n\n");
    escape::markdown(out, &finding.description);
    resolution(out, finding, escape::markdown);
    out.push_str(OWN);
    for link in links(finding) {
        out.push_str("\n- ");
        if uri::is_web_address(link) {
            let _ = write!(out, "<{link}>");
        } else {
            escape::markdown_line(out, link);
        }
    }
}

const OWN: &str = "\n\nThis is told of the most severe result of the rule. Each result names its own component, place and remedy.\n";

fn severity(out: &mut String, record: &FindingRecord<'_>) {
    rated(out, record);
    if let Some(epss) = record.epss() {
        let _ = write!(out, ", EPSS {}", epss.as_f64());
    }
    out.push_str(if record.is_known_exploited() { ", known exploited" } else { "" });
}

fn rated(out: &mut String, record: &FindingRecord<'_>) {
    out.push_str(record.finding.severity.as_str());
    if let Some(score) = record.score() {
        let _ = write!(out, ", CVSS {score}");
    }
}

fn affected(out: &mut String, finding: &Finding<'_>, escape: fn(&mut String, &str)) {
    match &finding.component {
        None => escape(out, &finding.target),
        Some(component) => {
            escape(out, &component.name);
            spaced(out, &component.version, escape);
            if !component.ecosystem.is_empty() {
                out.push_str(" (");
                escape(out, &component.ecosystem);
                out.push(')');
            }
        }
    }
}

fn resolution(out: &mut String, finding: &Finding<'_>, escape: fn(&mut String, &str)) {
    let resolution = match &finding.subject {
        Subject::Misconfiguration(check) => &*check.resolution,
        _ => guard(finding).map_or("", |guard| &guard.resolution),
    };
    if !resolution.trim().is_empty() {
        out.push_str("\n\n");
        escape(out, resolution);
    }
}

fn links<'f>(finding: &'f Finding<'_>) -> impl Iterator<Item = &'f str> {
    let primary = finding.primary_url.as_deref();
    let further = finding.references.iter().map(|link| &**link).filter(move |link| Some(*link) != primary);
    primary.into_iter().chain(further).filter(|link| !link.trim().is_empty()).take(LINKS)
}

/// The rule's id; a scanner that names none gets the kind.
pub(crate) fn rule_id<'f>(finding: &'f Finding<'_>) -> &'f str {
    match finding.rule() {
        "" => finding.kind().as_str(),
        rule => rule,
    }
}

fn title<'f>(finding: &'f Finding<'_>) -> &'f str {
    if !finding.title.trim().is_empty() {
        return &finding.title;
    }
    match finding.kind() {
        FindingKind::Vulnerability => "Known vulnerability",
        FindingKind::Misconfiguration => "Misconfiguration",
        FindingKind::Secret => "Exposed credential",
        FindingKind::Licence => "Restricted licence",
        FindingKind::Code => "Weakness in source code",
    }
}

/// What only this place does wrong.
fn specific<'f>(finding: &'f Finding<'_>) -> &'f str {
    match &finding.subject {
        Subject::Misconfiguration(check) => &check.message,
        Subject::Code(weakness) => &weakness.message,
        Subject::Secret(secret) => &secret.masked,
        Subject::Licence(licence) => &licence.category,
        Subject::Vulnerability(_) => "",
    }
}

/// A rule's name for people (section 3.49.7).
pub(crate) const fn rule_name(kind: FindingKind) -> &'static str {
    match kind {
        FindingKind::Vulnerability => "VulnerableComponent",
        FindingKind::Misconfiguration => "Misconfiguration",
        FindingKind::Secret => "ExposedSecret",
        FindingKind::Licence => "RestrictedLicence",
        FindingKind::Code => "CodeWeakness",
    }
}

fn sentence(out: &mut String, text: &str) {
    escape::message(out, text);
    if !out.ends_with(['.', '!', '?']) {
        out.push('.');
    }
}

fn spaced(out: &mut String, text: &str, escape: fn(&mut String, &str)) {
    if !text.is_empty() {
        out.push(' ');
        escape(out, text);
    }
}
