//! Findings: what each kind has of its own. A finding has exactly one of these members.

use export_core::finding::{
    Attribution, CodeGuard, CodeWeakness, CvssVersion, Epss, KnownExploited, Licence, Misconfiguration,
    Probability, Rating, Score, Secret, Severity, Vulnerability,
};
use serde::Deserialize;

use super::{Wrong, all, nullable, required, some};

#[derive(Debug, Deserialize)]
pub(crate) struct RawVulnerability {
    id: String,
    #[serde(default, deserialize_with = "nullable")]
    aliases: Vec<String>,
    #[serde(default, deserialize_with = "nullable")]
    cwes: Vec<String>,
    #[serde(default, deserialize_with = "nullable")]
    ratings: Vec<RawRating>,
    #[serde(default)]
    epss: Option<RawEpss>,
    #[serde(default)]
    known_exploited: Option<RawKnownExploited>,
}

#[derive(Debug, Deserialize)]
struct RawRating {
    source: String,
    #[serde(default)]
    version: Option<CvssVersion>,
    #[serde(default)]
    score: Option<f64>,
    #[serde(default)]
    vector: Option<String>,
    #[serde(default)]
    severity: Option<Severity>,
}

#[derive(Debug, Deserialize)]
struct RawEpss {
    probability: f64,
    #[serde(default)]
    percentile: Option<f64>,
}

#[derive(Debug, Deserialize)]
struct RawKnownExploited {
    added: String,
    #[serde(default)]
    due: Option<String>,
    #[serde(default, deserialize_with = "nullable")]
    ransomware: bool,
}

#[derive(Debug, Deserialize)]
pub(crate) struct RawMisconfiguration {
    rule_id: String,
    #[serde(default, deserialize_with = "nullable")]
    aliases: Vec<String>,
    #[serde(default, deserialize_with = "nullable")]
    message: String,
    #[serde(default, deserialize_with = "nullable")]
    resolution: String,
}

#[derive(Debug, Deserialize)]
pub(crate) struct RawSecret {
    rule_id: String,
    #[serde(default, deserialize_with = "nullable")]
    category: String,
    #[serde(default, deserialize_with = "nullable")]
    masked: String,
}

#[derive(Debug, Deserialize)]
pub(crate) struct RawLicence {
    name: String,
    #[serde(default, deserialize_with = "nullable")]
    category: String,
    #[serde(default)]
    confidence: Option<f64>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct RawCode {
    rule_id: String,
    #[serde(default, deserialize_with = "nullable")]
    cwes: Vec<String>,
    #[serde(default, deserialize_with = "nullable")]
    message: String,
    #[serde(default)]
    guard: Option<RawGuard>,
}

#[derive(Debug, Deserialize)]
struct RawGuard {
    #[serde(default, deserialize_with = "nullable")]
    id: String,
    #[serde(default, deserialize_with = "nullable")]
    category: String,
    #[serde(default)]
    confidence: Option<f64>,
    #[serde(default)]
    start_column: Option<u32>,
    #[serde(default)]
    snippet_sha256: Option<String>,
    #[serde(default, deserialize_with = "nullable")]
    resolution: String,
    #[serde(default, deserialize_with = "nullable")]
    repository: String,
    #[serde(default)]
    attribution: Option<RawAttribution>,
}

#[derive(Debug, Deserialize)]
struct RawAttribution {
    #[serde(default, deserialize_with = "nullable")]
    model: String,
    #[serde(default)]
    session: Option<String>,
    #[serde(default)]
    share: Option<f64>,
}

impl RawVulnerability {
    pub(super) fn read(self) -> Result<Vulnerability<'static>, Wrong> {
        let share = |value, place| probability(value, ("must lie between 0 and 1", place));
        let epss = self.epss.map(|it| -> Result<_, Wrong> {
            let percentile =
                it.percentile.map(|it| share(it, "/vulnerability/epss/percentile")).transpose()?;
            Ok(Epss { probability: share(it.probability, "/vulnerability/epss/probability")?, percentile })
        });
        Ok(Vulnerability {
            id: required(self.id, ("must not be empty", "/vulnerability/id"))?,
            aliases: all(self.aliases),
            cwes: all(self.cwes),
            ratings: self.ratings.into_iter().map(RawRating::read).collect::<Result<_, _>>()?,
            epss: epss.transpose()?,
            known_exploited: self.known_exploited.map(|it| KnownExploited {
                added: it.added.into(),
                due: some(it.due),
                ransomware: it.ransomware,
            }),
        })
    }
}

