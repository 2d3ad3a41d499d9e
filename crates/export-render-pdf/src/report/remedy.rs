//! What ends a finding, as an order to whoever reads it.

use export_core::finding::{Finding, FixState, Misconfiguration, Subject};
use export_core::record::FindingRecord;

use super::place::NO_PACKAGE;
use super::upgrade;
use super::words::{NAME, Pen, TEXT};

/// The action that ends the finding, or the best that can be done.
pub(super) fn action(record: &FindingRecord<'_>, pen: &Pen) -> String {
    let finding = &record.finding;
    match &finding.subject {
        Subject::Vulnerability(_) => upgrade_of(finding, pen)
            .or_else(|| pen.copy_some(record.vex.as_ref()?.action.as_deref()?, TEXT))
            .unwrap_or_else(|| without_fix(finding.fix.state).to_owned()),
        Subject::Misconfiguration(check) => correction(check, pen),
        Subject::Secret(_) => "Revoke the credential, then remove it from the image".to_owned(),
        Subject::Licence(licence) => licence_action(&licence.category).to_owned(),
        Subject::Code(_) => upgrade_of(finding, pen).unwrap_or_else(|| "Change the code".to_owned()),
    }
}

/// What stands in a table where a fixed version would.
pub(super) const fn unfixed(state: FixState) -> &'static str {
    match state {
        FixState::WillNotFix => "will not be fixed",
        FixState::Deferred => "fix deferred",
        FixState::EndOfLife => "end of life",
        FixState::NotAffected => "vendor says not affected",
        FixState::Unknown | FixState::Affected | FixState::Fixed | FixState::UnderInvestigation => "no fix",
    }
}

fn upgrade_of(finding: &Finding<'_>, pen: &Pen) -> Option<String> {
    let component = finding.component.as_ref()?;
    let version = upgrade::of_one(&finding.fix.versions, &component.version)?;
    let name = pen.copy_or(&component.name, NAME, NO_PACKAGE);
    Some(format!("Upgrade {name} to {}", pen.copy(&version, NAME)))
}

fn correction(check: &Misconfiguration<'_>, pen: &Pen) -> String {
    pen.copy_or(&check.resolution, TEXT, "Correct the configuration")
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
pub(super) const fn without_fix(state: FixState) -> &'static str {
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
