//! Ratings: what each source of Trivy's database says about a vulnerability.

use std::collections::BTreeMap;

use export_core::finding::{CvssVersion, Rating, Score, Severity};
use export_core::text::Text;
use serde::{Deserialize, Deserializer, de};

use super::section::{own, some};
use crate::json::members;

members! {
    /// One source's scores and vectors.
    pub(super) struct Cvss<'a> {
        v2_vector: Text<'a> = "V2Vector",
        v2_score: GivenScore = "V2Score",
        v3_vector: Text<'a> = "V3Vector",
        v3_score: GivenScore = "V3Score",
        v40_vector: Text<'a> = "V40Vector",
        v40_score: GivenScore = "V40Score",
    }
}

/// A score as the file gives it. One outside of 0 to 10 is refused with its place: nobody knows what it means.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct GivenScore(Option<Score>);

impl<'de> Deserialize<'de> for GivenScore {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let number = f64::deserialize(deserializer)?;
        let score =
            Score::new(number).ok_or_else(|| de::Error::custom("a CVSS score lies between 0 and 10"))?;
        Ok(Self(Some(score)))
    }
}

/// All ratings: of each source in alphabetical order version 2, 3 and 4, each with the source's own word for the severity.
/// A source that has only a word gives one rating without a score.
pub(super) fn ratings(
    cvss: BTreeMap<Text<'_>, Option<Cvss<'_>>>,
    severities: BTreeMap<Text<'_>, i64>,
) -> Vec<Rating<'static>> {
    let mut sources: BTreeMap<Text<'_>, (Cvss<'_>, Option<Severity>)> =
        cvss.into_iter().map(|(source, scores)| (source, (scores.unwrap_or_default(), None))).collect();
    for (source, number) in severities {
        sources.entry(source).or_default().1 = Some(severity_of(number));
    }
    let mut ratings = Vec::with_capacity(sources.len());
    for (source, (scores, severity)) in sources {
        let before = ratings.len();
        for (vector, score, version) in [
            (scores.v2_vector, scores.v2_score, CvssVersion::V2),
            (scores.v3_vector, scores.v3_score, CvssVersion::V3),
            (scores.v40_vector, scores.v40_score, CvssVersion::V4),
        ] {
            if vector.is_empty() && score.0.is_none() {
                continue;
            }
            let version = if vector.is_empty() { version } else { CvssVersion::of_vector(&vector) };
            let source = source.to_owned_text();
            ratings.push(Rating { source, version, score: score.0, vector: some(vector), severity });
        }
        if ratings.len() == before {
            let source = own(source);
            ratings.push(Rating {
                source,
                version: CvssVersion::Unscored,
                score: None,
                vector: None,
                severity,
            });
        }
    }
    ratings
}

/// Trivy's numbers for severities (`trivy-db/pkg/types`, `Severity`).
fn severity_of(number: i64) -> Severity {
    match number {
        1 => Severity::Low,
        2 => Severity::Medium,
        3 => Severity::High,
        4 => Severity::Critical,
        _ => Severity::Unknown,
    }
}
