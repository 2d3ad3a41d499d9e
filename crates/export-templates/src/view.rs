//! What a report template gets to see: plain values, in the order in which a report tells them.
//!
//! Strings are final text, formatted by [`crate::format`] where that is policy (times, digests,
//! percentages). They may hold anything: templates escape them. Counts are numbers, so that templates can
//! choose singular and plural. An absent value is `None`, never an empty string.

mod changes;
mod compliance;
mod detail;
mod evidence;
mod glance;
mod history;
mod remediation;
mod sample;
mod values;
mod vulnerabilities;

pub use changes::{ChangePart, ChangeRow, Changes};
pub use compliance::{
    BrokenRule, Compliance, ImageCompliance, PolicySet, RuleRow, Tally, VerdictRow, WaiverRow,
};
pub use detail::{
    DetailTable, FindingRow, ImageDetail, NotOpenGroup, NotOpenRow, OtherGroup, OtherRow, PackageBlock,
    ROWS_PER_TABLE, Verdict, VexStatus,
};
pub use evidence::{Evidence, Said, Seal, SealedFile};
pub use glance::{Change, Figure, Glance, Trend};
pub use history::{History, ImageRow, ScanRow};
pub use remediation::{Remaining, Remediation, Upgrade};
pub use values::{Link, LogoImage, Misplaced, Picture};
pub use vulnerabilities::{AffectedComponent, Count, Vulnerabilities, VulnerabilityRow};

use export_render_kit::brand::Accent;
use export_render_kit::charts::Mark;
use serde::{Deserialize, Serialize};

/// A report, from its title to its proof.
///
/// One view serves every type of report. Sections that a type or a template does not show are `None` or empty, and were
/// not gathered: which ones is decided where the view is made, not in the templates.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ReportView {
    /// The type as requests name it: `scan_report`, `vulnerability_report`, `scan_summary`, `policy_compliance`.
    pub kind: String,
    /// The colour of links and of what is good.
    pub accent: Accent,
    /// What this is a report of.
    pub cover: Cover,
    /// The state in six numbers and a sentence.
    pub glance: Glance,
    /// What came and what went since an earlier scan, if the report compares.
    pub changes: Option<Changes>,
    /// What to do first: at most ten rows are printed.
    pub first_things: Vec<FirstThing>,
    /// Charts, each where it says more than a sentence.
    pub charts: Vec<Chart>,
    /// What policies decided, worst policy first.
    pub policies: Vec<PolicyRow>,
    /// Images and scans over time.
    pub history: Option<History>,
    /// Rules, what breaks them, and who accepted that. Stands in the place of `policies`.
    pub compliance: Option<Compliance>,
    /// The upgrades that end most findings, over all images.
    pub remediation: Option<Remediation>,
    /// Vulnerabilities over all images, each once. Stands in the place of `images`.
    pub vulnerabilities: Option<Vulnerabilities>,
    /// Which records have no row in this report, and where they are; `None` if all have one that should.
    pub unlisted: Option<String>,
    /// Open findings in packages, worst image first. Images without any have no tables.
    pub images: Vec<ImageDetail>,
    /// How many more images hold open findings and are left out of `images`.
    pub more_images: u64,
    /// Open findings of other kinds: misconfigurations, secrets, licences, code.
    pub other_findings: Vec<OtherGroup>,
    /// Findings that someone or something has closed, and why.
    pub not_open: Vec<NotOpenGroup>,
    /// What was not done as asked.
    pub warnings: Vec<Warning>,
    /// Who was asked what and when, and what was read, for whoever has to prove it.
    pub evidence: Option<Evidence>,
    /// Where the facts come from and how to check them.
    pub method: Method,
}

impl ReportView {
    /// Tells of one more thing that was not done as asked.
    pub fn warn(&mut self, code: &str, text: &str) {
        self.warnings.push(Warning { code: Some(code.to_owned()), text: text.to_owned(), place: None });
    }
}

