//! What only findings of one kind have: one member, named like the kind. The rule's id stands in the finding itself.

use export_core::finding::{
    CodeWeakness, CvssVersion, KnownExploited, Licence, Misconfiguration, Probability, Rating, Score, Secret,
    Severity, Vulnerability,
};
use export_core::text::Text;
use serde::{Serialize, Serializer};

use crate::each::Each;

#[derive(Serialize)]
pub(crate) struct VulnerabilityJson<'r> {
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    aliases: &'r [Text<'r>],
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    cwes: &'r [Text<'r>],
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "score")]
    score: Option<Score>,
    #[serde(skip_serializing_if = "Each::is_empty")]
    ratings: Each<'r, Rating<'r>, RatingJson<'r>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    epss: Option<EpssJson>,
    #[serde(skip_serializing_if = "Option::is_none")]
    known_exploited: Option<KnownExploitedJson<'r>>,
}

impl<'r> VulnerabilityJson<'r> {
    pub(crate) fn of(it: &'r Vulnerability<'r>) -> Self {
        Self {
            aliases: &it.aliases,
            cwes: &it.cwes,
            score: it.leading_rating().and_then(|rating| rating.score),
            ratings: Each::new(&it.ratings, RatingJson::of),
            epss: it.epss.map(|epss| EpssJson { probability: epss.probability, percentile: epss.percentile }),
            known_exploited: it.known_exploited.as_ref().map(KnownExploitedJson::of),
        }
    }
}

#[derive(Serialize)]
struct RatingJson<'r> {
    source: &'r str,
    version: CvssVersion,
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "score")]
    score: Option<Score>,
    #[serde(skip_serializing_if = "Option::is_none")]
    vector: Option<&'r str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    severity: Option<Severity>,
}

impl<'r> RatingJson<'r> {
    fn of(it: &'r Rating<'r>) -> Self {
        Self {
            source: &it.source,
            version: it.version,
            score: it.score,
            vector: it.vector.as_deref(),
            severity: it.severity,
        }
    }
}

#[derive(Serialize)]
struct EpssJson {
    #[serde(serialize_with = "probability")]
    probability: Probability,
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "maybe_probability")]
    percentile: Option<Probability>,
}

#[derive(Serialize)]
struct KnownExploitedJson<'r> {
    #[serde(skip_serializing_if = "str::is_empty")]
    added: &'r str,
    #[serde(skip_serializing_if = "Option::is_none")]
    due: Option<&'r str>,
    ransomware: bool,
}

impl<'r> KnownExploitedJson<'r> {
    fn of(it: &'r KnownExploited<'r>) -> Self {
        Self { added: &it.added, due: it.due.as_deref(), ransomware: it.ransomware }
    }
}

#[derive(Serialize)]
pub(crate) struct MisconfigurationJson<'r> {
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    aliases: &'r [Text<'r>],
    #[serde(skip_serializing_if = "str::is_empty")]
    message: &'r str,
    #[serde(skip_serializing_if = "str::is_empty")]
    resolution: &'r str,
}

impl<'r> MisconfigurationJson<'r> {
    pub(crate) fn of(it: &'r Misconfiguration<'r>) -> Self {
        Self { aliases: &it.aliases, message: &it.message, resolution: &it.resolution }
    }
}

#[derive(Serialize)]
pub(crate) struct SecretJson<'r> {
    #[serde(skip_serializing_if = "str::is_empty")]
    category: &'r str,
    #[serde(skip_serializing_if = "str::is_empty")]
    masked: &'r str,
}

impl<'r> SecretJson<'r> {
    pub(crate) fn of(it: &'r Secret<'r>) -> Self {
        Self { category: &it.category, masked: &it.masked }
    }
}

#[derive(Serialize)]
pub(crate) struct LicenceJson<'r> {
    #[serde(skip_serializing_if = "str::is_empty")]
    category: &'r str,
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "maybe_probability")]
    confidence: Option<Probability>,
}

impl<'r> LicenceJson<'r> {
    pub(crate) fn of(it: &'r Licence<'r>) -> Self {
        Self { category: &it.category, confidence: it.confidence }
    }
}

#[derive(Serialize)]
pub(crate) struct CodeJson<'r> {
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    cwes: &'r [Text<'r>],
    #[serde(skip_serializing_if = "str::is_empty")]
    message: &'r str,
}

impl<'r> CodeJson<'r> {
    pub(crate) fn of(it: &'r CodeWeakness<'r>) -> Self {
        Self { cwes: &it.cwes, message: &it.message }
    }
}

#[expect(clippy::ref_option, reason = "serde calls it with a reference to the member")]
fn score<S: Serializer>(score: &Option<Score>, serializer: S) -> Result<S::Ok, S::Error> {
    score.map(Score::as_f64).serialize(serializer)
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it with a reference to the member")]
fn probability<S: Serializer>(value: &Probability, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_f64(value.as_f64())
}

#[expect(clippy::ref_option, reason = "serde calls it with a reference to the member")]
pub(crate) fn maybe_probability<S: Serializer>(
    value: &Option<Probability>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    value.map(Probability::as_f64).serialize(serializer)
}
