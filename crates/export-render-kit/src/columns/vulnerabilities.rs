//! The columns of vulnerabilities: each once, with all that it affects.

use std::collections::BTreeSet;
use std::fmt::{self, Display};

use export_core::finding::{Decision, KnownExploited};
use export_core::record::FindingStatus;
use export_core::text::Text;
use export_core::vulnerability::{Affected, VulnerabilityRecord};

use super::{Column, ColumnKind, column, number, some, text};
use crate::cell::Cell;
use crate::list;

/// Finds a column's value in a vulnerability.
pub type VulnerabilityAccessor = for<'r> fn(&'r VulnerabilityRecord<'r>) -> Cell<'r>;

type Vulnerability<'r> = VulnerabilityRecord<'r>;

/// Every column of vulnerabilities, in order.
pub const VULNERABILITIES: &[Column<VulnerabilityAccessor>] = &[
    text("vulnerability", "The vulnerability, as the scanner leads with it", |it| some(&it.id)),
    text("aliases", "Other ids of it (list)", |it| Cell::texts(&it.aliases)),
    text("severity", "The worst of its open findings, or of all if none is open", |it| {
        some(it.severity.as_str())
    }),
    number("cvss_score", "The score of the newest CVSS version; of several, the highest", |it| {
        Cell::number(it.rating.as_ref().and_then(|it| it.score))
    }),
    text("cvss_version", "The version of that score", |it| {
        Cell::text(it.rating.as_ref().map(|it| it.version.as_str()))
    }),
    text("cvss_vector", "The vector of that score", |it| {
        Cell::text(it.rating.as_ref().and_then(|it| it.vector.as_deref()))
    }),
    number("epss", "Probability of use within 30 days, 0 to 1 (FIRST EPSS)", |it| {
        Cell::number(it.epss.map(|it| it.probability))
    }),
    number("epss_percentile", "Share of all vulnerabilities that are less likely, 0 to 1", |it| {
        Cell::number(it.epss.and_then(|it| it.percentile))
    }),
    column(
        "known_exploited",
        ColumnKind::Flag,
        "Whether a catalogue of known exploited vulnerabilities has it",
        |it| Cell::Flag(it.known_exploited.is_some()),
    ),
    text("kev_added", "The day on which the catalogue took it in", |it| {
        Cell::text(known(it).map(|it| &*it.added))
    }),
    text("kev_due", "The day by which the catalogue wants it fixed", |it| {
        Cell::text(known(it).and_then(|it| it.due.as_deref()))
    }),
    column(
        "ransomware",
        ColumnKind::Flag,
        "Whether ransomware is known to use it; empty unless it is known exploited",
        |it| known(it).map_or(Cell::Empty, |it| Cell::Flag(it.ransomware)),
    ),
    number("findings", "All findings of it", |it| count(it.findings)),
    number("open", "Findings that are open, those under investigation included", |it| count(it.open)),
    number("open_with_fix", "Open findings with a version to upgrade to", |it| count(it.open_with_fix)),
    number("under_investigation", "Open findings that are being looked into", |it| {
        status(it, FindingStatus::UnderInvestigation)
    }),
    number("fixed", "Findings that a VEX statement calls fixed", |it| status(it, FindingStatus::Fixed)),
    number("not_affected", "Findings that a VEX statement calls not affected", |it| {
        status(it, FindingStatus::NotAffected)
    }),
    number("waived", "Findings that were accepted", |it| status(it, FindingStatus::Waived)),
    number("suppressed", "Findings that the scanner was told to leave out", |it| {
        status(it, FindingStatus::Suppressed)
    }),
    text("verdict", "The worst decision of any policy: fail, error, warn, waived, pass", |it| {
        Cell::text(it.decision.map(Decision::as_str))
    }),
    number("scans", "Scans that have it", |it| count(it.scans)),
    number("open_scans", "Scans in which it is open", |it| count(it.open_scans)),
    number("images", "Images in the next column", |it| count(images(it).len() as u64)),
    text("affected_images", "The images that have it (list)", |it| joined(images(it))),
    text("components", "The components that have it, as `name version` (list)", |it| {
        joined(it.affected.iter().map(Named).collect())
    }),
    text("purls", "Their package URLs (list)", |it| {
        joined(it.affected.iter().filter_map(|it| it.purl.as_ref()).collect())
    }),
    text("fixes", "What ends it, as `name installed -> fixed` (list)", |it| {
        joined(it.affected.iter().filter(|it| !it.fixed.is_empty()).map(Fixed).collect())
    }),
    column("fix_available", ColumnKind::Flag, "Whether any of them has a version to upgrade to", |it| {
        Cell::Flag(it.affected.iter().any(|it| !it.fixed.is_empty()))
    }),
    number(
        "not_listed",
        "Components in scans for which the lists have no room; the findings have them all",
        |it| count(it.more_affected),
    ),
    text("cwes", "Kinds of weakness (list)", |it| Cell::texts(&it.cwes)),
    text("title", "One line", |it| some(&it.title)),
    column("published", ColumnKind::Date, "When the advisory was published", |it| Cell::date(it.published)),
    column("modified", ColumnKind::Date, "When the advisory was last changed", |it| Cell::date(it.modified)),
    text("primary_url", "The page to read first", |it| Cell::text(it.primary_url.as_deref())),
    text("description", "Plain text or Markdown of any length", |it| some(&it.description)),
];

fn count<'r>(count: u64) -> Cell<'r> {
    Cell::number(Some(count))
}

fn status<'r>(it: &Vulnerability<'_>, status: FindingStatus) -> Cell<'r> {
    count(it.by_status[status as usize])
}

fn known<'r>(it: &'r Vulnerability<'r>) -> Option<&'r KnownExploited<'r>> {
    it.known_exploited.as_ref()
}

fn images<'r>(it: &'r Vulnerability<'r>) -> BTreeSet<&'r Text<'r>> {
    it.affected.iter().map(|it| &it.image).collect()
}

fn joined<'r, T: Display>(items: BTreeSet<T>) -> Cell<'r> {
    if items.is_empty() { Cell::Empty } else { Cell::Text(list::join(items).into()) }
}

/// A component by name and version.
struct Named<'r>(&'r Affected<'r>);

/// A component with what ends it.
struct Fixed<'r>(&'r Affected<'r>);

impl Display for Named<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Affected { component, version, .. } = self.0;
        if version.is_empty() { write!(f, "{component}") } else { write!(f, "{component} {version}") }
    }
}

impl Display for Fixed<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} -> {}", Named(self.0), self.0.fixed)
    }
}

macro_rules! ordered_by {
    ($name:ident: $($field:ident)*) => {
        impl Ord for $name<'_> {
            fn cmp(&self, other: &Self) -> std::cmp::Ordering {
                ($(&self.0.$field,)*).cmp(&($(&other.0.$field,)*))
            }
        }

        impl PartialOrd for $name<'_> {
            fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
                Some(self.cmp(other))
            }
        }

        impl PartialEq for $name<'_> {
            fn eq(&self, other: &Self) -> bool {
                self.cmp(other).is_eq()
            }
        }

        impl Eq for $name<'_> {}
    };
}

ordered_by!(Named: component version);
ordered_by!(Fixed: component version fixed);
