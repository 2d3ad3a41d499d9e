//! What is known of a rule, whichever place breaks it: told once with the rule, and again only where a scanner tells it otherwise.

use std::hash::{Hash as _, Hasher};

use export_core::finding::{Finding, Rating, Score, Severity, Subject};
use export_core::text::Text;
use export_core::time::Timestamp;
use serde::{Serialize, Serializer};

/// What is known of a rule.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AdvisoryJson<'r> {
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    aliases: &'r [Text<'r>],
    #[serde(skip_serializing_if = "<[_]>::is_empty", serialize_with = "ratings")]
    cvss: &'r [Rating<'r>],
    #[serde(skip_serializing_if = "Option::is_none")]
    published: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    modified: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    primary_url: Option<&'r str>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    references: &'r [Text<'r>],
    #[serde(skip_serializing_if = "str::is_empty")]
    description: &'r str,
}

impl<'r> AdvisoryJson<'r> {
    /// All of it, as it is.
    pub(crate) fn of(finding: &'r Finding<'r>) -> Self {
        Self {
            aliases: aliases(&finding.subject),
            cvss: finding.vulnerability().map_or(&[], |it| &it.ratings),
            published: finding.published,
            modified: finding.modified,
            primary_url: finding.primary_url.as_deref(),
            references: &finding.references,
            description: &finding.description,
        }
    }

    /// What a rule's properties tell: all but the description, which stands in the rule itself.
    pub(crate) fn of_rule(finding: &'r Finding<'r>) -> Self {
        Self { description: "", ..Self::of(finding) }
    }

    /// Tells two advisories apart; equal ones have equal numbers.
    pub(crate) fn hash(&self) -> u64 {
        let mut hasher = Fold(0);
        (self.aliases, self.published, self.modified, self.primary_url).hash(&mut hasher);
        (self.references, self.description).hash(&mut hasher);
        for rating in self.cvss {
            (&rating.source, rating.version, rating.score, &rating.vector, rating.severity).hash(&mut hasher);
        }
        hasher.finish()
    }
}

/// A quick hash of long texts. Nobody gains from texts that collide: a result would keep silent of how its scanner tells its
/// rule.
struct Fold(u64);

impl Hasher for Fold {
    fn write(&mut self, bytes: &[u8]) {
        let (words, rest) = bytes.as_chunks::<8>();
        words.iter().for_each(|word| self.write_u64(u64::from_le_bytes(*word)));
        rest.iter().for_each(|byte| self.write_u64(u64::from(*byte)));
    }

    fn write_u64(&mut self, word: u64) {
        self.0 = (self.0.rotate_left(5) ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

fn aliases<'r>(subject: &'r Subject<'r>) -> &'r [Text<'r>] {
    match subject {
        Subject::Vulnerability(vulnerability) => &vulnerability.aliases,
        Subject::Misconfiguration(check) => &check.aliases,
        Subject::Secret(_) | Subject::Licence(_) | Subject::Code(_) => &[],
    }
}

#[derive(Serialize)]
struct RatingJson<'r> {
    source: &'r str,
    version: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    score: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    vector: Option<&'r str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    severity: Option<&'static str>,
}

fn ratings<S: Serializer>(ratings: &[Rating<'_>], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(ratings.iter().map(|rating| RatingJson {
        source: &rating.source,
        version: rating.version.as_str(),
        score: rating.score.map(Score::as_f64),
        vector: rating.vector.as_deref(),
        severity: rating.severity.map(Severity::as_str),
    }))
}
