//! The finding model: what any scanner can say, in the field's terms.
//!
//! Records may borrow from the bytes they were decoded from ([`Text`]), and are stored in the snapshot's
//! binary spool; formats that people read have types of their own.

mod component;
mod guard;
mod identity;
mod severity;
mod verdict;
mod vex;
mod vulnerability;

use serde::{Deserialize, Serialize};

pub use self::component::{Component, Location, Purl};
pub use self::guard::{Attribution, CodeGuard};
pub use self::identity::{component_identity, component_place, finding_id, vulnerability_finding_id};
pub use self::severity::Severity;
pub use self::verdict::{Decision, Verdict, VerdictSubject, Waiver};
pub use self::vex::{Product, VexAssertion, VexStatement, VexStatus};
pub use self::vulnerability::{
    CvssVersion, Epss, Intelligence, KnownExploited, Probability, Rating, Score, Vulnerability,
};
use crate::text::Text;
use crate::time::Timestamp;

/// One thing that a scanner found in one place.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Finding<'a> {
    /// Stable between runs and between versions of the tool; see [`finding_id`].
    #[serde(borrow)]
    pub id: Text<'a>,
    /// The scan that found it.
    #[serde(borrow)]
    pub scan_id: Text<'a>,
    /// The scanned artifact: an image's name, a repository.
    #[serde(borrow)]
    pub image: Text<'a>,
    /// The part of the artifact: a layer's packages, a lock file, a configuration file.
    #[serde(borrow)]
    pub target: Text<'a>,
    /// As the scanner decided it.
    pub severity: Severity,
    /// Who decided the severity, as the scanner names it: `nvd`, `debian`.
    #[serde(borrow)]
    pub severity_source: Option<Text<'a>>,
    /// One line; empty if the scanner gave none.
    #[serde(borrow)]
    pub title: Text<'a>,
    /// Plain text or Markdown, of any length; empty if the scanner gave none.
    #[serde(borrow)]
    pub description: Text<'a>,
    /// What kind of thing it is, with what only that kind has.
    #[serde(borrow)]
    pub subject: Subject<'a>,
    /// The component it is in, for vulnerabilities and licences.
    #[serde(borrow)]
    pub component: Option<Component<'a>>,
    /// Where in the artifact.
    #[serde(borrow)]
    pub locations: Vec<Location<'a>>,
    /// Whether and how it can be ended.
    #[serde(borrow)]
    pub fix: Fix<'a>,
    /// The one page to read first.
    #[serde(borrow)]
    pub primary_url: Option<Text<'a>>,
    /// Further reading, in the scanner's order.
    #[serde(borrow)]
    pub references: Vec<Text<'a>>,
    /// When the advisory was published.
    pub published: Option<Timestamp>,
    /// When the advisory was last changed.
    pub modified: Option<Timestamp>,
    /// Present if the scanner itself was told to leave the finding out.
    #[serde(borrow)]
    pub suppression: Option<Suppression<'a>>,
}

impl Finding<'_> {
    /// The name that people know it by: the vulnerability's id, the rule's id, the licence.
    #[must_use]
    pub fn rule(&self) -> &str {
        match &self.subject {
            Subject::Vulnerability(vulnerability) => &vulnerability.id,
            Subject::Misconfiguration(check) => &check.rule_id,
            Subject::Secret(secret) => &secret.rule_id,
            Subject::Licence(licence) => &licence.name,
            Subject::Code(code) => &code.rule_id,
        }
    }

    /// The kind of the finding.
    #[must_use]
    pub const fn kind(&self) -> FindingKind {
        match self.subject {
            Subject::Vulnerability(_) => FindingKind::Vulnerability,
            Subject::Misconfiguration(_) => FindingKind::Misconfiguration,
            Subject::Secret(_) => FindingKind::Secret,
            Subject::Licence(_) => FindingKind::Licence,
            Subject::Code(_) => FindingKind::Code,
        }
    }

    /// The component that an SBOM must have because of this finding: what is vulnerable, and whatever else is known by more
    /// than its name.
    #[must_use]
    pub fn listed_component(&self) -> Option<&Component<'_>> {
        let known = |it: &&Component<'_>| {
            self.vulnerability().is_some() || it.purl.is_some() || !it.version.is_empty()
        };
        self.component.as_ref().filter(known)
    }

    /// The vulnerability, if it is one.
    #[must_use]
    pub const fn vulnerability(&self) -> Option<&Vulnerability<'_>> {
        match &self.subject {
            Subject::Vulnerability(vulnerability) => Some(vulnerability),
            Subject::Misconfiguration(_) | Subject::Secret(_) | Subject::Licence(_) | Subject::Code(_) => {
                None
            }
        }
    }
}

