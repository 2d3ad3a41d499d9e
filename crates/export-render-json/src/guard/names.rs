//! Counts by name, in memory that does not depend on how many names there are.

use std::collections::HashMap;

use export_core::finding::CodeGuard;
use export_core::record::FindingRecord;
use serde::Serialize;

use super::count::{Count, CountJson};

/// Names that are counted one by one: the first ones, which have the worst findings.
const NAMES: usize = 1_000;
/// Bytes that a name may have to be counted one by one.
const NAME: usize = 4_096;

/// Counts by name.
#[derive(Debug, Default)]
pub(super) struct Names {
    known: HashMap<String, Count>,
    unnamed: Count,
    others: Count,
}

impl Names {
    /// Counts one more finding; one without a name has an empty one.
    pub(super) fn add(&mut self, name: &str, record: &FindingRecord<'_>, guard: Option<&CodeGuard<'_>>) {
        let count = if name.is_empty() {
            &mut self.unnamed
        } else if let Some(known) = self.known.get_mut(name) {
            known
        } else if self.known.len() < NAMES && name.len() <= NAME {
            self.known.entry(name.to_owned()).or_default()
        } else {
            &mut self.others
        };
        count.add(record, guard);
    }

    /// The `most` worst names of `all` findings as JSON; what is not among them counts as others.
    pub(super) fn json(&self, all: u64, most: usize) -> NamesJson<'_> {
        let mut known: Vec<_> = self.known.iter().collect();
        known.sort_unstable_by_key(|(name, count)| (count.weight(), *name));
        let (listed, further) = known.split_at(known.len().min(most));
        let others = further.iter().fold(self.others, |sum, (_, count)| sum.plus(count));
        let told = |count: &Count| (!count.is_empty()).then(|| CountJson::of(None, count, all));
        NamesJson {
            list: listed.iter().map(|(name, count)| CountJson::of(Some(name.as_str()), count, all)).collect(),
            unnamed: told(&self.unnamed),
            others: told(&others),
        }
    }
}

/// [`Names`] as JSON.
#[derive(Serialize)]
pub(super) struct NamesJson<'r> {
    list: Vec<CountJson<'r>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    unnamed: Option<CountJson<'r>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    others: Option<CountJson<'r>>,
}

#[cfg(test)]
mod tests {
    use export_contract::corpus;

    use super::*;

    #[test]
    fn names_beyond_the_limit_are_counted_as_others() {
        let (mut names, record) = (Names::default(), corpus::record(4));
        for number in 0..NAMES as u64 + 7 {
            names.add(&number.to_string(), &record, None);
        }
        names.add("0", &record, None);
        names.add(&"x".repeat(NAME + 1), &record, None);
        names.add("", &record, None);
        let all = NAMES as u64 + 10;
        let json = serde_json::to_value(names.json(all, 100)).unwrap();
        assert_eq!(json["list"].as_array().unwrap().len(), 100);
        assert_eq!((&json["list"][0]["name"], &json["list"][0]["findings"]), (&"0".into(), &2.into()));
        assert_eq!((&json["unnamed"]["findings"], &json["others"]["findings"]), (&1.into(), &908.into()));
        assert_eq!(names.known.len(), NAMES);
    }
}
