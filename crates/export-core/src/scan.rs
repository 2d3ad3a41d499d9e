//! Scans, and where their data came from.

use serde::{Deserialize, Serialize};

use crate::digest::Digest;
use crate::id::ScanId;
use crate::time::Timestamp;

/// One scan of one artifact.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScanRef {
    /// The scan's id.
    pub id: ScanId,
    /// The scanned artifact's name: an image with its tag, a repository.
    pub image: String,
    /// The artifact's digest, `sha256:...`, if the scanner knows it.
    pub image_digest: Option<String>,
    /// When the scan was made, if the scanner says so.
    pub created_at: Option<Timestamp>,
    /// The scanner and its version, `trivy 0.67.0`.
    pub tool: String,
}

impl ScanRef {
    /// The artifact's name without digest and tag.
    #[must_use]
    pub fn repository(&self) -> &str {
        repository(&self.image)
    }
}

/// An artifact's name without digest and tag. A colon before the last slash belongs to a port.
#[must_use]
pub fn repository(image: &str) -> &str {
    let (name, _digest) = image.split_once('@').unwrap_or((image, ""));
    match name.rsplit_once(':') {
        Some((repository, tag)) if !tag.contains('/') => repository,
        _ => name,
    }
}

/// One document that was read, as the manifest and the report's last page name it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceDigest {
    /// Which source: `library`, `scanner`.
    pub name: String,
    /// What was asked of it: a path, a URL without credentials.
    pub query: String,
    /// SHA-256 of the bytes that were read.
    pub digest: Digest,
    /// The records that the document held.
    pub records: u64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_repository_is_the_name_without_tag_and_digest() {
        for (image, name) in [
            ("debian:12", "debian"),
            ("registry:5000/team/app", "registry:5000/team/app"),
            ("registry:5000/team/app:1.2", "registry:5000/team/app"),
            ("app@sha256:00", "app"),
            ("app:1@sha256:00", "app"),
            ("", ""),
        ] {
            let (id, tool) = ("scan-1".parse().unwrap(), String::new());
            let scan = ScanRef { id, image: image.to_owned(), image_digest: None, created_at: None, tool };
            assert_eq!(scan.repository(), name, "{image}");
        }
    }
}
