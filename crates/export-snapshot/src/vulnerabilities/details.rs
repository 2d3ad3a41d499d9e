//! What is the same for most findings of a vulnerability.

use export_core::error::PortError;
use export_core::finding::{Epss, KnownExploited, Rating, Severity, Vulnerability};
use export_core::record::FindingRecord;
use export_core::text::Text;
use export_core::time::Timestamp;
use serde::{Deserialize, Serialize};

use crate::codec::{decode, encode};
use crate::spool::xxh64;

/// What one finding tells about its vulnerability.
#[derive(Serialize, Deserialize)]
pub(super) struct Details<'a> {
    pub(super) severity: Severity,
    #[serde(borrow)]
    pub(super) aliases: Vec<Text<'a>>,
    #[serde(borrow)]
    pub(super) cwes: Vec<Text<'a>>,
    #[serde(borrow)]
    pub(super) title: Text<'a>,
    #[serde(borrow)]
    pub(super) description: Text<'a>,
    #[serde(borrow)]
    pub(super) rating: Option<Rating<'a>>,
    pub(super) epss: Option<Epss>,
    #[serde(borrow)]
    pub(super) known_exploited: Option<KnownExploited<'a>>,
    #[serde(borrow)]
    pub(super) primary_url: Option<Text<'a>>,
    pub(super) published: Option<Timestamp>,
    pub(super) modified: Option<Timestamp>,
}

impl<'a> Details<'a> {
    pub(super) fn of(record: &'a FindingRecord<'a>, vulnerability: &'a Vulnerability<'a>) -> Self {
        let finding = &record.finding;
        let same = |texts: &'a [Text<'a>]| texts.iter().map(|it| Text::from(it.as_str())).collect();
        Self {
            severity: finding.severity,
            aliases: vulnerability.other_ids().into_iter().map(Text::from).collect(),
            cwes: same(&vulnerability.cwes),
            title: finding.title.as_str().into(),
            description: finding.description.as_str().into(),
            rating: vulnerability.leading_rating().cloned(),
            epss: vulnerability.epss,
            known_exploited: vulnerability.known_exploited.clone(),
            primary_url: finding.primary_url.as_deref().map(Text::from),
            published: finding.published,
            modified: finding.modified,
        }
    }

    /// Whether nothing is left that another finding could tell.
    fn is_complete(&self) -> bool {
        let lists = !self.aliases.is_empty() && !self.cwes.is_empty();
        let texts = !self.title.is_empty() && !self.description.is_empty() && self.primary_url.is_some();
        let ratings = self.rating.is_some() && self.epss.is_some() && self.known_exploited.is_some();
        lists && texts && ratings && self.published.is_some() && self.modified.is_some()
    }

    /// The same details, with what `other` tells and they do not.
    fn or(self, other: Self) -> Self {
        let text = |one: Text<'a>, two| if one.is_empty() { two } else { one };
        let list = |one: Vec<Text<'a>>, two| if one.is_empty() { two } else { one };
        Self {
            severity: self.severity,
            aliases: list(self.aliases, other.aliases),
            cwes: list(self.cwes, other.cwes),
            title: text(self.title, other.title),
            description: text(self.description, other.description),
            rating: self.rating.or(other.rating),
            epss: self.epss.or(other.epss),
            known_exploited: self.known_exploited.or(other.known_exploited),
            primary_url: self.primary_url.or(other.primary_url),
            published: self.published.or(other.published),
            modified: self.modified.or(other.modified),
        }
    }
}

/// Details that are filled in by those of further findings; the memory is used again.
#[derive(Default)]
pub(super) struct Merged {
    bytes: Vec<u8>,
    complete: bool,
}

impl Merged {
    /// Begins with the details of the worst finding.
    pub(super) fn start(&mut self, details: &[u8]) -> Result<(), PortError> {
        self.bytes.clear();
        self.bytes.extend_from_slice(details);
        self.complete = self.details()?.is_complete();
        Ok(())
    }

    /// Takes what the next finding tells and those before did not.
    pub(super) fn fill(&mut self, details: &[u8]) -> Result<(), PortError> {
        if self.complete {
            return Ok(());
        }
        let merged = self.details()?.or(decode(details)?);
        let complete = merged.is_complete();
        let mut bytes = Vec::with_capacity(self.bytes.len());
        encode(&merged, &mut bytes)?;
        (self.bytes, self.complete) = (bytes, complete);
        Ok(())
    }

    pub(super) fn details(&self) -> Result<Details<'_>, PortError> {
        decode(&self.bytes)
    }
}

/// The details that came lately, so that equal ones are not sorted for each finding.
///
/// Details are passed over only if equal ones with a key that sorts before were kept. So of equal ones the first is
/// always kept, and what comes out depends on what was collected alone, and never on when.
#[derive(Default)]
pub(super) struct Seen(Vec<Slot>);

#[derive(Default, Clone)]
struct Slot {
    key: Vec<u8>,
    /// The details, digested.
    details: [u64; 2],
}

impl Seen {
    /// Some 1 MiB with keys of the usual length.
    const SLOTS: usize = 8_192;
    /// Longer keys are not remembered.
    const LONGEST: usize = 256;

    /// Whether `details` may be passed over. Otherwise they are remembered under their key, whose first `name` bytes are the
    /// vulnerability's.
    pub(super) fn is_known(&mut self, key: &[u8], name: usize, details: &[u8]) -> bool {
        if key.len() > Self::LONGEST {
            return false;
        }
        if self.0.is_empty() {
            self.0.resize(Self::SLOTS, Slot::default());
        }
        let details = [xxh64(details, 0), xxh64(details, 1)];
        let place = (xxh64(&key[..name], 0) ^ details[0]) % Self::SLOTS as u64;
        let slot = &mut self.0[usize::try_from(place).expect("it is below the number of slots")];
        let same_name = slot.key.get(..name) == Some(&key[..name]);
        if same_name && slot.details == details && slot.key.as_slice() <= key {
            return true;
        }
        slot.key.clear();
        slot.key.extend_from_slice(key);
        slot.details = details;
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_equal_details_behind_a_lower_key_are_passed_over() {
        let mut seen = Seen::default();
        let mut known = |key: &str, details: &str| seen.is_known(key.as_bytes(), 3, details.as_bytes());
        assert!(!known("CVE5", "a") && known("CVE5", "a") && known("CVE6", "a"));
        assert!(!known("CVE4", "a"), "it sorts before");
        assert!(known("CVE5", "a"));
        assert!(!known("CVE5", "b") && !known("GHS5", "a"));
        let long = "x".repeat(Seen::LONGEST + 1);
        assert!(!known(&long, "a") && !known(&long, "a"));
    }
}
