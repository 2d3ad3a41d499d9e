//! The findings: by image and package, of other kinds, and those that are not open.

use export_render_kit::charts::{Mark, SeverityCounts};
use serde::{Deserialize, Serialize};

use super::Link;

/// Findings in one table at most. Browsers lay out a table as a whole: short ones halve their memory.
pub const ROWS_PER_TABLE: usize = 200;

/// The open findings of one image.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ImageDetail {
    /// Its reference.
    pub name: String,
    /// Its digest, by [`crate::format::short_digest`].
    pub digest: Option<String>,
    /// When and with what it was scanned, for example `scanned 2026-11-20 05:00 UTC with trivy 0.67.0`.
    pub scan: Option<String>,
    /// Open findings in packages by severity.
    pub counts: SeverityCounts,
    /// Packages with their findings, from [`Self::tables_of`].
    pub tables: Vec<DetailTable>,
}

impl ImageDetail {
    /// Spreads packages over tables of at most [`ROWS_PER_TABLE`] findings. A package that passes the end
    /// of a table goes on in the next one, as `continued`.
    #[must_use]
    pub fn tables_of(packages: Vec<PackageBlock>) -> Vec<DetailTable> {
        let mut tables = Vec::new();
        let mut table = DetailTable { packages: Vec::new() };
        let mut room = ROWS_PER_TABLE;
        for mut package in packages {
            while package.findings.len() > room {
                let mut rest = package.clone_head();
                rest.findings = package.findings.split_off(room);
                if room > 0 {
                    table.packages.push(package);
                }
                tables.push(std::mem::replace(&mut table, DetailTable { packages: Vec::new() }));
                rest.continued = room > 0;
                package = rest;
                room = ROWS_PER_TABLE;
            }
            room -= package.findings.len();
            table.packages.push(package);
        }
        if !table.packages.is_empty() {
            tables.push(table);
        }
        tables
    }
}

/// A table of packages and their findings.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct DetailTable {
    /// The packages, worst first.
    pub packages: Vec<PackageBlock>,
}

/// A package of an image with what ends its findings.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PackageBlock {
    /// Its name.
    pub name: String,
    /// Its ecosystem, for example `deb` or `npm`.
    pub kind: Option<String>,
    /// The file or path it was found in, if that helps to find it.
    pub location: Option<String>,
    /// The installed version.
    pub installed: String,
    /// The version that ends most of its findings.
    pub fixed: Option<String>,
    /// How many open findings it has.
    pub open: u64,
    /// How many of them the version `fixed` ends.
    pub ended: u64,
    /// Its worst severity.
    pub mark: Mark,
    /// Whether a finding of it is known to be exploited.
    pub known_exploited: bool,
    /// Whether the package began in the table before: set by [`ImageDetail::tables_of`].
    pub continued: bool,
    /// Its findings, worst first. A report without single findings leaves them out.
    pub findings: Vec<FindingRow>,
}

impl PackageBlock {
    /// All but the findings.
    fn clone_head(&self) -> Self {
        Self {
            name: self.name.clone(),
            kind: self.kind.clone(),
            location: self.location.clone(),
            installed: self.installed.clone(),
            fixed: self.fixed.clone(),
            findings: Vec::new(),
            ..*self
        }
    }
}

/// A finding in a package.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct FindingRow {
    /// Its severity.
    pub mark: Mark,
    /// Its id, for example `CVE-2026-1234`.
    pub id: String,
    /// Where to read about it.
    pub link: Option<Link>,
    /// Its CVSS base score, by [`crate::format::score`].
    pub score: Option<String>,
    /// Its EPSS probability, by [`crate::format::percent`].
    pub epss: Option<String>,
    /// Whether it is known to be exploited.
    pub known_exploited: bool,
    /// The versions that end it, as the source writes them.
    pub fixed: Option<String>,
    /// What is known instead of such a version, for example `no fix` or `will not be fixed`.
    pub unfixed: String,
    /// What a VEX statement says of it.
    pub vex: Option<VexStatus>,
    /// What policy says of it.
    pub verdict: Option<Verdict>,
    /// Its title.
    pub title: Option<String>,
    /// Its description, by [`crate::format::clip`].
    pub description: Option<String>,
}

/// The status of a VEX statement, in the words of OpenVEX.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum VexStatus {
    /// The product is affected.
    #[serde(rename = "affected")]
    Affected,
    /// The product is not affected.
    #[serde(rename = "not affected")]
    NotAffected,
    /// The product holds a fix.
    #[serde(rename = "fixed")]
    Fixed,
    /// Nobody knows yet.
    #[serde(rename = "under investigation")]
    UnderInvestigation,
}

