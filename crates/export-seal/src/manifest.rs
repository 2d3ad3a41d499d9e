//! `manifest.json` of a bundle: every file with its size and digest, and the root of the tree over them.

use export_core::digest::Digest;
use export_core::id::BundleId;
use serde::{Deserialize, Serialize};

use crate::canonical::{self, MAX_INTEGER};
use crate::merkle::{self, Tree};

/// The name of the manifest in a bundle.
pub const MANIFEST: &str = "manifest.json";
/// The name of the signed statement in a bundle.
pub const ATTESTATION: &str = "attestation.dsse.json";
/// The name of the time-stamp token in a bundle.
pub const TIMESTAMP: &str = "timestamp.tsr";
/// The name of the log's checkpoint in a bundle.
pub const CHECKPOINT: &str = "checkpoint.txt";
/// The entry with the public key, so that its fingerprint is enough to verify.
pub const PUBLIC_KEY: &str = "public-key.jwk.json";
/// The files that are no entries.
pub const NO_ENTRIES: [&str; 4] = [MANIFEST, ATTESTATION, TIMESTAMP, CHECKPOINT];

/// The format's name, with its version.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum FormatName {
    /// The first and only one.
    #[serde(rename = "evidence-bundle/v1")]
    V1,
}

/// How the tree is hashed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum TreeHash {
    /// RFC 6962 with SHA-256.
    #[serde(rename = "rfc6962-sha256")]
    Rfc6962Sha256,
}

/// The tree's head.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TreeHead {
    /// How it is hashed.
    pub alg: TreeHash,
    /// The root.
    pub root: Digest,
    /// How many leaves it has.
    pub size: u64,
}

impl TreeHead {
    /// The head of `tree`.
    #[must_use]
    pub fn of(tree: &Tree) -> Self {
        Self { alg: TreeHash::Rfc6962Sha256, root: tree.root(), size: tree.size() }
    }
}

/// What a file of a bundle is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EntryType {
    /// Findings of a scan.
    ScanResult,
    /// A bill of materials.
    Sbom,
    /// What policies decided.
    PolicyVerdict,
    /// What is said about exploitability.
    VexStatement,
    /// An attestation, as it was found.
    Attestation,
    /// What was done with exports.
    AuditEvent,
    /// What people read.
    Report,
}

/// One file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// What it is about: a scan's id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Its media type.
    pub media_type: String,
    /// Its path within the bundle.
    pub path: String,
    /// SHA-256 of its bytes.
    pub sha256: Digest,
    /// Bytes.
    pub size: u64,
    /// What it is.
    #[serde(rename = "type")]
    pub kind: EntryType,
}

impl Entry {
    /// The hash of its leaf.
    #[must_use]
    pub fn leaf(&self) -> Digest {
        merkle::leaf(&canonical::ordered(self))
    }
}

/// The manifest of a bundle.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BundleManifest {
    /// The bundle.
    pub bundle_id: BundleId,
    /// Its files, sorted by path.
    pub entries: Vec<Entry>,
    /// The format.
    pub format: FormatName,
    /// The tree over the entries.
    pub merkle: TreeHead,
}

impl BundleManifest {
    /// The tree over the entries.
    #[must_use]
    pub fn tree(&self) -> Tree {
        self.entries.iter().map(Entry::leaf).collect()
    }
}

/// Whether entries are as a manifest may have them.
///
/// # Errors
/// In words, with the path of the first one that is not.
pub fn check_entries(entries: &[Entry]) -> Result<(), String> {
    if entries.is_empty() {
        return Err("a bundle without entries proves nothing".to_owned());
    }
    for entry in entries {
        let path = &entry.path;
        if let Some(wrong) = path_problem(path) {
            return Err(format!("the path {path:?} {wrong}"));
        }
        if NO_ENTRIES.contains(&path.as_str()) {
            return Err(format!("{path} cannot be an entry"));
        }
        if entry.size > MAX_INTEGER {
            return Err(format!("the size of {path} is beyond 2^53"));
        }
    }
    match entries.windows(2).find(|pair| pair[0].path >= pair[1].path) {
        Some(pair) if pair[0].path == pair[1].path => Err(format!("{} is there twice", pair[0].path)),
        Some(pair) => {
            Err(format!("{} stands before {}: entries are sorted by path", pair[0].path, pair[1].path))
        }
        None => Ok(()),
    }
}

/// What is wrong with a path, if anything.
fn path_problem(path: &str) -> Option<&'static str> {
    if path.contains('\\') || path.chars().any(char::is_control) {
        return Some("has a backslash or a control character");
    }
    let is_drive = path.as_bytes().get(1) == Some(&b':') && path.as_bytes()[0].is_ascii_alphabetic();
    if is_drive {
        return Some("begins with a drive");
    }
    path.split('/')
        .any(|part| matches!(part, "" | "." | ".."))
        .then_some("has a part that is empty, `.` or `..`")
}
