//! Paths and addresses as URIs (RFC 3986).

use std::fmt::Write as _;

/// Appends `path` as a relative reference below its base: percent-encoded, without a leading `/`, without steps out of the
/// base. Appends nothing if nothing is left of it.
pub(crate) fn relative(out: &mut String, path: &str) {
    if is_clean(path.as_bytes()) {
        return out.push_str(path);
    }
    let start = out.len();
    for segment in path.split(['/', '\\']) {
        match segment {
            "" | "." => {}
            ".." => {
                let end = out[start..].rfind('/').map_or(start, |slash| start + slash);
                out.truncate(end);
            }
            name => {
                if out.len() > start {
                    out.push('/');
                }
                encode(out, name);
            }
        }
    }
}

/// Whether a path is a relative reference as it stands, as most are: no part is empty or begins with a dot.
fn is_clean(path: &[u8]) -> bool {
    let mut before = b'/';
    let clean = path.iter().all(|byte| {
        let begins = std::mem::replace(&mut before, *byte) == b'/';
        PLAIN[usize::from(*byte)] && !(begins && matches!(byte, b'/' | b'.'))
    });
    clean && before != b'/'
}

/// What stands for itself anywhere in a path: unreserved characters, most delimiters, and the slash between its parts.
const PLAIN: [bool; 256] = {
    let mut plain = [false; 256];
    let characters = b"-._~@+,=!$&'()*;/";
    let mut at = 0;
    while at < 256 {
        plain[at] = (at as u8).is_ascii_alphanumeric();
        at += 1;
    }
    at = 0;
    while at < characters.len() {
        plain[characters[at] as usize] = true;
        at += 1;
    }
    plain
};

/// Everything but what is allowed anywhere in a path; a `:` is encoded, for in the first segment it would end a scheme.
fn encode(out: &mut String, segment: &str) {
    for byte in segment.bytes() {
        if PLAIN[usize::from(byte)] {
            out.push(char::from(byte));
        } else {
            write!(out, "%{byte:02X}").expect("a String takes all that it is given");
        }
    }
}

/// Whether `text` is an absolute `http` or `https` URI that needs no repair.
pub(crate) fn is_web_address(text: &str) -> bool {
    let Some(rest) = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://")) else {
        return false;
    };
    let host = &rest[..rest.find(['/', '?', '#']).unwrap_or(rest.len())];
    let named = host.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._:".contains(&byte));
    let starts = host.bytes().next().is_some_and(|byte| byte.is_ascii_alphanumeric());
    let ported = host.split_once(':').is_none_or(|(_, port)| port.bytes().all(|byte| byte.is_ascii_digit()));
    named && starts && ported && text.matches('#').count() <= 1 && are_uri_bytes(rest.as_bytes())
}

fn are_uri_bytes(bytes: &[u8]) -> bool {
    bytes.iter().enumerate().all(|(at, byte)| match byte {
        b'%' => bytes.get(at + 1..at + 3).is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit)),
        _ => byte.is_ascii_alphanumeric() || b"-._~:/?#@!$&'()*+,;=".contains(byte),
    })
}

/// The name of an image without its tag and digest: what stays the same from one build to the next.
pub(crate) fn repository(image: &str) -> &str {
    let name = image.split_once('@').map_or(image, |(name, _)| name);
    let last = name.rfind('/').map_or(0, |slash| slash + 1);
    name[last..].find(':').map_or(name, |colon| &name[..last + colon])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_stay_below_their_base() {
        for (path, uri) in [
            ("usr/lib/libssl.so.3", "usr/lib/libssl.so.3"),
            ("/app//package-lock.json", "app/package-lock.json"),
            ("../../etc/passwd", "etc/passwd"),
            ("a/./b/../c", "a/c"),
            ("C:\\con\\aux.txt", "C%3A/con/aux.txt"),
            ("größe 100%?#[x]", "gr%C3%B6%C3%9Fe%20100%25%3F%23%5Bx%5D"),
            ("https://evil.example/x", "https%3A/evil.example/x"),
            (".github/../.hidden/a", ".hidden/a"),
            ("a/", "a"),
            ("node_modules/@babel/core", "node_modules/@babel/core"),
            ("/", ""),
        ] {
            let mut out = "x".to_owned();
            relative(&mut out, path);
            assert_eq!(out[1..], *uri, "{path}");
        }
    }

    #[test]
    fn only_clean_web_addresses_are_links() {
        for good in ["https://nvd.nist.gov/vuln/detail/CVE-2021-44228", "http://a.example:80/x?y=%20#z"] {
            assert!(is_web_address(good), "{good}");
        }
        for bad in [
            "javascript:alert(1)",
            "https://",
            "https:///x",
            "https://a b",
            "https://a.example/\"><b>",
            "https://a.example/%zz",
            "https://user@a.example/",
            "https://a.example/#a#b",
            "ftp://a.example",
            "https://a.example/é",
        ] {
            assert!(!is_web_address(bad), "{bad}");
        }
    }

    #[test]
    fn a_repository_has_no_tag() {
        for (image, name) in [
            ("registry.example:5000/team/app:1.2@sha256:00", "registry.example:5000/team/app"),
            ("alpine:3.10", "alpine"),
            ("registry.example:5000/app", "registry.example:5000/app"),
        ] {
            assert_eq!(repository(image), name);
        }
    }
}
