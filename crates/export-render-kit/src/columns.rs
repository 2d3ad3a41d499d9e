//! The columns of findings, vulnerabilities, upgrades, scans and images, the same in every table format.
//!
//! Names and order are a contract with whoever reads the files by program: a column may be added before `description`,
//! which is last because it is long; none is renamed or moved.

mod changes;
mod scans;
mod upgrades;
mod vulnerabilities;

use std::borrow::Cow;
use std::fmt;

use export_core::finding::{Decision, Location, Rating, Subject, Verdict, Waiver};
use export_core::record::FindingRecord;

pub use self::changes::{CHANGES, COMPARED_FINDINGS, COMPARED_VULNERABILITIES};
pub use self::scans::{IMAGES, ImageAccessor, ImageRow, PointAccessor, SCANS, ScanAccessor, ScanRow, TREND};
pub use self::upgrades::{UPGRADES, UpgradeAccessor};
pub use self::vulnerabilities::{VULNERABILITIES, VulnerabilityAccessor};
use crate::cell::Cell;
use crate::list;

/// What the cells of a column are, if they are not empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColumnKind {
    /// Text.
    Text,
    /// Numbers.
    Number,
    /// Points in time.
    Date,
    /// Yes or no.
    Flag,
}

impl ColumnKind {
    /// The kind as the documentation writes it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Number => "number",
            Self::Date => "date",
            Self::Flag => "flag",
        }
    }
}

/// Finds a column's value in a finding's record.
pub type Accessor = for<'r> fn(&'r FindingRecord<'r>) -> Cell<'r>;

/// A column of a table; of findings, if nothing else is said.
#[derive(Clone, Copy)]
pub struct Column<A: 'static = Accessor> {
    /// The head of the column.
    pub name: &'static str,
    /// What its cells are.
    pub kind: ColumnKind,
    /// What it tells, in one line.
    pub description: &'static str,
    /// Its value in a record.
    pub cell: A,
}

/// Every column of findings, in order.
pub const FINDINGS: &[Column] = &[
    text("id", "The finding; the same in every run that finds it", |it| some(&it.finding.id)),
    text("scan_id", "The scan that found it", |it| some(&it.finding.scan_id)),
    text("image", "The scanned artifact: an image, a repository", |it| some(&it.finding.image)),
    text("target", "The part of the artifact: its packages, a lock file", |it| some(&it.finding.target)),
    text("kind", "vulnerability, misconfiguration, secret, licence, code", |it| {
        some(it.finding.kind().as_str())
    }),
    text(
        "rule_id",
        "The vulnerability, as the scanner leads with it; the rule or licence for other kinds",
        |it| some(it.finding.rule()),
    ),
    text("aliases", "Other ids of the same thing (list)", aliases),
    text("title", "One line", |it| some(&it.finding.title)),
    text("severity", "critical, high, medium, low, none, unknown", |it| some(it.finding.severity.as_str())),
    text("status", "open, under_investigation, fixed, not_affected, waived, suppressed", |it| {
        some(it.status.as_str())
    }),
    column(
        "cvss_score",
        ColumnKind::Number,
        "The score of the newest CVSS version; of several, the highest",
        |it| Cell::number(it.score()),
    ),
    text("cvss_version", "The version of that score", |it| {
        Cell::text(leading(it).map(|it| it.version.as_str()))
    }),
    text("cvss_vector", "The vector of that score", |it| {
        Cell::text(leading(it).and_then(|it| it.vector.as_deref()))
    }),
    column("epss", ColumnKind::Number, "Probability of use within 30 days, 0 to 1 (FIRST EPSS)", |it| {
        Cell::number(it.epss())
    }),
    column(
        "epss_percentile",
        ColumnKind::Number,
        "Share of all vulnerabilities that are less likely, 0 to 1",
        |it| Cell::number(it.finding.vulnerability().and_then(|it| it.epss).and_then(|it| it.percentile)),
    ),
    column(
        "known_exploited",
        ColumnKind::Flag,
        "Whether a catalogue of known exploited vulnerabilities has it",
        |it| Cell::Flag(it.is_known_exploited()),
    ),
    text("package", "The component that it is in", |it| {
        Cell::text(it.finding.component.as_ref().map(|it| &*it.name))
    }),
    text("installed_version", "The component's version", |it| {
        Cell::text(it.finding.component.as_ref().map(|it| &*it.version))
    }),
    text("fixed_version", "The versions that end it, as the scanner writes them", |it| {
        some(&it.finding.fix.versions)
    }),
    text("fix_state", "What the vendor says about a fix", |it| some(it.finding.fix.state.as_str())),
    text("purl", "The component's package URL", |it| {
        Cell::text(it.finding.component.as_ref().and_then(|it| it.purl.as_deref()))
    }),
    text("path", "Where in the artifact (list)", paths),
    text("lines", "The lines at each path, as L10 or L10-L20 (list)", lines),
    text("cwes", "Kinds of weakness (list)", cwes),
    text("vex_status", "not_affected, affected, fixed, under_investigation", |it| {
        Cell::text(it.vex.as_ref().map(|vex| vex.status.as_str()))
    }),
    text("vex_justification", "Why it is not affected, in the standard's word", |it| {
        Cell::text(it.vex.as_ref().and_then(|vex| vex.justification.as_deref()))
    }),
    text("vex_detail", "The impact, or else the action, in the statement's words", |it| {
        Cell::text(it.vex.as_ref().and_then(|vex| vex.impact.as_deref().or(vex.action.as_deref())))
    }),
    text("verdict", "The worst decision of any policy: fail, error, warn, waived, pass", |it| {
        Cell::text(it.decision().map(Decision::as_str))
    }),
    text("policies", "Each decision as `decision set/policy/rule`, worst first (list)", policies),
    text("waiver_by", "Who accepted it; of several waivers, the first", |it| {
        Cell::text(waiver(it).map(|it| &*it.by))
    }),
    text("waiver_reason", "Why", |it| Cell::text(waiver(it).map(|it| &*it.reason))),
    column("waiver_until", ColumnKind::Date, "Until when; for ever if empty", |it| {
        Cell::date(waiver(it).and_then(|it| it.expires_at))
    }),
    text(
        "suppressed_reason",
        "Why the scanner was told to leave it out, or else what it calls that",
        suppressed,
    ),
    column("published", ColumnKind::Date, "When the advisory was published", |it| {
        Cell::date(it.finding.published)
    }),
    column("modified", ColumnKind::Date, "When the advisory was last changed", |it| {
        Cell::date(it.finding.modified)
    }),
    text("primary_url", "The page to read first", |it| Cell::text(it.finding.primary_url.as_deref())),
    text("references", "Further reading (list)", |it| Cell::texts(&it.finding.references)),
    text("description", "Plain text or Markdown of any length", |it| some(&it.finding.description)),
];