/// The kinds of findings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FindingKind {
    /// A known weakness in a component.
    Vulnerability,
    /// A configuration that a rule forbids.
    Misconfiguration,
    /// A credential that lies open.
    Secret,
    /// A licence that a policy restricts.
    Licence,
    /// A weakness in source code.
    Code,
}

impl FindingKind {
    /// Every kind, in the order in which reports show them.
    pub const ALL: [Self; 5] =
        [Self::Vulnerability, Self::Misconfiguration, Self::Secret, Self::Licence, Self::Code];

    /// The kind as JSON writes it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Vulnerability => "vulnerability",
            Self::Misconfiguration => "misconfiguration",
            Self::Secret => "secret",
            Self::Licence => "licence",
            Self::Code => "code",
        }
    }
}

/// What kind of thing a finding is, with what only that kind has.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Subject<'a> {
    /// A known weakness in a component.
    #[serde(borrow)]
    Vulnerability(Vulnerability<'a>),
    /// A configuration that a rule forbids.
    #[serde(borrow)]
    Misconfiguration(Misconfiguration<'a>),
    /// A credential that lies open.
    #[serde(borrow)]
    Secret(Secret<'a>),
    /// A licence that a policy restricts.
    #[serde(borrow)]
    Licence(Licence<'a>),
    /// A weakness in source code.
    #[serde(borrow)]
    Code(CodeWeakness<'a>),
}

/// A configuration that a rule forbids.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Misconfiguration<'a> {
    /// The rule: `DS002`, `AVD-KSV-0014`.
    #[serde(borrow)]
    pub rule_id: Text<'a>,
    /// Other names of the rule.
    #[serde(borrow)]
    pub aliases: Vec<Text<'a>>,
    /// What this place does wrong.
    #[serde(borrow)]
    pub message: Text<'a>,
    /// What to do; empty if the scanner gave nothing.
    #[serde(borrow)]
    pub resolution: Text<'a>,
}

/// A credential that lies open. The secret itself is never kept.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Secret<'a> {
    /// The rule: `aws-access-key-id`.
    #[serde(borrow)]
    pub rule_id: Text<'a>,
    /// Whose credential it is: `AWS`.
    #[serde(borrow)]
    pub category: Text<'a>,
    /// The line as the scanner masked it; empty if it was not masked.
    #[serde(borrow)]
    pub masked: Text<'a>,
}

/// A licence that a policy restricts.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Licence<'a> {
    /// The licence as the scanner writes it, an SPDX id where it knows one.
    #[serde(borrow)]
    pub name: Text<'a>,
    /// The scanner's class: `restricted`, `notice`, ...
    #[serde(borrow)]
    pub category: Text<'a>,
    /// How sure the scanner is, 0 to 1.
    pub confidence: Option<Probability>,
}

/// A weakness in source code.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CodeWeakness<'a> {
    /// The rule of the analyser.
    #[serde(borrow)]
    pub rule_id: Text<'a>,
    /// `CWE-79`, ...
    #[serde(borrow)]
    pub cwes: Vec<Text<'a>>,
    /// What this place does wrong.
    #[serde(borrow)]
    pub message: Text<'a>,
    /// Present if a guard of AI-written code found it.
    #[serde(borrow)]
    pub guard: Option<CodeGuard<'a>>,
}

/// Whether and how a finding can be ended.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fix<'a> {
    /// What the vendor says.
    pub state: FixState,
    /// The versions that end it, as the scanner writes them; empty without a fix.
    #[serde(borrow)]
    pub versions: Text<'a>,
}

impl Fix<'_> {
    /// Whether there is a version to upgrade to.
    #[must_use]
    pub fn is_available(&self) -> bool {
        !self.versions.is_empty()
    }
}

/// What the vendor says about a fix.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FixState {
    /// Nothing is known.
    #[default]
    Unknown,
    /// Affected, without a fix so far.
    Affected,
    /// Fixed in a later version.
    Fixed,
    /// The vendor looks into it.
    UnderInvestigation,
    /// The vendor will not fix it.
    WillNotFix,
    /// The vendor fixes it later.
    Deferred,
    /// The version is no longer supported.
    EndOfLife,
    /// The scanner lists it although the vendor says it is not affected.
    NotAffected,
}

impl FixState {
    /// The state as JSON writes it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::Affected => "affected",
            Self::Fixed => "fixed",
            Self::UnderInvestigation => "under_investigation",
            Self::WillNotFix => "will_not_fix",
            Self::Deferred => "deferred",
            Self::EndOfLife => "end_of_life",
            Self::NotAffected => "not_affected",
        }
    }
}

/// Why a scanner was told to leave a finding out.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Suppression<'a> {
    /// What the tool calls it: `ignored`, `not_affected`.
    #[serde(borrow)]
    pub status: Text<'a>,
    /// The reason that was given; empty if none.
    #[serde(borrow)]
    pub reason: Text<'a>,
    /// The file or rule that says so.
    #[serde(borrow)]
    pub source: Text<'a>,
}