impl RawRating {
    fn read(self) -> Result<Rating<'static>, Wrong> {
        let score = self.score.map(|score| {
            Score::new(score)
                .ok_or(("holds a score that does not lie between 0 and 10", "/vulnerability/ratings"))
        });
        let of_vector = self.vector.as_deref().map(CvssVersion::of_vector);
        Ok(Rating {
            source: self.source.into(),
            version: self.version.or(of_vector).unwrap_or(CvssVersion::Unscored),
            score: score.transpose()?,
            vector: some(self.vector),
            severity: self.severity,
        })
    }
}

impl RawMisconfiguration {
    pub(super) fn read(self) -> Result<Misconfiguration<'static>, Wrong> {
        Ok(Misconfiguration {
            rule_id: required(self.rule_id, ("must not be empty", "/misconfiguration/rule_id"))?,
            aliases: all(self.aliases),
            message: self.message.into(),
            resolution: self.resolution.into(),
        })
    }
}

impl RawSecret {
    pub(super) fn read(self) -> Result<Secret<'static>, Wrong> {
        let rule_id = required(self.rule_id, ("must not be empty", "/secret/rule_id"))?;
        Ok(Secret { rule_id, category: self.category.into(), masked: self.masked.into() })
    }
}

impl RawLicence {
    pub(super) fn read(self) -> Result<Licence<'static>, Wrong> {
        let name = required(self.name, ("must not be empty", "/licence/name"))?;
        let wrong = ("must lie between 0 and 1", "/licence/confidence");
        let confidence = self.confidence.map(|it| probability(it, wrong)).transpose()?;
        Ok(Licence { name, category: self.category.into(), confidence })
    }
}

impl RawCode {
    pub(super) fn read(self) -> Result<CodeWeakness<'static>, Wrong> {
        Ok(CodeWeakness {
            rule_id: required(self.rule_id, ("must not be empty", "/code/rule_id"))?,
            cwes: all(self.cwes),
            message: self.message.into(),
            guard: self.guard.map(RawGuard::read).transpose()?,
        })
    }
}

impl RawGuard {
    fn read(self) -> Result<CodeGuard<'static>, Wrong> {
        let is_digest = |text: &String| {
            text.len() == 64 && text.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
        };
        if self.snippet_sha256.as_ref().is_some_and(|text| !is_digest(text)) {
            return Err(("must be 64 lower-case hexadecimal digits", "/code/guard/snippet_sha256"));
        }
        let share = |value, place| probability(value, ("must lie between 0 and 1", place));
        let attribution = self.attribution.map(|it| -> Result<_, Wrong> {
            let share = it.share.map(|it| share(it, "/code/guard/attribution/share")).transpose()?;
            Ok(Attribution { model: it.model.into(), session: some(it.session), share })
        });
        Ok(CodeGuard {
            id: self.id.into(),
            category: self.category.into(),
            confidence: self.confidence.map(|it| share(it, "/code/guard/confidence")).transpose()?,
            start_column: self.start_column,
            snippet_sha256: some(self.snippet_sha256),
            resolution: self.resolution.into(),
            repository: self.repository.into(),
            attribution: attribution.transpose()?,
        })
    }
}

fn probability(value: f64, wrong: Wrong) -> Result<Probability, Wrong> {
    Probability::new(value).ok_or(wrong)
}
