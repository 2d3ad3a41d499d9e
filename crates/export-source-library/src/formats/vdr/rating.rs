//! Ratings, and the severity that follows from them.

use export_core::finding::{CvssVersion, Rating, Score, Severity};
use export_core::text::Text;

use super::vulnerability::RawRating;
use crate::kit::{own, rating};

/// A fault in a rating: what, and the JSON pointer below the list.
pub(super) type Fault = (&'static str, String);

/// All ratings, and how many have a score that is not their vector's.
pub(super) fn ratings(raw: Vec<RawRating<'_>>) -> Result<(Vec<Rating<'static>>, u64), Fault> {
    let (mut ratings, mut differing) = (Vec::with_capacity(raw.len()), 0);
    for (index, raw) in raw.into_iter().enumerate() {
        let severity = (!raw.severity.is_empty()).then(|| Severity::from_word(&raw.severity));
        let source = own(if raw.source.name.is_empty() { raw.source.url } else { raw.source.name });
        let Some((version, prefix)) = method(&raw.method, &raw.vector, raw.score.is_some()) else {
            // A score of another method is none of CVSS: only its word can be compared.
            ratings.push(Rating {
                source,
                version: CvssVersion::Unscored,
                score: None,
                vector: None,
                severity,
            });
            continue;
        };
        let score =
            match raw.score {
                None => None,
                Some(number) => Some(Score::new(number).ok_or_else(|| {
                    ("a CVSS score lies between 0 and 10", format!("/ratings/{index}/score"))
                })?),
            };
        // Many write the vector without the beginning that says its version.
        let vector = match raw.vector.as_str() {
            "" => None,
            vector if vector.starts_with("CVSS:") => Some(own(raw.vector)),
            vector => Some(Text::from(format!("{prefix}{vector}"))),
        };
        let (rating, differs) = rating(source, version, vector, score, severity);
        differing += u64::from(differs);
        ratings.push(rating);
    }
    Ok((ratings, differing))
}

/// The version of CVSS that a method is, with what begins its vectors; none for other methods.
fn method(method: &str, vector: &str, has_score: bool) -> Option<(CvssVersion, &'static str)> {
    match method {
        "CVSSv2" => Some((CvssVersion::V2, "")),
        "CVSSv3" => Some((CvssVersion::V3, "CVSS:3.0/")),
        "CVSSv31" => Some((CvssVersion::V31, "CVSS:3.1/")),
        "CVSSv4" => Some((CvssVersion::V4, "CVSS:4.0/")),
        "" if vector.starts_with("CVSS:") => Some((CvssVersion::of_vector(vector), "")),
        "" if vector.is_empty() && has_score => Some((CvssVersion::V31, "")),
        _ => None,
    }
}

/// The severity, and who says so: the worst of the newest version of CVSS that anybody rated by, else the worst word.
pub(super) fn severity(ratings: &[Rating<'_>]) -> (Severity, Option<Text<'static>>) {
    let newest = ratings.iter().filter(|it| it.score.is_some()).map(|it| it.version).max();
    let counts = |it: &&Rating<'_>| newest.is_none_or(|newest| it.version == newest && it.score.is_some());
    let known = ratings.iter().filter(counts).map(|it| (word(it), it));
    let worst = known.min_by_key(|(severity, _)| severity.rank());
    worst.map_or((Severity::Unknown, None), |(severity, rating)| {
        let source = Some(rating.source.to_string()).filter(|source| !source.is_empty());
        (severity, source.map(Text::from))
    })
}

/// The word of a rating, else that which its score stands for (CVSS 3.1, "Qualitative severity rating scale"; NVD's for 2.0).
fn word(rating: &Rating<'_>) -> Severity {
    if let Some(severity) = rating.severity.filter(|it| *it != Severity::Unknown) {
        return severity;
    }
    let Some(score) = rating.score else { return Severity::Unknown };
    match (score.tenths(), rating.version) {
        (70.., CvssVersion::V2) => Severity::High,
        (0..40, CvssVersion::V2) => Severity::Low,
        (0, _) => Severity::None,
        (1..40, _) => Severity::Low,
        (40..70, _) => Severity::Medium,
        (70..90, _) => Severity::High,
        (90.., _) => Severity::Critical,
    }
}
