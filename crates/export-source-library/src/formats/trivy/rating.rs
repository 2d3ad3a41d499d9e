//! Ratings: what each source of Trivy's database says about a vulnerability.

use std::collections::BTreeMap;

use export_core::finding::{CvssVersion, Rating, Severity};
use export_core::text::Text;

use crate::json::members;
use crate::kit::{GivenScore, own, rating, some};

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

/// All ratings: of each source in alphabetical order version 2, 3 and 4, each with the source's own word for the severity.
/// A source that has only a word gives one rating without a score. `differing` counts scores that are not their vectors'.
pub(super) fn ratings(
    cvss: BTreeMap<Text<'_>, Option<Cvss<'_>>>,
    severities: BTreeMap<Text<'_>, i64>,
    differing: &mut u64,
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
            let source = source.to_owned_text();
            let (rating, differs) = rating(source, version, some(vector), score.0, severity);
            *differing += u64::from(differs);
            ratings.push(rating);
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