/// The head of the first page.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Cover {
    /// The report's title, for example `Container compliance report`.
    pub title: String,
    /// The tenant's name.
    pub tenant: String,
    /// The tenant's logo.
    pub logo: Option<LogoImage>,
    /// The images that were looked at.
    pub images: Vec<ScopeImage>,
    /// The period, for example `2026-11-01 00:00 UTC to 2026-11-23 14:05 UTC`.
    pub period: Option<String>,
    /// The policy sets that were asked for.
    pub policy_sets: Vec<String>,
    /// When the report was made, by [`crate::format::time`].
    pub generated_at: String,
    /// The classification label, for example `Confidential`.
    pub classification: Option<String>,
    /// The snapshot's digest, by [`crate::format::short_digest`].
    pub snapshot: String,
    /// The tenant's own fields, as given in the request.
    pub custom: Vec<Fact>,
}

/// An image of the scope.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ScopeImage {
    /// Its reference, or the scan's name if the source knows no reference.
    pub name: String,
    /// Its digest, by [`crate::format::short_digest`].
    pub digest: Option<String>,
}

/// A name and a value.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Fact {
    /// What it is.
    pub label: String,
    /// What it says.
    pub value: String,
}

/// A row of "First things first".
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct FirstThing {
    /// Its severity.
    pub mark: Mark,
    /// The finding's id, for example `CVE-2026-1234`.
    pub id: String,
    /// Where to read about it.
    pub link: Option<Link>,
    /// The finding's title.
    pub title: String,
    /// What it is in, for example `openssl 3.0.11 in payments-api and 3 more images`.
    pub place: String,
    /// Why it is here, a line each, for example `Known exploited`, `EPSS 94 %`, `CVSS 9.8`.
    pub reasons: Vec<String>,
    /// What ends it, for example `Upgrade openssl to 3.0.15`.
    pub action: String,
}

/// A chart with its heading.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Chart {
    /// The heading.
    pub title: String,
    /// A sentence that says what is to be seen.
    pub caption: Option<String>,
    /// The chart, from `export_render_kit::charts`.
    pub picture: Picture,
}

/// What one policy decided.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PolicyRow {
    /// The set that it belongs to.
    pub set: String,
    /// Its name.
    pub policy: String,
    /// Verdicts that refuse.
    pub fail: u64,
    /// Verdicts that could not be reached.
    pub error: u64,
    /// Verdicts that allow, with a warning.
    pub warn: u64,
    /// Refusals that someone accepted.
    pub waived: u64,
    /// Verdicts that allow.
    pub pass: u64,
}

/// Something that was not done as asked.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Warning {
    /// Its code, for example `rows_truncated`.
    pub code: Option<String>,
    /// What happened, what that means for the reader, and what to do.
    pub text: String,
    /// Where, if it has a place.
    pub place: Option<String>,
}

/// Where the facts come from and how to check them.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Method {
    /// When the sources were read, by [`crate::format::time`].
    pub taken_at: String,
    /// What was read.
    pub sources: Vec<Source>,
    /// How many more sources were read and are left out of `sources`.
    pub more_sources: u64,
    /// The request as it was resolved.
    pub request: Vec<Fact>,
    /// How ids and severities were decided: a paragraph each.
    pub decided: Vec<String>,
    /// How to verify the report: a step each.
    pub verify: Vec<Step>,
    /// Program and version that made the report.
    pub generator: String,
    /// Template name and short digest.
    pub template: String,
}

/// A source that was read.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Source {
    /// Its name, for example `Trivy 0.68`.
    pub name: String,
    /// What was asked or which file was read.
    pub query: String,
    /// How many records it gave.
    pub records: u64,
    /// The digest of what was read, by [`crate::format::short_digest`].
    pub digest: Option<String>,
    /// The same, whole: `sha256:` and 64 hex digits.
    pub whole_digest: Option<String>,
}

/// A step of the verification.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Step {
    /// What to do and what must come out.
    pub text: String,
    /// The command, if there is one.
    pub command: Option<String>,
}
