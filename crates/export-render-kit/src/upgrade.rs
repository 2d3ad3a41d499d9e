//! The one upgrade of a package that ends most of its findings.
//!
//! The rule, on the side of caution: the candidates are the fixed versions that the scanner names for the package's
//! findings, none below what is installed. A candidate ends a finding if
//!
//! * the finding names that very version, or
//! * the finding names one fixed version, and the candidate is later, or
//! * the finding names several, for several release lines, and the candidate is later than one of its own line (the same
//!   first two numbers) or than all of them.
//!
//! "Later" has to be certain ([`compare`]): otherwise the finding does not count. A finding without a fixed
//! version never counts. Of candidates that end equally many, the lowest is taken: the smallest step.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use crate::version::{compare, same_line};

/// Candidates that are looked at, those named most often first: a kernel has hundreds.
const CANDIDATES: usize = 64;

/// The fixed versions of a package's findings, as the scanner writes them, with how many findings name each.
#[derive(Debug, Default)]
pub struct Fixes(BTreeMap<String, u64>);

impl Fixes {
    /// One more finding with these fixed versions, separated by commas; none if empty.
    pub fn add(&mut self, versions: &str) {
        if versions.trim().is_empty() {
            return;
        }
        match self.0.get_mut(versions) {
            Some(count) => *count += 1,
            None => drop(self.0.insert(versions.to_owned(), 1)),
        }
    }

    /// The version to upgrade to from `installed`, and how many findings that ends.
    #[must_use]
    pub fn best(&self, installed: &str) -> Option<(String, u64)> {
        let candidates = self.candidates(installed);
        let ended = |version: &str| -> u64 {
            self.0.iter().filter(|(versions, _)| ends(version, versions)).map(|(_, count)| count).sum()
        };
        let counted = candidates.into_iter().map(|version| (version, ended(version)));
        let best = counted.reduce(|best, next| {
            let lower = compare(next.0, best.0) == Some(Ordering::Less);
            if next.1 > best.1 || (next.1 == best.1 && lower) { next } else { best }
        });
        best.map(|(version, ended)| (version.to_owned(), ended))
    }

    fn candidates(&self, installed: &str) -> Vec<&str> {
        let mut named: BTreeMap<&str, u64> = BTreeMap::new();
        for (versions, count) in &self.0 {
            for version in alternatives(versions) {
                *named.entry(version).or_default() += count;
            }
        }
        let below = |version: &str| compare(version, installed) == Some(Ordering::Less);
        if named.keys().any(|version| !below(version)) {
            named.retain(|version, _| !below(version));
        }
        let mut candidates: Vec<(&str, u64)> = named.into_iter().collect();
        candidates.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        candidates.truncate(CANDIDATES);
        candidates.into_iter().map(|(version, _)| version).collect()
    }
}

/// The version that ends a single finding from `installed`; `None` without a fix.
#[must_use]
pub fn of_one(versions: &str, installed: &str) -> Option<String> {
    let mut fixes = Fixes::default();
    fixes.add(versions);
    let lines = alternatives(versions).filter(|version| same_line(version, installed));
    let own_line = lines.into_iter().find(|version| compare(version, installed) == Some(Ordering::Greater));
    own_line.map(str::to_owned).or_else(|| fixes.best(installed).map(|(version, _)| version))
}

fn alternatives(versions: &str) -> impl Iterator<Item = &str> + Clone {
    versions.split(',').map(str::trim).filter(|version| !version.is_empty())
}

/// Whether `version` ends a finding that is fixed in `versions`; never if there are none.
#[must_use]
pub fn ends(version: &str, versions: &str) -> bool {
    let alternatives = alternatives(versions);
    let reaches = |fixed: &str| matches!(compare(version, fixed), Some(Ordering::Equal | Ordering::Greater));
    alternatives.clone().any(|fixed| fixed == version || (same_line(version, fixed) && reaches(fixed)))
        || (alternatives.clone().next().is_some() && alternatives.clone().all(reaches))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn best(installed: &str, fixes: &[&str]) -> Option<(String, u64)> {
        let mut all = Fixes::default();
        fixes.iter().for_each(|versions| all.add(versions));
        all.best(installed)
    }

    fn some(version: &str, ended: u64) -> Option<(String, u64)> {
        Some((version.to_owned(), ended))
    }

    #[test]
    fn the_highest_fix_ends_the_lower_ones() {
        assert_eq!(best("3.0.11-1", &["3.0.13-1", "3.0.15-1", "3.0.14-1"]), some("3.0.15-1", 3));
    }

    #[test]
    fn findings_without_a_fix_are_never_ended() {
        assert_eq!(best("1.0", &["", " "]), None);
        assert!(!ends("1.1", "") && !ends("1.1", " , "));
        assert_eq!(best("1.0", &["", "1.1"]), some("1.1", 1));
    }

    #[test]
    fn the_smallest_step_that_ends_as_many_is_taken() {
        assert_eq!(best("3.0.11", &["3.0.15, 3.2.1"]), some("3.0.15", 1));
        assert_eq!(best("3.0.11", &["3.0.15, 3.2.1", "3.0.13, 3.2.0"]), some("3.0.15", 2));
    }

    #[test]
    fn a_fix_of_another_line_does_not_count() {
        // 3.1.9 is later than 3.0.15, but its line got the first fix in 3.2.1 only.
        assert!(!ends("3.1.9", "3.0.15, 3.2.1") && ends("3.1.9", "3.0.15"));
        assert_eq!(best("3.0.11", &["3.0.15, 3.2.1", "3.1.9"]), some("3.2.1", 2));
        assert_eq!(best("3.0.11", &["3.0.15, 3.2.1", "3.3.0"]), some("3.3.0", 2));
    }

    #[test]
    fn no_step_goes_down() {
        assert_eq!(best("3.1.2", &["3.0.15, 3.1.4"]), some("3.1.4", 1));
        assert_eq!(of_one("3.0.15, 3.1.4", "3.1.2").unwrap(), "3.1.4");
        assert_eq!(of_one("2.9.10.8, 2.12.7.1", "2.9.8").unwrap(), "2.9.10.8");
        assert_eq!(of_one("", "1"), None);
    }

    #[test]
    fn what_cannot_be_compared_is_not_claimed() {
        let (_, ended) = best("1.0", &["1.1-rc1", "1.1-rc2"]).unwrap();
        assert_eq!(ended, 1);
    }
}
