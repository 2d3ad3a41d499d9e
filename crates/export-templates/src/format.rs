//! How values are written in every report: one policy for times, digests, sizes, shares and counts.

use chrono::{DateTime, Utc};
pub use export_render_kit::number::{change, count, percent, share};

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

/// A CVSS score with its one decimal: `9.8`.
#[must_use]
pub fn score(score: f64) -> String {
    format!("{score:.1}")
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
    fn scores_have_one_decimal() {
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
