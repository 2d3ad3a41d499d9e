//! What is counted while data comes in, in memory that does not grow with it.

use std::collections::BTreeMap;

use export_core::finding::Verdict;
use export_core::totals::PolicyTotals;
use export_core::warning::{Warning, WarningCode};

/// Verdicts by set and policy.
#[derive(Default)]
pub(crate) struct Policies(BTreeMap<String, BTreeMap<String, [u64; 5]>>);

impl Policies {
    /// Counts one more verdict.
    pub(crate) fn add(&mut self, verdict: &Verdict<'_>) {
        let set = entry(&mut self.0, &verdict.policy_set);
        entry(set, &verdict.policy)[verdict.decision as usize] += 1;
    }

    /// The totals, sorted by set and policy.
    pub(crate) fn finish(self) -> Vec<PolicyTotals> {
        let of_set = |(set, policies): (String, BTreeMap<_, _>)| {
            policies.into_iter().map(move |(policy, by_decision)| PolicyTotals {
                policy_set: set.clone(),
                policy,
                by_decision,
            })
        };
        self.0.into_iter().flat_map(of_set).collect()
    }
}

/// As the map's own `entry`, but allocates only for new names.
fn entry<'a, V: Default>(map: &'a mut BTreeMap<String, V>, name: &str) -> &'a mut V {
    if !map.contains_key(name) {
        map.insert(name.to_owned(), V::default());
    }
    map.get_mut(name).expect("it was inserted if it was not there")
}

/// The warnings of all sources: the first of each kind in full, the rest as a number.
#[derive(Default)]
pub(crate) struct Warnings {
    told: Vec<Warning>,
    counts: BTreeMap<WarningCode, u64>,
}

impl Warnings {
    /// Warnings of one kind that are told in full.
    const TOLD: u64 = 100;

    /// Takes one more warning.
    pub(crate) fn add(&mut self, warning: Warning) {
        let count = self.counts.entry(warning.code).or_default();
        *count += 1;
        if *count <= Self::TOLD {
            self.told.push(warning);
        }
    }

    /// The warnings, and how many more there were of each kind.
    pub(crate) fn finish(self) -> Vec<Warning> {
        let more = self.counts.into_iter().filter(|(_, count)| *count > Self::TOLD);
        let more = more.map(|(code, count)| {
            Warning::new(code, format!("{} more warnings of this kind are not listed", count - Self::TOLD))
        });
        self.told.into_iter().chain(more).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn warnings_are_told_up_to_a_number_and_then_counted() {
        let mut warnings = Warnings::default();
        for i in 0..105 {
            warnings.add(Warning::new(WarningCode::SourceLenient, i.to_string()));
        }
        warnings.add(Warning::new(WarningCode::SourceIgnored, "one"));
        let warnings = warnings.finish();
        assert_eq!(warnings.len(), 102);
        assert_eq!(warnings[99].message, "99");
        assert_eq!(warnings[100].message, "one");
        assert_eq!(warnings[101].message, "5 more warnings of this kind are not listed");
        assert_eq!(warnings[101].code, WarningCode::SourceLenient);
    }
}
