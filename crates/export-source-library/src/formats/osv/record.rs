//! One vulnerability, as the OSV schema 1.x writes it.

use export_core::finding::{CvssVersion, Rating, Severity};
use export_core::text::Text;

use crate::json::members;
use crate::kit::{GivenTime, own, rating, some};

members! {
    /// An entry of `vulnerabilities`.
    pub(super) struct Record<'a> {
        pub(super) id: Text<'a> = "id",
        pub(super) aliases: Vec<Text<'a>> = "aliases",
        upstream: Vec<Text<'a>> = "upstream",
        pub(super) summary: Text<'a> = "summary",
        pub(super) details: Text<'a> = "details",
        severity: Vec<RawSeverity<'a>> = "severity",
        affected: Vec<Affected<'a>> = "affected",
        references: Vec<Reference<'a>> = "references",
        pub(super) published: GivenTime = "published",
        pub(super) modified: GivenTime = "modified",
        pub(super) withdrawn: Option<Text<'a>> = "withdrawn",
        database: Database = "database_specific",
    }
    struct RawSeverity<'a> {
        kind: Text<'a> = "type",
        score: Text<'a> = "score",
    }
    struct Affected<'a> {
        package: AffectedPackage<'a> = "package",
        severity: Vec<RawSeverity<'a>> = "severity",
        ranges: Vec<Range<'a>> = "ranges",
    }
    struct AffectedPackage<'a> {
        name: Text<'a> = "name",
        ecosystem: Text<'a> = "ecosystem",
    }
    struct Range<'a> {
        kind: Text<'a> = "type",
        events: Vec<Event<'a>> = "events",
    }
    struct Event<'a> {
        fixed: Text<'a> = "fixed",
    }
    struct Reference<'a> {
        url: Text<'a> = "url",
    }
}

/// What a database adds; each has members of its own, so that none has a type that is wrong.
#[derive(Default, serde::Deserialize)]
#[serde(default)]
struct Database {
    severity: serde_json::Value,
    cwe_ids: serde_json::Value,
}

/// What a finding needs of a record.
pub(super) struct Known {
    pub(super) id: Text<'static>,
    pub(super) names: Vec<Text<'static>>,
    pub(super) title: Text<'static>,
    pub(super) description: Text<'static>,
    pub(super) ratings: Vec<Rating<'static>>,
    /// The word of the database, if it has one.
    pub(super) word: Option<Severity>,
    pub(super) cwes: Vec<String>,
    pub(super) references: Vec<Text<'static>>,
    pub(super) fixed: Vec<Text<'static>>,
    /// Whether it tells which versions are affected.
    pub(super) has_ranges: bool,
    pub(super) times: (GivenTime, GivenTime),
    pub(super) is_withdrawn: bool,
    /// Severities that are neither a vector nor anything else that is known.
    pub(super) odd_severities: u64,
}

impl Record<'_> {
    /// Keeps what a finding in the package `name` of `ecosystem` needs.
    pub(super) fn known(mut self, name: &str, ecosystem: &str) -> Known {
        let family = |ecosystem: &str| ecosystem.split(':').next().unwrap_or_default().to_owned();
        let wanted = family(ecosystem);
        let affected = std::mem::take(&mut self.affected);
        let mut matching: Vec<Affected<'_>> = affected
            .into_iter()
            .filter(|it| *it.package.name == *name && family(&it.package.ecosystem) == wanted)
            .collect();
        let word = self.database.severity.as_str().map(Severity::from_word);
        let (mut ratings, mut odd_severities) = (Vec::new(), 0);
        let inner = matching.iter_mut().flat_map(|it| std::mem::take(&mut it.severity));
        for severity in std::mem::take(&mut self.severity).into_iter().chain(inner) {
            match severity.rating(word) {
                Some(rating) if !ratings.contains(&rating) => ratings.push(rating),
                Some(_) => {}
                None => odd_severities += 1,
            }
        }
        if ratings.is_empty() && word.is_some() {
            ratings.push(rating("osv".into(), CvssVersion::Unscored, None, None, word).0);
        }
        let cwes = self.database.cwe_ids.as_array();
        let cwes = cwes.into_iter().flatten().filter_map(|cwe| cwe.as_str().map(str::to_owned)).collect();
        // `DEBIAN-CVE-2024-1` of Debian is what upstream calls `CVE-2024-1`; others are only derived from theirs.
        let is_same = |upstream: &Text<'_>| self.id.ends_with(upstream.as_str());
        let upstream: Vec<Text<'_>> =
            std::mem::take(&mut self.upstream).into_iter().filter(is_same).collect();
        let names = std::mem::take(&mut self.aliases).into_iter().chain(upstream).map(own).collect();
        Known {
            names,
            title: own(self.summary),
            description: own(self.details),
            ratings,
            word,
            cwes,
            references: self.references.into_iter().map(|it| own(it.url)).collect(),
            fixed: fixed_in(&matching),
            has_ranges: !matching.is_empty(),
            times: (self.published, self.modified),
            is_withdrawn: self.withdrawn.is_some_and(|at| !at.is_empty()),
            odd_severities,
            id: own(self.id),
        }
    }
}

impl Known {
    /// The bytes of its texts.
    pub(super) fn size(&self) -> usize {
        let texts = self.references.iter().chain(&self.names).chain(&self.fixed);
        self.title.len() + self.description.len() + texts.map(|text| text.len()).sum::<usize>() + 512
    }
}

impl RawSeverity<'_> {
    /// The rating; none if it has no vector.
    fn rating(self, word: Option<Severity>) -> Option<Rating<'static>> {
        let is_vector = self.score.starts_with("CVSS:") || self.kind == "CVSS_V2" && self.score.contains('/');
        is_vector.then(|| rating("osv".into(), CvssVersion::V31, some(self.score), None, word).0)
    }
}

/// The versions that end it, each once. Commits are no versions.
fn fixed_in(affected: &[Affected<'_>]) -> Vec<Text<'static>> {
    let ranges = affected.iter().flat_map(|it| &it.ranges).filter(|range| range.kind != "GIT");
    let mut versions: Vec<Text<'static>> = Vec::new();
    for event in ranges.flat_map(|range| &range.events) {
        if !event.fixed.is_empty() && !versions.iter().any(|known| **known == *event.fixed) {
            versions.push(own(event.fixed.clone()));
        }
    }
    versions
}
