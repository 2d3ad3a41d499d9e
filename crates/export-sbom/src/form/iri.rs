//! Links, absolute or not (RFC 3987, `IRI-reference`).

use std::borrow::Cow;
use std::net::Ipv6Addr;

/// Whether `text` is a link as it stands.
#[must_use]
pub fn fits(text: &str) -> bool {
    let (text, fragment) = split(text, '#');
    let (text, query) = split(text, '?');
    let (scheme, rest) = match text.find([':', '/']) {
        Some(at) if text[at..].starts_with(':') => (Some(&text[..at]), &text[at + 1..]),
        _ => (None, text),
    };
    let (authority, path) = match rest.strip_prefix("//") {
        Some(rest) => rest.split_at(rest.find('/').unwrap_or(rest.len())),
        None => ("", rest),
    };
    scheme.is_none_or(is_scheme)
        && is_authority(authority)
        && consists_of(path, |c| is_path(c) || c == '/')
        && query.is_none_or(|it| consists_of(it, |c| is_path(c) || "/?".contains(c) || is_private(c)))
        && fragment.is_none_or(|it| consists_of(it, |c| is_path(c) || "/?".contains(c)))
}

/// Whether `text` is a link with a scheme.
#[must_use]
pub fn is_absolute(text: &str) -> bool {
    fits(text) && text.find([':', '/', '?', '#']).is_some_and(|at| text[at..].starts_with(':'))
}

/// The link that `text` means: what a link cannot have is percent-encoded, so that decoding gives the text back.
#[must_use]
pub fn repair(text: &str) -> Cow<'_, str> {
    if fits(text) {
        return Cow::Borrowed(text);
    }
    let stays = |c| is_path(c) || "/?#".contains(c);
    let (first, rest) = text.split_at(text.find(['/', '?', '#']).unwrap_or(text.len()));
    // `git@example.org:a/b` has no scheme: without one, a colon may stand only behind the first `/`.
    let without_scheme = || encode(first, |c| is_path(c) && c != ':') + &encode(rest, stays);
    let attempts = [encode(text, stays), without_scheme()];
    let repaired = attempts.into_iter().find(|attempt| fits(attempt));
    Cow::Owned(repaired.unwrap_or_else(|| encode(text, is_unreserved)))
}

/// The link that `text` means in ASCII (RFC 3987, 3.1), on which all readers agree.
#[must_use]
pub fn to_uri(text: &str) -> Cow<'_, str> {
    match repair(text) {
        link if link.is_ascii() => link,
        link => Cow::Owned(encode(&link, |c| c.is_ascii())),
    }
}

fn encode(text: &str, stays: impl Fn(char) -> bool) -> String {
    let mut link = String::with_capacity(text.len() + 16);
    let mut has_fragment = false;
    for (at, c) in text.char_indices() {
        let may_stand = match c {
            '%' => is_escape(&text[at..]),
            '#' => !std::mem::replace(&mut has_fragment, true),
            _ => true,
        };
        if may_stand && stays(c) {
            link.push(c);
        } else {
            let mut bytes = [0; 4];
            for byte in c.encode_utf8(&mut bytes).bytes() {
                link.push_str(&format!("%{byte:02X}"));
            }
        }
    }
    link
}

fn split(text: &str, at: char) -> (&str, Option<&str>) {
    text.split_once(at).map_or((text, None), |(head, tail)| (head, Some(tail)))
}

fn is_scheme(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c))
}

fn is_authority(text: &str) -> bool {
    let (user, host) = text.rsplit_once('@').map_or(("", text), |(user, host)| (user, host));
    let (host, port) = match host.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((address, port)) => {
            if address.parse::<Ipv6Addr>().is_err() || !(port.is_empty() || port.starts_with(':')) {
                return false;
            }
            ("", port.trim_start_matches(':'))
        }
        None => host.rsplit_once(':').unwrap_or((host, "")),
    };
    let is_name = |c: char| is_unreserved(c) || "!$&'()*+,;=%".contains(c);
    consists_of(user, |c| is_name(c) || c == ':')
        && consists_of(host, is_name)
        && port.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether all characters may stand, and each `%` begins an escape.
fn consists_of(text: &str, may_stand: impl Fn(char) -> bool) -> bool {
    text.char_indices().all(|(at, c)| may_stand(c) && (c != '%' || is_escape(&text[at..])))
}

fn is_escape(text: &str) -> bool {
    text.as_bytes().get(1..3).is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit))
}

/// `ipchar` of RFC 3987, 2.2, and the `%` of an escape.
fn is_path(c: char) -> bool {
    is_unreserved(c) || "!$&'()*+,;=:@%".contains(c)
}

/// `iunreserved` of RFC 3987, 2.2.
fn is_unreserved(c: char) -> bool {
    match u32::from(c) {
        0..0x80 => c.is_ascii_alphanumeric() || "-._~".contains(c),
        0xA0..=0xD7FF | 0xF900..=0xFDCF | 0xFDF0..=0xFFEF => true,
        0xE0000..=0xE0FFF => false,
        code @ 0x10000..=0xEFFFF => code & 0xFFFF <= 0xFFFD,
        _ => false,
    }
}

/// `iprivate` of RFC 3987, 2.2.
fn is_private(c: char) -> bool {
    let code = u32::from(c);
    (0xE000..=0xF8FF).contains(&code) || (code >= 0xF0000 && code & 0xFFFF <= 0xFFFD)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_are_told_from_texts() {
        for good in [
            "",
            "a",
            "/a/b?c=d/?#e",
            "https://user:pw@example.org:8080/a%20b",
            "http://[::1]:80/",
            "urn:cdx:x/1#y",
            "mailto:a@b",
            "../x",
            "//host/x",
            "http://例え.jp/ü",
            "?q",
            "#f",
            "javascript:alert(1)",
            "a/b:c",
            "http://host:/",
            "pkg:npm/%40a/b@1?x=y",
        ] {
            assert!(fits(good), "{good}");
        }
        for bad in [
            " ",
            "a b",
            "http://a b/",
            "%zz",
            "a#b#c",
            "http://[x]/",
            "http://host:port/",
            "1a:b",
            ":",
            "<a>",
            "a\\b",
            "a|b",
            "^",
            "`",
            "{x}",
            "\u{7}",
            "\u{fffe}",
            "http://[::1]x/",
        ] {
            assert!(!fits(bad), "{bad:?}");
        }
        assert!(is_absolute("urn:x:y") && !is_absolute("/x:y") && !is_absolute("a"));
    }

    #[test]
    fn repairing_keeps_what_a_link_means() {
        for (text, link) in [
            ("https://example.org/a", "https://example.org/a"),
            ("https://example.org/a b", "https://example.org/a%20b"),
            ("C:\\con\\aux.txt", "C:%5Ccon%5Caux.txt"),
            ("100% sure", "100%25%20sure"),
            ("a#b#c", "a#b%23c"),
            ("http://host:port/", "http%3A//host:port/"),
            ("http://host:port/:\u{fffe}//", "http%3A//host:port/:%EF%BF%BE//"),
            ("two\nlines", "two%0Alines"),
            ("git@example.org:a/b.git", "git@example.org%3Aa/b.git"),
        ] {
            assert_eq!(repair(text), link);
            assert!(fits(&repair(text)), "{text}");
        }
        assert_eq!(to_uri("http://例え.jp/ü%20"), "http://%E4%BE%8B%E3%81%88.jp/%C3%BC%20");
    }
}
