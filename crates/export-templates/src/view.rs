//! What a report template gets to see: plain values, in the order in which a report tells them.
//!
//! Strings are final text, formatted by [`crate::format`] where that is policy (times, digests,
//! percentages). They may hold anything: templates escape them. Counts are numbers, so that templates can
//! choose singular and plural. An absent value is `None`, never an empty string.

mod detail;
mod sample;
mod values;

pub use detail::{
    DetailTable, FindingRow, ImageDetail, NotOpenGroup, NotOpenRow, OtherGroup, OtherRow, PackageBlock,
    ROWS_PER_TABLE, Verdict, VexStatus,
};
pub use values::{Link, LogoImage, Misplaced, Picture};

use export_render_kit::brand::Accent;
use export_render_kit::charts::Mark;
use serde::{Deserialize, Serialize};

/// A report, from its title to its proof.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ReportView {
    /// The colour of links and of what is good.
    pub accent: Accent,
    /// What this is a report of.
    pub cover: Cover,
    /// The state in six numbers and a sentence.
    pub glance: Glance,
    /// What to do first: at most ten rows are printed.
    pub first_things: Vec<FirstThing>,
    /// Charts, each where it says more than a sentence.
    pub charts: Vec<Chart>,
    /// What policies decided, worst policy first.
    pub policies: Vec<PolicyRow>,
    /// Which findings have no row in this report, and where they are; `None` if all have one that should.
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
    /// Where the facts come from and how to check them.
    pub method: Method,
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

/// The state, as a strip of six numbers and a sentence made from them.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Glance {
    /// Open findings.
    pub findings: Number,
    /// Open findings of critical severity.
    pub critical: Number,
    /// Open findings of high severity.
    pub high: Number,
    /// Open findings with a fix.
    pub with_fix: Number,
    /// Open findings known to be exploited.
    pub known_exploited: Number,
    /// The policy result, `Pass` or `Fail`; a dash if no policy was asked.
    pub policy: Number,
    /// What the changes compare with, for example `Changes are since the scan of 2026-10-23 14:05 UTC.`
    pub baseline: Option<String>,
    /// Sums up, for example `3 of 41 images hold known-exploited findings; all 3 have a fix.`
    pub sentence: String,
    /// The distribution of severities ([`export_render_kit::charts::severity_distribution`]).
    pub distribution: Option<Picture>,
}

/// One number of the strip.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Number {
    /// The number, or a word, as it is printed.
    pub value: String,
    /// What it is a part of, for example `64 % of findings`.
    pub note: Option<String>,
    /// The change since the baseline.
    pub change: Option<Change>,
}

/// A change since the baseline.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Change {
    /// The change with its sign, by [`crate::format::change`].
    pub text: String,
    /// Whether that is good news.
    pub trend: Trend,
}

/// Whether a change is good news.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Trend {
    /// Good news: printed in the accent.
    Better,
    /// Neither.
    Same,
    /// Bad news: printed in ink.
    Worse,
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
}

/// A step of the verification.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Step {
    /// What to do and what must come out.
    pub text: String,
    /// The command, if there is one.
    pub command: Option<String>,
}
