//! Which addresses become links.

/// Excel takes 2,083 characters with the fragment; the library 2,080.
const LONGEST: usize = 2_079;

/// Whether Excel follows `address` as it stands: `http` or `https` to a host, in characters that nobody has to escape.
///
/// A percent sign is not among them: the library would write it as `%25`, which leads elsewhere. A workbook with a target
/// that is no URI (RFC 3986) is one that Excel wants to repair, so what is in doubt stays text.
pub(crate) fn is_link(address: &str) -> bool {
    let rest = address.strip_prefix("https://").or_else(|| address.strip_prefix("http://"));
    let starts_with_host = |rest: &str| rest.starts_with(|c: char| c.is_ascii_alphanumeric());
    let fragments = address.bytes().filter(|byte| *byte == b'#').count();
    rest.is_some_and(starts_with_host)
        && address.len() <= LONGEST
        && fragments <= 1
        && address.bytes().all(is_plain)
}

/// What RFC 3986 calls unreserved or reserved, without brackets and quotes.
const fn is_plain(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
        || matches!(
            byte,
            b'-' | b'.' | b'_' | b'~' | b':' | b'/' | b'?' | b'#' | b'@' | b'!' | b'$' | b'&' | b'(' | b')'
        )
        || matches!(byte, b'*' | b'+' | b',' | b';' | b'=')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_web_addresses_are_links() {
        for address in [
            "https://avd.aquasec.com/nvd/cve-2021-44228",
            "http://a.example:8080/x?q=1&r=a+b,c;d#part-2",
            "https://security-tracker.debian.org/tracker/CVE-2024-1",
        ] {
            assert!(is_link(address), "{address}");
        }
        for address in [
            "",
            "javascript:alert(1)",
            "file:///etc/passwd",
            "internal:Summary!A1",
            "ftp://a.example/",
            "HTTPS://a.example/",
            "https://",
            "https:///etc/passwd",
            "https://a.example/a b",
            "https://a.example/%40scope",
            "https://a.example/\"&A1",
            "https://a.example/é",
            "https://a.example/\u{202e}gnp",
            "https://a.example/#a#b",
            "https://a.example/\n",
            "=HYPERLINK(\"http://a.example\")",
        ] {
            assert!(!is_link(address), "{address}");
        }
        let of_length = |length: usize| format!("https://a.example/{}", "x".repeat(length - 18));
        assert!(is_link(&of_length(LONGEST)) && !is_link(&of_length(LONGEST + 1)));
    }
}
