//! External references.

use crate::object::{Object, text};

/// An external reference of CycloneDX.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Reference {
    /// CycloneDX's type: `vcs`, `advisories`.
    pub(crate) kind: String,
    pub(crate) url: String,
    pub(crate) comment: Option<String>,
}

impl Reference {
    /// The reference, unless it leads nowhere.
    pub(crate) fn of(object: &Object) -> Option<Self> {
        let (kind, url) = (text(object, "type"), text(object, "url"));
        let comment = Some(text(object, "comment")).filter(|comment| !comment.is_empty());
        let reference =
            Self { kind: kind.to_owned(), url: url.to_owned(), comment: comment.map(str::to_owned) };
        (!kind.is_empty() && !url.is_empty()).then_some(reference)
    }
}

/// Whether a text can stand where SPDX wants a locator without spaces.
pub(crate) fn is_reference(text: &str) -> bool {
    !text.is_empty()
        && !text.contains(|c: char| {
            c.is_whitespace()
                || c.is_control()
                || matches!(c, '<' | '>' | '"' | '\\' | '^' | '`' | '{' | '|' | '}')
        })
}

/// Whether a text is an address as SPDX 2 wants it for downloads and home pages (2.3, 7.7): a host with a domain, behind a
/// scheme that fetches something.
pub(crate) fn is_web(text: &str) -> bool {
    const SCHEMES: [&str; 8] = ["http", "https", "ssh", "git", "svn", "sftp", "ftp", "hg"];
    let Some((scheme, rest)) = text.split_once("://") else { return false };
    let scheme = scheme.rsplit('+').next().unwrap_or(scheme);
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = authority.rsplit('@').next().unwrap_or_default();
    let host = host.split(':').next().unwrap_or_default();
    let is_label = |label: &str| {
        let edges = !label.starts_with('-') && !label.ends_with('-') && !label.is_empty();
        edges && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    let top = host.rsplit('.').next().unwrap_or_default();
    let top_is_one = top.len() >= 2 && top.bytes().take(2).all(|byte| byte.is_ascii_alphabetic());
    SCHEMES.contains(&scheme)
        && host.contains('.')
        && host.split('.').all(is_label)
        && top_is_one
        && is_reference(text)
}

/// Whether a text is a download location of SPDX 2 (2.3, 7.7): an address, one of a version control system, or a word.
pub(crate) fn is_download(text: &str) -> bool {
    let is_shell = text.starts_with("git+git@") || text.starts_with("bzr+lp:");
    matches!(text, "NONE" | "NOASSERTION") || is_web(text) || (is_shell && is_reference(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_told_from_other_texts() {
        for text in
            ["https://example.org/a?b#c", "git+https://github.com/a/b.git@1", "ftp://u@ftp.gnu.org:21/x"]
        {
            assert!(is_web(text), "{text}");
        }
        for text in [
            "https://localhost/x",
            "http://1.2.3.4/x",
            "example.org",
            "https://a b.org",
            "javascript:alert(1)",
            "https://-a.org",
            "",
        ] {
            assert!(!is_web(text), "{text}");
        }
    }
}
