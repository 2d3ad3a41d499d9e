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