const fn text<A: Copy>(name: &'static str, description: &'static str, cell: A) -> Column<A> {
    column(name, ColumnKind::Text, description, cell)
}

const fn number<A: Copy>(name: &'static str, description: &'static str, cell: A) -> Column<A> {
    column(name, ColumnKind::Number, description, cell)
}

const fn column<A: Copy>(
    name: &'static str,
    kind: ColumnKind,
    description: &'static str,
    cell: A,
) -> Column<A> {
    Column { name, kind, description, cell }
}

fn some(text: &str) -> Cell<'_> {
    Cell::Text(Cow::Borrowed(text))
}

fn leading<'r>(record: &'r FindingRecord<'r>) -> Option<&'r Rating<'r>> {
    record.finding.vulnerability()?.leading_rating()
}

fn aliases<'r>(record: &'r FindingRecord<'r>) -> Cell<'r> {
    match &record.finding.subject {
        Subject::Vulnerability(vulnerability) => Cell::texts(&vulnerability.aliases),
        Subject::Misconfiguration(check) => Cell::texts(&check.aliases),
        Subject::Secret(_) | Subject::Licence(_) | Subject::Code(_) => Cell::Empty,
    }
}

fn cwes<'r>(record: &'r FindingRecord<'r>) -> Cell<'r> {
    match &record.finding.subject {
        Subject::Vulnerability(vulnerability) => Cell::texts(&vulnerability.cwes),
        Subject::Code(code) => Cell::texts(&code.cwes),
        Subject::Misconfiguration(_) | Subject::Secret(_) | Subject::Licence(_) => Cell::Empty,
    }
}

fn paths<'r>(record: &'r FindingRecord<'r>) -> Cell<'r> {
    match record.finding.locations.as_slice() {
        places if places.iter().all(|it| it.path.is_empty()) => Cell::Empty,
        [one] if list::stands_alone(&one.path) => some(&one.path),
        many => Cell::Text(list::join(many.iter().map(|it| &it.path)).into()),
    }
}

fn lines<'r>(record: &'r FindingRecord<'r>) -> Cell<'r> {
    let locations = &record.finding.locations;
    if locations.iter().all(|it| it.start_line.is_none()) {
        return Cell::Empty;
    }
    Cell::Text(list::join(locations.iter().map(line_range)).into())
}

/// `L10-L20`, and not `10-20`, which a spreadsheet takes for the twentieth of October.
fn line_range<'r>(location: &'r Location<'r>) -> impl fmt::Display + 'r {
    fmt::from_fn(|f| match (location.start_line, location.end_line) {
        (None, _) => Ok(()),
        (Some(start), Some(end)) if end != start => write!(f, "L{start}-L{end}"),
        (Some(start), _) => write!(f, "L{start}"),
    })
}

fn policies<'r>(record: &'r FindingRecord<'r>) -> Cell<'r> {
    if record.verdicts.is_empty() {
        return Cell::Empty;
    }
    let decision = |it: &'r Verdict<'r>| {
        fmt::from_fn(|f| write!(f, "{} {}/{}/{}", it.decision.as_str(), it.policy_set, it.policy, it.rule))
    };
    Cell::Text(list::join(record.verdicts.iter().map(decision)).into())
}

fn waiver<'r>(record: &'r FindingRecord<'r>) -> Option<&'r Waiver<'r>> {
    record.verdicts.iter().find_map(|verdict| verdict.waiver.as_ref())
}

fn suppressed<'r>(record: &'r FindingRecord<'r>) -> Cell<'r> {
    Cell::text(record.finding.suppression.as_ref().map(|it| match &*it.reason {
        "" => &*it.status,
        reason => reason,
    }))
}
