//! What ends a finding, as an order to whoever reads it. Every format says it in these words.

use export_core::finding::{Component, Finding, FixState, Misconfiguration, Subject};
use export_core::record::FindingRecord;

use crate::upgrade;

/// What to say of a package without a name.
const NO_PACKAGE: &str = "no package named";

/// How much room a text of a finding needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Room {
    /// A package or a version.
    Name,
    /// A sentence or more.
    Text,
}

/// The step that ends a finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upgrade<'r> {
    /// The package.
    pub package: &'r str,
    /// The installed version; empty if unknown.
    pub from: &'r str,
    /// The version to upgrade to.
    pub to: String,
}

impl<'r> Upgrade<'r> {
    /// The smallest certain step for `finding`; none without a component and a fixed version.
    #[must_use]
    pub fn of(finding: &'r Finding<'_>) -> Option<Self> {
        let Component { name, version, .. } = finding.component.as_ref()?;
        let to = upgrade::of_one(&finding.fix.versions, version)?;
        Some(Self { package: name, from: version, to })
    }
}

/// Each version that ends `finding`, as the scanner writes it.
pub fn fixed_versions<'r>(finding: &'r Finding<'_>) -> impl Iterator<Item = &'r str> {
    finding.fix.versions.split(',').map(str::trim).filter(|version| !version.is_empty())
}

/// Where to read on: the page to read first, then the others.
pub fn references<'r>(finding: &'r Finding<'_>) -> impl Iterator<Item = &'r str> {
    let primary = finding.primary_url.as_deref();
    let further = finding.references.iter().map(|link| &**link).filter(move |link| Some(*link) != primary);
    primary.into_iter().chain(further).filter(|link| !link.trim().is_empty())
}

/// The action that ends the finding, or the best that can be done. `copy` copies texts of the finding into the room that
/// there is.
pub fn action(record: &FindingRecord<'_>, copy: &dyn Fn(&str, Room) -> String) -> String {
    let finding = &record.finding;
    let stated = || record.vex.as_ref()?.action.as_deref().filter(|action| !action.trim().is_empty());
    match &finding.subject {
        Subject::Vulnerability(_) => upgrade_of(finding, copy)
            .or_else(|| stated().map(|action| copy(action, Room::Text)))
            .unwrap_or_else(|| without_fix(finding.fix.state).to_owned()),
        Subject::Misconfiguration(check) => correction(check, copy),
        Subject::Secret(_) => "Revoke the credential, then remove it from the image".to_owned(),
        Subject::Licence(licence) => licence_action(&licence.category).to_owned(),
        Subject::Code(code) => upgrade_of(finding, copy)
            .or_else(|| Some(&*code.guard.as_ref()?.resolution).and_then(|text| some(text, Room::Text, copy)))
            .unwrap_or_else(|| "Change the code".to_owned()),
    }
}

fn upgrade_of(finding: &Finding<'_>, copy: &dyn Fn(&str, Room) -> String) -> Option<String> {
    let Upgrade { package, to, .. } = Upgrade::of(finding)?;
    let name = some(package, Room::Name, copy).unwrap_or_else(|| NO_PACKAGE.to_owned());
    Some(format!("Upgrade {name} to {}", copy(&to, Room::Name)))
}

fn correction(check: &Misconfiguration<'_>, copy: &dyn Fn(&str, Room) -> String) -> String {
    some(&check.resolution, Room::Text, copy).unwrap_or_else(|| "Correct the configuration".to_owned())
}

fn some(text: &str, room: Room, copy: &dyn Fn(&str, Room) -> String) -> Option<String> {
    (!text.trim().is_empty()).then(|| copy(text, room))
}

/// Classes of licences as Trivy and Google's licence classifier name them.
fn licence_action(category: &str) -> &'static str {
    match category {
        "notice" | "permissive" | "unencumbered" => "Keep its notices with the product",
        "reciprocal" => "Publish changes of the component as its licence asks",
        "unknown" => "Find out what the licence asks for",
        _ => "Replace the component, or have its licence approved",
    }
}

/// What can be done where no version ends a vulnerability.
#[must_use]
pub const fn without_fix(state: FixState) -> &'static str {
    match state {
        FixState::WillNotFix => "The vendor will not fix it: replace the package, or limit its reach",
        FixState::EndOfLife => "The version is no longer supported: move to one that is",
        FixState::Deferred => "The vendor fixes it later: limit its reach until then",
        FixState::UnderInvestigation => "The vendor looks into it: limit its reach until then",
        FixState::NotAffected => "The vendor says that it is not affected: check, and state it as VEX",
        FixState::Unknown | FixState::Affected | FixState::Fixed => {
            "No fix yet: limit its reach, or replace the package"
        }
    }
}
