//! One finding: a vulnerability of a component, and what was decided about it.

use export_core::finding::{
    Component, CvssVersion, Epss, Finding, Rating, Severity, Subject, Suppression, Vulnerability,
    vulnerability_finding_id,
};
use export_core::text::Text;

use super::head::Head;
use crate::format::Scanned;
use crate::json::members;
use crate::kit::{
    GivenScore, GivenShare, GivenTime, aliases_of, blank, cwes, is_vulnerability, own, rating, repository,
    some,
};

/// The project that findings are of.
pub(super) struct Project<'a> {
    pub(super) scan: &'a Scanned<'a>,
    pub(super) head: &'a Head,
}

members! {
    /// An entry of `findings`.
    pub(super) struct Entry<'a> {
        component: RawComponent<'a> = "component",
        vulnerability: RawVulnerability<'a> = "vulnerability",
        analysis: Analysis<'a> = "analysis",
        attribution: RawAttribution<'a> = "attribution",
    }
    struct RawComponent<'a> {
        group: Text<'a> = "group",
        name: Text<'a> = "name",
        version: Text<'a> = "version",
        purl: Text<'a> = "purl",
    }
    struct RawVulnerability<'a> {
        id: Text<'a> = "vulnId",
        source: Text<'a> = "source",
        title: Text<'a> = "title",
        description: Text<'a> = "description",
        severity: Text<'a> = "severity",
        v2_score: GivenScore = "cvssV2BaseScore",
        v2_vector: Text<'a> = "cvssV2Vector",
        v3_score: GivenScore = "cvssV3BaseScore",
        v3_vector: Text<'a> = "cvssV3Vector",
        v4_score: GivenScore = "cvssV4BaseScore" | "cvssV4Score",
        v4_vector: Text<'a> = "cvssV4Vector",
        epss: GivenShare = "epssScore",
        percentile: GivenShare = "epssPercentile",
        cwe: Option<u32> = "cweId",
        cwes: Vec<RawClass> = "cwes",
        aliases: Vec<RawAliases<'a>> = "aliases",
        published: GivenTime = "published",
    }
    struct RawAliases<'a> {
        cve: Text<'a> = "cveId",
        ghsa: Text<'a> = "ghsaId",
        osv: Text<'a> = "osvId",
        sonatype: Text<'a> = "sonatypeId",
        snyk: Text<'a> = "snykId",
        gsd: Text<'a> = "gsdId",
    }
    struct Analysis<'a> {
        state: Text<'a> = "state",
        suppressed: bool = "isSuppressed",
        detail: Text<'a> = "detail" | "details",
        justification: Text<'a> = "justification",
    }
    struct RawAttribution<'a> {
        page: Text<'a> = "referenceUrl",
    }
}

/// A class of weaknesses; its name is MITRE's.
#[derive(serde::Deserialize)]
struct RawClass {
    #[serde(rename = "cweId")]
    number: Option<u32>,
}

impl Entry<'_> {
    /// The finding, and how many of its scores are not their vectors'; or what is wrong.
    pub(super) fn finding(
        mut self,
        project: &Project<'_>,
    ) -> Result<(Finding<'static>, u64), (&'static str, &'static str)> {
        if self.vulnerability.id.is_empty() {
            return Err(("vulnId is missing", "/vulnerability/vulnId"));
        }
        let (ratings, differing) = self.vulnerability.ratings();
        let subject = self.vulnerability.subject(ratings);
        let component = self.component.read();
        let (scan, head) = (project.scan, project.head);
        let artifact = if head.project.is_empty() { repository(scan.image) } else { &head.project };
        let id = vulnerability_finding_id(artifact, &component, &subject, "");
        let image = if head.project.is_empty() { scan.image.to_owned() } else { head.image() };
        let finding = Finding {
            target: image.clone().into(),
            severity: Severity::from_word(&self.vulnerability.severity),
            severity_source: some(self.vulnerability.source),
            title: own(self.vulnerability.title),
            description: own(self.vulnerability.description),
            component: Some(component),
            primary_url: some(self.attribution.page),
            published: self.vulnerability.published.0,
            suppression: self.analysis.suppression(),
            ..blank(scan, &image, id, Subject::Vulnerability(subject))
        };
        Ok((finding, differing))
    }
}

impl RawVulnerability<'_> {
    /// Its ratings, and how many of their scores are not their vectors'.
    fn ratings(&mut self) -> (Vec<Rating<'static>>, u64) {
        let (mut ratings, mut differing) = (Vec::new(), 0);
        for (vector, score, version) in [
            (std::mem::take(&mut self.v2_vector), self.v2_score, CvssVersion::V2),
            (std::mem::take(&mut self.v3_vector), self.v3_score, CvssVersion::V31),
            (std::mem::take(&mut self.v4_vector), self.v4_score, CvssVersion::V4),
        ] {
            if vector.is_empty() && score.0.is_none() {
                continue;
            }
            let source = own(self.source.clone());
            let (rating, differs) = rating(source, version, some(vector), score.0, None);
            differing += u64::from(differs);
            ratings.push(rating);
        }
        (ratings, differing)
    }

    fn subject(&mut self, ratings: Vec<Rating<'static>>) -> Vulnerability<'static> {
        let id = own(std::mem::take(&mut self.id));
        let aliases = std::mem::take(&mut self.aliases);
        let names =
            aliases.into_iter().flat_map(|it| [it.cve, it.ghsa, it.osv, it.sonatype, it.snyk, it.gsd]);
        let numbers = self.cwes.iter().filter_map(|class| class.number).chain(self.cwe);
        let numbers: Vec<String> = numbers.map(|number| number.to_string()).collect();
        Vulnerability {
            aliases: aliases_of(&id, names.filter(|name| is_vulnerability(name))),
            cwes: cwes(numbers.iter().map(String::as_str)),
            ratings,
            epss: self.epss.0.map(|probability| Epss { probability, percentile: self.percentile.0 }),
            known_exploited: None,
            id,
        }
    }
}

impl RawComponent<'_> {
    /// The component. Its ecosystem is the type of its package URL.
    fn read(self) -> Component<'static> {
        let purl = some(self.purl);
        let kind = purl.as_deref().and_then(|purl| purl.strip_prefix("pkg:")?.split('/').next());
        let ecosystem = kind.unwrap_or_default().to_owned().into();
        let name = match (&*self.group, kind) {
            ("", _) => own(self.name),
            (group, Some("maven")) => format!("{group}:{}", self.name).into(),
            (group, _) => format!("{group}/{}", self.name).into(),
        };
        Component { name, version: own(self.version), purl, ecosystem }
    }
}

impl Analysis<'_> {
    /// Present if somebody decided that the finding is none to look at.
    fn suppression(self) -> Option<Suppression<'static>> {
        let is_decided = matches!(&*self.state, "NOT_AFFECTED" | "FALSE_POSITIVE");
        let status = if self.state.is_empty() { "suppressed".into() } else { self.state.to_lowercase() };
        let reason = if self.detail.is_empty() { self.justification } else { self.detail };
        (self.suppressed || is_decided).then(|| Suppression {
            status: status.into(),
            reason: own(reason),
            source: "Dependency-Track".into(),
        })
    }
}
