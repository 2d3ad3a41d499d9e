//! Components and the places they are found in.

use serde::{Deserialize, Serialize};

use crate::text::Text;

/// A piece of software inside an artifact.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Component<'a> {
    /// The name in its ecosystem: `openssl`, `@babel/traverse`, `org.yaml:snakeyaml`.
    #[serde(borrow)]
    pub name: Text<'a>,
    /// The installed version; empty if unknown.
    #[serde(borrow)]
    pub version: Text<'a>,
    /// The package URL, as the scanner writes it.
    #[serde(borrow)]
    pub purl: Option<Text<'a>>,
    /// The ecosystem or package manager as the scanner names it: `debian`, `npm`, `jar`.
    #[serde(borrow)]
    pub ecosystem: Text<'a>,
}

/// A place in an artifact.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Location<'a> {
    /// The path inside the artifact; empty if the scanner names only a layer.
    #[serde(borrow)]
    pub path: Text<'a>,
    /// First line, counted from 1.
    pub start_line: Option<u32>,
    /// Last line, counted from 1.
    pub end_line: Option<u32>,
    /// The digest of the image layer.
    #[serde(borrow)]
    pub layer: Option<Text<'a>>,
}

/// A view on a package URL (purl specification, "Package URL core"): the parts that identity needs.
///
/// ```
/// use export_core::finding::Purl;
/// let purl = Purl::of("pkg:deb/debian/openssl@3.0.11-1?arch=amd64#x");
/// assert_eq!(purl.without_qualifiers(), "pkg:deb/debian/openssl@3.0.11-1");
/// assert_eq!(purl.without_version(), "pkg:deb/debian/openssl");
/// assert_eq!(purl.version(), Some("3.0.11-1"));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Purl<'a> {
    identity: &'a str,
    version_at: Option<usize>,
}

impl<'a> Purl<'a> {
    /// Looks at `text`; qualifiers and sub-path are left out.
    #[must_use]
    pub fn of(text: &'a str) -> Self {
        let end = text.find(['?', '#']).unwrap_or(text.len());
        let identity = &text[..end];
        // An `@` before the last `/` is a scope written without percent-encoding: `pkg:npm/@babel/core`.
        let name_at = identity.rfind('/').map_or(0, |slash| slash + 1);
        let version_at = identity[name_at..].rfind('@').filter(|at| *at > 0).map(|at| name_at + at);
        Self { identity, version_at }
    }

    /// Type, namespace, name and version.
    #[must_use]
    pub const fn without_qualifiers(&self) -> &'a str {
        self.identity
    }

    /// Type, namespace and name.
    #[must_use]
    pub fn without_version(&self) -> &'a str {
        &self.identity[..self.version_at.unwrap_or(self.identity.len())]
    }

    /// The version, still percent-encoded.
    #[must_use]
    pub fn version(&self) -> Option<&'a str> {
        self.version_at.map(|at| &self.identity[at + 1..])
    }
}

#[cfg(test)]
mod tests {
    use super::Purl;

    #[test]
    fn scopes_are_no_versions() {
        for (text, name, version) in [
            ("pkg:npm/%40babel/core@7.1.0", "pkg:npm/%40babel/core", Some("7.1.0")),
            ("pkg:npm/@babel/core", "pkg:npm/@babel/core", None),
            ("pkg:npm/@scope", "pkg:npm/@scope", None),
            ("pkg:npm/lodash@4.17.20#lib/x", "pkg:npm/lodash", Some("4.17.20")),
            ("", "", None),
        ] {
            assert_eq!(
                (Purl::of(text).without_version(), Purl::of(text).version()),
                (name, version),
                "{text}"
            );
        }
    }
}
