//! What an auditor asks of a report: who asked what and when, of which data, and who decided.

use serde::{Deserialize, Serialize};

use super::{Picture, ScanRow, Tally};

/// The provenance of a report.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Evidence {
    /// The export's id.
    pub export: String,
    /// Who asked: the tenant.
    pub tenant: String,
    /// When, by [`crate::format::time`].
    pub asked_at: String,
    /// The snapshot's digest, whole: `sha256:` and 64 hex digits.
    pub snapshot: String,
    /// The same as a QR code.
    pub code: Option<Picture>,
    /// The template's digest, whole.
    pub template: String,
    /// The scans that were looked at, with whole digests, in the order of the scope.
    pub scans: Vec<ScanRow>,
    /// How many more scans are left out of `scans`.
    pub more_scans: u64,
    /// Who stated what as VEX about the findings, most statements first.
    pub statements: Vec<Said>,
    /// How many more of them are left out of `statements`.
    pub more_statements: u64,
    /// Which policy sets were asked, with what they decided about findings.
    pub policies: Vec<(String, Tally)>,
    /// The seal, on the page that goes with a sealed bundle.
    pub seal: Option<Seal>,
}

/// The seal of a bundle.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Seal {
    /// The bundle's id.
    pub bundle: String,
    /// The artifact that is its archive.
    pub archive: String,
    /// When, by [`crate::format::time`].
    pub sealed_at: String,
    /// The tree's root, whole: `sha256:` and 64 hex digits.
    pub root: String,
    /// The same as a QR code.
    pub code: Option<Picture>,
    /// Files in the tree.
    pub entries: u64,
    /// The key's fingerprint.
    pub key: String,
    /// The signature, in base64.
    pub signature: String,
    /// The digest of the signed statement, whole.
    pub attestation: String,
    /// Its place in the tenant's log.
    pub log: Option<String>,
    /// The files with their digests.
    pub files: Vec<SealedFile>,
    /// How many more are left out of `files`.
    pub more_files: u64,
}

/// A file of a sealed bundle.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SealedFile {
    /// Its path.
    pub path: String,
    /// Bytes.
    pub size: u64,
    /// SHA-256, 64 hex digits.
    pub sha256: String,
}

/// What one author's document says.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Said {
    /// Who says it.
    pub author: String,
    /// The document's id or name.
    pub document: String,
    /// How many findings it speaks of, by what it says: `not affected 3, fixed 1`.
    pub what: String,
    /// When it last said so, by [`crate::format::date`].
    pub newest: Option<String>,
}
