//! Which paths a bundle may hold.

use std::cmp::Ordering;

use crate::refusal::Refusal;

/// Longer paths cannot be unpacked anywhere (`PATH_MAX` of Linux).
const LONGEST: usize = 4_096;

/// Whether a file or folder may have this path, without a slash at its end.
pub(crate) fn check(path: &str) -> Result<(), Refusal> {
    problem(path).map_or(Ok(()), |reason| Err(Refusal::not_safe(reason).at(path)))
}

fn problem(path: &str) -> Option<&'static str> {
    if path.len() > LONGEST {
        return Some("the path is too long");
    }
    if path.starts_with('/') {
        return Some("the path is absolute");
    }
    if matches!(path.as_bytes(), [letter, b':', ..] if letter.is_ascii_alphabetic()) {
        return Some("the path begins with a drive");
    }
    if path.contains('\\') || path.contains(char::is_control) {
        return Some("the path has a backslash or a control character");
    }
    path.split('/')
        .any(|part| matches!(part, "" | "." | ".."))
        .then_some("the path has a part that is empty, `.` or `..`")
}

/// A path that is text. Those who do not speak UTF-8 would see another.
pub(crate) fn text(path: Vec<u8>) -> Result<String, Refusal> {
    String::from_utf8(path).map_err(|error| {
        Refusal::ambiguous("the path is not UTF-8").at(&String::from_utf8_lossy(error.as_bytes()))
    })
}

/// A path, and whether it is a folder's.
pub(crate) type Place<'a> = (&'a str, bool);

/// Whether all can be unpacked beside each other, and every folder is one of a file. The first that is wrong is told.
///
/// Sorted so that a folder stands directly before what is in it, only neighbours need a look: what is held does not grow with
/// the depth of paths.
pub(crate) fn check_all<'a>(places: impl Iterator<Item = Place<'a>>) -> Result<(), Refusal> {
    let mut sorted: Vec<(Place<'a>, usize)> = places.zip(0..).collect();
    sorted.sort_unstable_by(|((a, _), at), ((b, _), bt)| order(a, b).then(at.cmp(bt)));
    let next = sorted.iter().skip(1).map(Some).chain([None]);
    let wrong = sorted.iter().zip(next).filter_map(|(this, next)| clash(*this, next.copied()));
    wrong.min_by_key(|(at, _)| *at).map_or(Ok(()), |(_, refusal)| Err(refusal))
}

/// The slash before all others; control characters are no part of paths.
fn order(a: &str, b: &str) -> Ordering {
    let rank = |byte: u8| if byte == b'/' { 0 } else { byte };
    a.bytes().map(rank).cmp(b.bytes().map(rank))
}

fn clash(
    ((path, folder), at): (Place<'_>, usize),
    next: Option<(Place<'_>, usize)>,
) -> Option<(usize, Refusal)> {
    let rest = next.and_then(|((next, _), _)| next.strip_prefix(path));
    let behind = next.map_or(at, |(_, next)| next.max(at));
    let (at, reason) = match rest {
        Some("") => (behind, "the path is there twice"),
        Some(rest) if rest.starts_with('/') && !folder => (behind, "a file has the path of a folder"),
        Some(rest) if rest.starts_with('/') => return None,
        _ => return None,
    };
    Some((at, Refusal::ambiguous(reason).at(path)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::refusal::Code;

    #[test]
    fn takes_safe_paths() {
        let long = "x".repeat(LONGEST);
        for path in
            ["a", "a.b/c", "..a/b..", ".hidden", "\u{dc}ber/\u{6574}.csv", "a b", "-rf", "ab:c", &long]
        {
            assert_eq!(check(path), Ok(()), "{path}");
        }
    }

    #[test]
    fn refuses_what_would_land_elsewhere() {
        let long = "x".repeat(LONGEST + 1);
        let parts = ["", ".", "..", "/", "/a", "a/", "a//b", "./a", "a/.", "../a", "a/../b", "a/.."];
        let odd = [r"a\b", r"..\a", r"C:\a", "C:/a", "c:a", "a\0", "a\nb", "\u{7f}", "\u{85}", &long];
        for path in parts.into_iter().chain(odd) {
            assert_eq!(check(path).unwrap_err().code, Code::Unsafe, "{path:?}");
        }
    }

    #[test]
    fn all_must_fit_beside_each_other() {
        let at = |places: &[Place<'static>]| check_all(places.iter().copied()).map_err(|it| it.path.unwrap());
        assert_eq!(at(&[]), Ok(()));
        assert_eq!(at(&[("a!", false), ("a/b", false), ("a", true), ("a.b", false)]), Ok(()));
        assert_eq!(at(&[("a/b", true), ("a/b/c/d", false), ("a", true), ("a/b/c", true)]), Ok(()));
        assert_eq!(at(&[("b", false), ("a", false), ("b", false)]), Err("b".to_owned()));
        assert_eq!(at(&[("b", true), ("b/a", false), ("b", true)]), Err("b".to_owned()));
        assert_eq!(at(&[("b", false), ("b!", false), ("b/a", false)]), Err("b".to_owned()));
        assert_eq!(at(&[("b/c/d", false), ("b!", false), ("b", false)]), Err("b".to_owned()));
        // A folder without files says nothing.
        assert_eq!(at(&[("b", true), ("b!", false)]), Ok(()));
        assert_eq!(at(&[("b", true), ("b/c", true)]), Ok(()));
    }

    #[test]
    fn the_first_is_told() {
        let places = [("z", false), ("z", false), ("a", false), ("a", false)];
        assert_eq!(check_all(places.into_iter()).unwrap_err().path.as_deref(), Some("z"));
    }
}
