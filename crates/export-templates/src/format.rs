//! How values are written in every report: one policy for times, digests, sizes, shares and counts.

use chrono::{DateTime, Utc};

/// Characters of a digest that a page shows; the whole one is in the manifest.
const DIGEST_SHOWN: usize = 12;

/// A time: `2026-11-23 14:05 UTC`.
#[must_use]
pub fn time(at: DateTime<Utc>) -> String {
    at.format("%Y-%m-%d %H:%M UTC").to_string()
}

/// A day: `2026-11-23`.
#[must_use]
pub fn date(at: DateTime<Utc>) -> String {
    at.format("%Y-%m-%d").to_string()
}

/// The first 12 characters of a digest, without its algorithm: `sha256:9f86d081884c7d65...` is `9f86d081884c`.
#[must_use]
pub fn short_digest(digest: &str) -> String {
    let hex = digest.rsplit_once(':').map_or(digest, |(_, hex)| hex);
    hex.chars().take(DIGEST_SHOWN).collect()
}

/// A size in decimal units: `812 B`, `4.2 MB`, `318 MB`.
#[must_use]
pub fn size(bytes: u64) -> String {
    if bytes < 1_000 {
        return format!("{bytes} B");
    }
    let mut value = bytes as f64;
    let mut unit = "B";
    for next in ["kB", "MB", "GB", "TB", "PB", "EB"] {
        if value < 999.5 {
            break;
        }
        value /= 1_000.0;
        unit = next;
    }
    if value < 9.95 { format!("{value:.1} {unit}") } else { format!("{value:.0} {unit}") }
}

/// A probability or share between 0 and 1: `94 %`, `2.4 %`, `< 0.1 %`, with spaces that never break.
#[must_use]
pub fn percent(share: f64) -> String {
    let value = share * 100.0;
    match value {
        v if v <= 0.0 => "0\u{A0}%".to_owned(),
        v if v < 0.1 => "<\u{A0}0.1\u{A0}%".to_owned(),
        v if v < 9.95 => format!("{v:.1}\u{A0}%"),
        // A share that is not whole is not called whole.
        v if v > 99.0 && v < 100.0 => "99\u{A0}%".to_owned(),
        v => format!("{v:.0}\u{A0}%"),
    }
}

/// `part` of `whole` as a share: `64 %`; a dash where there is no whole.
#[must_use]
pub fn share(part: u64, whole: u64) -> String {
    if whole == 0 { "–".to_owned() } else { percent(part as f64 / whole as f64) }
}

/// A count with thousands apart: `12,345`.
#[must_use]
pub fn count(count: u64) -> String {
    let digits = count.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// A CVSS score with its one decimal: `9.8`.
#[must_use]
pub fn score(score: f64) -> String {
    format!("{score:.1}")
}

/// The change from `before` to `now` with its sign: `+3`, `−4`, `no change`.
#[must_use]
pub fn change(before: u64, now: u64) -> String {
    match now.cmp(&before) {
        std::cmp::Ordering::Greater => format!("+{}", count(now - before)),
        std::cmp::Ordering::Less => format!("\u{2212}{}", count(before - now)),
        std::cmp::Ordering::Equal => "no change".to_owned(),
    }
}

/// A text as one paragraph of at most `limit` characters, cut at a word, with an ellipsis where it was cut.
#[must_use]
pub fn clip(text: &str, limit: usize) -> String {
    let words = text.split_whitespace();
    let mut out = String::new();
    let mut used = 0;
    for word in words {
        let length = word.chars().count() + usize::from(used > 0);
        if used + length > limit {
            if used == 0 {
                out.extend(word.chars().take(limit));
            }
            out.push('…');
            return out;
        }
        if used > 0 {
            out.push(' ');
        }
        out.push_str(word);
        used += length;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_in_utc_to_the_minute() {
        let at = DateTime::parse_from_rfc3339("2026-11-23T15:05:59+01:00").unwrap().to_utc();
        assert_eq!(time(at), "2026-11-23 14:05 UTC");
        assert_eq!(date(at), "2026-11-23");
    }

    #[test]
    fn digests_lose_their_algorithm_and_tail() {
        assert_eq!(short_digest("sha256:9f86d081884c7d659a2f"), "9f86d081884c");
        assert_eq!(short_digest("9f86"), "9f86");
        assert_eq!(short_digest("äöüäöüäöüäöüäöü"), "äöüäöüäöüäöü", "characters, not bytes");
    }

    #[test]
    fn sizes_have_two_digits_or_more() {
        let cases =
            [(0, "0 B"), (999, "999 B"), (1_000, "1.0 kB"), (4_200_000, "4.2 MB"), (318_000_000, "318 MB")];
        for (bytes, text) in cases {
            assert_eq!(size(bytes), text);
        }
        assert_eq!(size(999_999), "1.0 MB", "never 1000 kB");
        assert_eq!(size(u64::MAX), "18 EB");
    }

    #[test]
    fn shares_are_rounded_but_never_to_none_or_all() {
        let cases = [
            (0.0, "0 %"),
            (0.0004, "< 0.1 %"),
            (0.024, "2.4 %"),
            (0.0996, "10 %"),
            (0.94, "94 %"),
            (1.0, "100 %"),
        ];
        for (value, text) in cases {
            assert_eq!(percent(value), text.replace(' ', "\u{A0}"));
        }
        assert_eq!(share(9_999, 10_000), "99\u{A0}%");
        assert_eq!(share(0, 0), "–");
    }

    #[test]
    fn counts_and_changes() {
        assert_eq!(count(0), "0");
        assert_eq!(count(999), "999");
        assert_eq!(count(1_234_567), "1,234,567");
        assert_eq!(change(7, 10), "+3");
        assert_eq!(change(1_010, 10), "\u{2212}1,000");
        assert_eq!(change(5, 5), "no change");
        assert_eq!(score(9.0), "9.0");
    }

    #[test]
    fn clipped_text_ends_at_a_word() {
        assert_eq!(clip("one  two\n three", 20), "one two three");
        assert_eq!(clip("one two three", 8), "one two…");
        assert_eq!(clip("aaaaaaaaaa", 4), "aaaa…");
        assert_eq!(clip("", 4), "");
    }
}
