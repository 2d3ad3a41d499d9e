//! Ratings, with the score that their vector gives.

use export_core::finding::{CvssVersion, Rating, Score, Severity};
use export_core::text::Text;
use serde::{Deserialize, Deserializer, de};

/// A score as a file gives it. One outside of 0 to 10 is refused with its place: nobody knows what it means.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct GivenScore(pub(crate) Option<Score>);

impl<'de> Deserialize<'de> for GivenScore {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let number = f64::deserialize(deserializer)?;
        let score =
            Score::new(number).ok_or_else(|| de::Error::custom("a CVSS score lies between 0 and 10"))?;
        Ok(Self(Some(score)))
    }
}

/// What is said of a rating whose number is not that of its vector.
pub(crate) const DIFFERS: &str = "A score is not the one that its CVSS vector gives; the told one was kept";

/// A rating, and whether its score is another than its vector gives; `version` is that of a score without a vector.
///
/// A score that is absent is computed from the vector (CVSS 2.0, 3.0, 3.1 and 4.0, FIRST); one that is told stays as it is. A
/// vector that breaks its standard is kept and gives no score.
pub(crate) fn rating(
    source: Text<'static>,
    version: CvssVersion,
    vector: Option<Text<'static>>,
    told: Option<Score>,
    severity: Option<Severity>,
) -> (Rating<'static>, bool) {
    let computed = vector.as_deref().and_then(score_of);
    let version = match &vector {
        Some(vector) => CvssVersion::of_vector(vector),
        None if told.is_some() => version,
        None => CvssVersion::Unscored,
    };
    let differs = matches!((told, computed), (Some(told), Some(computed)) if told != computed);
    (Rating { source, version, score: told.or(computed), vector, severity }, differs)
}

/// The score of a vector; of one with temporal or environmental metrics, with these.
fn score_of(vector: &str) -> Option<Score> {
    let trimmed = vector.trim_start_matches('(').trim_end_matches(')');
    let vector: polycvss::Vector = trimmed.parse().ok()?;
    Score::new(f64::from(polycvss::Score::from(vector)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_score_is_that_of_the_vector() {
        // The scores are those of NVD for these vectors.
        for (vector, version, tenths) in [
            ("AV:N/AC:L/Au:N/C:P/I:P/A:P", CvssVersion::V2, 75),
            ("(AV:N/AC:M/Au:N/C:N/I:P/A:N)", CvssVersion::V2, 43),
            ("CVSS:3.0/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", CvssVersion::V3, 98),
            ("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H", CvssVersion::V31, 100),
            ("CVSS:3.1/AV:L/AC:H/PR:L/UI:R/S:U/C:L/I:N/A:N", CvssVersion::V31, 22),
            ("CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N", CvssVersion::V4, 93),
        ] {
            let (rating, differs) = rating("nvd".into(), CvssVersion::V31, Some(vector.into()), None, None);
            assert_eq!(
                (rating.version, rating.score.map(Score::tenths)),
                (version, Some(tenths)),
                "{vector}"
            );
            assert!(!differs);
        }
    }

    #[test]
    fn a_told_score_stays_and_a_broken_vector_gives_none() {
        let vector = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H";
        let (told, differs) =
            rating("x".into(), CvssVersion::V31, Some(vector.into()), Score::new(5.0), None);
        assert_eq!((told.score, differs), (Score::new(5.0), true));
        let (broken, differs) =
            rating("x".into(), CvssVersion::V31, Some("CVSS:3.1/AV:N".into()), None, None);
        assert_eq!((broken.score, broken.version, differs), (None, CvssVersion::V31, false));
        let (word, _) = rating("x".into(), CvssVersion::V31, None, None, Some(Severity::High));
        assert_eq!((word.version, word.severity), (CvssVersion::Unscored, Some(Severity::High)));
    }
}
