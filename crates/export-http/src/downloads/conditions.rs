//! What a client still needs: `If-None-Match`, `Range`, `If-Range` (RFC 9110, 13 and 14).

use axum::http::HeaderMap;
use axum::http::header::{IF_NONE_MATCH, IF_RANGE, RANGE};
use export_core::ports::ByteRange;

/// What is to be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wanted {
    /// The client has it: 304.
    Nothing,
    /// Everything: 200.
    All,
    /// One range: 206.
    Part(ByteRange),
    /// A range without any byte: 416.
    Impossible,
}

/// Evaluates the conditions in the order of RFC 9110, 13.2.2, for an artifact of `size` bytes with this entity tag.
pub(crate) fn wanted(headers: &HeaderMap, etag: &str, size: u64, ranges: bool) -> Wanted {
    if headers.get_all(IF_NONE_MATCH).iter().any(|value| value.to_str().is_ok_and(|tags| matches(tags, etag)))
    {
        return Wanted::Nothing;
    }
    // A range of something else, or one that nobody can read, is a request for everything.
    let same = headers.get(IF_RANGE).is_none_or(|value| value.as_bytes() == etag.as_bytes());
    let mut values = headers.get_all(RANGE).iter();
    match (values.next().and_then(|value| value.to_str().ok()), values.next()) {
        (Some(range), None) if ranges && same => part(range, size),
        _ => Wanted::All,
    }
}

/// The weak comparison of RFC 9110, 8.8.3.2, with each of a list.
fn matches(tags: &str, etag: &str) -> bool {
    tags.split(',').map(str::trim).any(|tag| tag == "*" || tag.strip_prefix("W/").unwrap_or(tag) == etag)
}

/// One byte range (RFC 9110, 14.1.2). Several are answered with everything, which 14.2 allows.
fn part(range: &str, size: u64) -> Wanted {
    let Some((first, last)) = range.strip_prefix("bytes=").and_then(|one| one.trim().split_once('-')) else {
        return Wanted::All;
    };
    let (start, end) = match (position(first), position(last)) {
        (Position::At(first), Position::At(last)) => (first, last.saturating_add(1).min(size)),
        (Position::At(first), Position::Absent) => (first, size),
        (Position::Absent, Position::At(length)) => (size.saturating_sub(length), size),
        (Position::Absent, Position::Absent) | (Position::Unreadable, _) | (_, Position::Unreadable) => {
            return Wanted::All;
        }
    };
    if start < end { Wanted::Part(ByteRange { start, end }) } else { Wanted::Impossible }
}

enum Position {
    Absent,
    At(u64),
    Unreadable,
}

fn position(digits: &str) -> Position {
    if digits.is_empty() {
        Position::Absent
    } else if digits.bytes().all(|byte| byte.is_ascii_digit()) {
        // A number too large for any artifact lies behind its end.
        Position::At(digits.parse().unwrap_or(u64::MAX))
    } else {
        Position::Unreadable
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn bytes(start: u64, end: u64) -> Wanted {
        Wanted::Part(ByteRange { start, end })
    }

    #[test]
    fn ranges_of_ten_bytes() {
        for (range, expected) in [
            ("bytes=0-0", bytes(0, 1)),
            ("bytes=2-5", bytes(2, 6)),
            ("bytes=7-", bytes(7, 10)),
            ("bytes=-3", bytes(7, 10)),
            ("bytes=-99", bytes(0, 10)),
            ("bytes=5-99999999999999999999999", bytes(5, 10)),
            ("bytes=10-", Wanted::Impossible),
            ("bytes=99999999999999999999999-", Wanted::Impossible),
            ("bytes=5-2", Wanted::Impossible),
            ("bytes=-0", Wanted::Impossible),
            ("bytes=abc", Wanted::All),
            ("bytes=-", Wanted::All),
            ("bytes=+1-2", Wanted::All),
            ("bytes=0-0,-1", Wanted::All),
            ("lines=0-1", Wanted::All),
        ] {
            assert_eq!(part(range, 10), expected, "{range}");
        }
        assert_eq!(part("bytes=0-", 0), Wanted::Impossible);
    }

    #[test]
    fn conditions_come_before_ranges() {
        let headers = |pairs: &[(axum::http::HeaderName, &'static str)]| {
            let pairs = pairs.iter().cloned();
            pairs
                .map(|(name, value)| (name, axum::http::HeaderValue::from_static(value)))
                .collect::<HeaderMap>()
        };
        let ask = |pairs: &[_], ranges| wanted(&headers(pairs), "\"a\"", 10, ranges);
        let range = (RANGE, "bytes=0-1");
        assert_eq!(ask(&[(IF_NONE_MATCH, "\"b\", W/\"a\""), range.clone()], true), Wanted::Nothing);
        assert_eq!(ask(&[(IF_NONE_MATCH, "*")], true), Wanted::Nothing);
        assert_eq!(ask(&[(IF_NONE_MATCH, "\"b\""), range.clone()], true), bytes(0, 2));
        assert_eq!(ask(&[(IF_RANGE, "\"a\""), range.clone()], true), bytes(0, 2));
        assert_eq!(ask(&[(IF_RANGE, "W/\"a\""), range.clone()], true), Wanted::All);
        assert_eq!(ask(&[(IF_RANGE, "\"b\""), range.clone()], true), Wanted::All);
        assert_eq!(ask(std::slice::from_ref(&range), false), Wanted::All);
    }
}
