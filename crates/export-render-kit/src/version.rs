//! Which of two versions is later, without knowing the ecosystem.

use std::cmp::Ordering;

/// Marks of versions before a release. Ecosystems disagree on how they sort.
const PRE_RELEASE: [&str; 14] = [
    "a",
    "alpha",
    "b",
    "beta",
    "c",
    "cr",
    "dev",
    "m",
    "milestone",
    "nightly",
    "pre",
    "preview",
    "rc",
    "snapshot",
];

/// Compares as Debian does (deb-version(7)), which for numbers between dots, epochs and revisions is what the other
/// ecosystems do too. `None` where they may differ: one of the versions is a pre-release, and they are not the same text.
#[must_use]
pub fn compare(a: &str, b: &str) -> Option<Ordering> {
    if a == b {
        return Some(Ordering::Equal);
    }
    if is_pre_release(a) || is_pre_release(b) || a.is_empty() || b.is_empty() {
        return None;
    }
    let ((epoch_a, a), (epoch_b, b)) = (epoch(a), epoch(b));
    Some(epoch_a.cmp(&epoch_b).then_with(|| compare_parts(a, b)))
}

/// Whether both belong to one release line: the same first two numbers.
#[must_use]
pub fn same_line(a: &str, b: &str) -> bool {
    line(a).is_some_and(|line_of_a| Some(line_of_a) == line(b))
}

fn line(version: &str) -> Option<(u64, &str, &str)> {
    let (epoch, version) = epoch(version);
    let mut numbers = version.split('.');
    let (major, minor) = (numbers.next()?, numbers.next()?);
    let digits = minor.len() - minor.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    Some((epoch, major, &minor[..digits]))
}

/// The epoch before a colon, and the rest without a leading `v`.
fn epoch(version: &str) -> (u64, &str) {
    let split = version.split_once(':').and_then(|(epoch, rest)| Some((epoch.parse().ok()?, rest)));
    let (epoch, rest) = split.unwrap_or((0, version));
    (epoch, rest.strip_prefix('v').unwrap_or(rest))
}

fn is_pre_release(version: &str) -> bool {
    let words = version.split(|c: char| !c.is_ascii_alphabetic());
    words.into_iter().any(|word| PRE_RELEASE.contains(&word.to_ascii_lowercase().as_str()))
}

/// Runs of other characters and runs of digits in turn.
fn compare_parts(mut a: &str, mut b: &str) -> Ordering {
    while !(a.is_empty() && b.is_empty()) {
        let (words_a, words_b) = (head(&mut a, false), head(&mut b, false));
        let (digits_a, digits_b) = (head(&mut a, true), head(&mut b, true));
        let order = compare_words(words_a, words_b).then_with(|| compare_digits(digits_a, digits_b));
        if order.is_ne() {
            return order;
        }
    }
    Ordering::Equal
}

fn head<'a>(text: &mut &'a str, digits: bool) -> &'a str {
    let end = text.find(|c: char| c.is_ascii_digit() != digits).unwrap_or(text.len());
    let (head, rest) = text.split_at(end);
    *text = rest;
    head
}

/// Numbers of any length.
fn compare_digits(a: &str, b: &str) -> Ordering {
    let (a, b) = (a.trim_start_matches('0'), b.trim_start_matches('0'));
    a.len().cmp(&b.len()).then_with(|| a.cmp(b))
}

/// A tilde sorts before the end, the end before letters, letters before everything else.
fn compare_words(a: &str, b: &str) -> Ordering {
    let weight = |c: Option<char>| match c {
        Some('~') => (0, '~'),
        None => (1, ' '),
        Some(letter) if letter.is_ascii_alphabetic() => (2, letter),
        Some(other) => (3, other),
    };
    let (mut a, mut b) = (a.chars(), b.chars());
    loop {
        let (one, other) = (a.next(), b.next());
        let order = weight(one).cmp(&weight(other));
        if order.is_ne() || one.is_none() {
            return order;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_of_many_ecosystems_compare() {
        for (earlier, later) in [
            ("3.0.11-1~deb12u2", "3.0.15-1~deb12u1"),
            ("2.36-9+deb12u4", "2.36-9+deb12u10"),
            ("9.9", "1:1.0"),
            ("1.0~1", "1.0"),
            ("1.2.3-r4", "1.2.3-r10"),
            ("v0.17.0", "v0.38.0"),
            ("0.9.9", "v1.0.0"),
            ("2.12.7", "2.12.7.1"),
            ("5.3.9", "5.3.18"),
            ("1.0.1e", "1.0.1f"),
            ("99999999999999999999998", "99999999999999999999999"),
        ] {
            assert_eq!(compare(earlier, later), Some(Ordering::Less), "{earlier} {later}");
            assert_eq!(compare(later, earlier), Some(Ordering::Greater), "{later} {earlier}");
        }
    }

    #[test]
    fn pre_releases_are_not_compared() {
        assert_eq!(compare("1.0.0-rc1", "1.0.0"), None);
        assert_eq!(compare("1.0.0", "1.0.0.dev3"), None);
        assert_eq!(compare("1.0b2", "1.0b2"), Some(Ordering::Equal));
        assert_eq!(compare("", "1"), None);
    }

    #[test]
    fn a_line_is_two_numbers() {
        assert!(same_line("3.0.11-1", "3.0.15-1") && same_line("1:4.2-1", "1:4.2-7"));
        assert!(!same_line("3.0.11", "3.1.0") && !same_line("1:3.0", "3.0") && !same_line("3", "3"));
    }
}