/// What policy decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// Allowed.
    Pass,
    /// Allowed, with a warning.
    Warn,
    /// Refused.
    Fail,
    /// Refused, but someone took the risk.
    Waived,
    /// Policy could not decide.
    Error,
}

/// Findings of one kind that are not in packages.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct OtherGroup {
    /// The kind, for example `Misconfigurations`.
    pub title: String,
    /// How many there are, listed or not.
    pub total: u64,
    /// Those that are listed, worst first.
    pub rows: Vec<OtherRow>,
}

/// A finding that is not in a package.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct OtherRow {
    /// Its severity.
    pub mark: Mark,
    /// The rule's id, for example `DS-0002`.
    pub id: String,
    /// Where to read about it.
    pub link: Option<Link>,
    /// Its title.
    pub title: String,
    /// What is wrong here and what ends it.
    pub message: Option<String>,
    /// The image and the file with its line. A secret itself never stands in a report.
    pub place: String,
    /// What policy says of it.
    pub verdict: Option<Verdict>,
}

/// Findings that are not open, for one reason.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct NotOpenGroup {
    /// What closed them: `Suppressed`, `Not affected`, `Waived`, `Fixed`.
    pub title: String,
    /// What that says of them, in a sentence.
    pub meaning: String,
    /// Who said so of every one of them; `None` if that differs, or nobody is named.
    pub who: Option<String>,
    /// How many there are, listed or not.
    pub total: u64,
    /// Those that are listed, worst first.
    pub rows: Vec<NotOpenRow>,
}

/// A finding that is not open.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct NotOpenRow {
    /// Its severity.
    pub mark: Mark,
    /// Its id.
    pub id: String,
    /// Where to read about it.
    pub link: Option<Link>,
    /// What it is in, for example `openssl 3.0.11 in payments-api`.
    pub place: String,
    /// Who said so, unless the group says it for all.
    pub who: Option<String>,
    /// Why.
    pub why: Option<String>,
    /// When it was said or decided, by [`crate::format::date`].
    pub when: Option<String>,
    /// Until when, by [`crate::format::date`], or `no end` for what could have one.
    pub until: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn package(name: &str, findings: usize) -> PackageBlock {
        let row = |n: usize| FindingRow {
            mark: Mark::Low,
            id: format!("{name}-{n}"),
            link: None,
            score: None,
            epss: None,
            known_exploited: false,
            fixed: None,
            unfixed: "no fix".to_owned(),
            vex: None,
            verdict: None,
            title: None,
            description: None,
        };
        PackageBlock {
            name: name.to_owned(),
            kind: None,
            location: None,
            installed: "1".to_owned(),
            fixed: None,
            open: findings as u64,
            ended: 0,
            mark: Mark::Low,
            known_exploited: false,
            continued: false,
            findings: (0..findings).map(row).collect(),
        }
    }

    fn sizes(tables: &[DetailTable]) -> Vec<Vec<(usize, bool)>> {
        let of = |table: &DetailTable| {
            table.packages.iter().map(|p| (p.findings.len(), p.continued)).collect::<Vec<_>>()
        };
        tables.iter().map(of).collect()
    }

    #[test]
    fn no_table_passes_its_limit_and_no_finding_is_lost() {
        let tables = ImageDetail::tables_of(vec![package("a", 150), package("b", 460), package("c", 1)]);
        let (new, on) = (false, true);
        assert_eq!(
            sizes(&tables),
            [vec![(150, new), (50, new)], vec![(200, on)], vec![(200, on)], vec![(10, on), (1, new)]]
        );
        let ids: Vec<&str> = tables
            .iter()
            .flat_map(|t| &t.packages)
            .filter(|p| p.name == "b")
            .flat_map(|p| &p.findings)
            .map(|f| f.id.as_str())
            .collect();
        assert_eq!(ids, (0..460).map(|n| format!("b-{n}")).collect::<Vec<_>>());
    }

    #[test]
    fn a_package_at_the_very_end_of_a_table_starts_the_next_one_anew() {
        let tables = ImageDetail::tables_of(vec![package("a", 200), package("b", 3)]);
        assert_eq!(sizes(&tables), [vec![(200, false)], vec![(3, false)]]);
        assert!(ImageDetail::tables_of(Vec::new()).is_empty());
    }

    #[test]
    fn packages_without_rows_still_stand() {
        assert_eq!(sizes(&ImageDetail::tables_of(vec![package("a", 0)])), [vec![(0, false)]]);
    }
}
