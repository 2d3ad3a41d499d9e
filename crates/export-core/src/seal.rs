//! Sealing: what a bundle is called, whose key signs it, and what is kept of it.
//!
//! How a seal is made and checked stands in `export-seal`; its format in `docs/evidence-format.md`.

mod key;

use serde::{Deserialize, Serialize};

pub use self::key::{InvalidKey, KeyId, KeyRecord, KeyStatus, PublicKey};
use crate::digest::Digest;
use crate::id::BundleId;
use crate::time::Timestamp;

/// The Ed25519 signature (RFC 8032) of a seal: 64 bytes.
pub type SignatureBytes = [u8; 64];

/// What is kept of a sealed bundle beside its archive.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BundleRecord {
    /// The bundle.
    pub bundle_id: BundleId,
    /// When it was sealed.
    pub sealed_at: Timestamp,
    /// The root of the RFC 6962 tree over its entries.
    pub merkle_root: Digest,
    /// How many entries the tree has.
    pub entries: u64,
    /// The key that signed.
    pub key_id: KeyId,
    /// The signature, in base64.
    pub signature: String,
    /// SHA-256 of `attestation.dsse.json`: what the log has of it.
    pub attestation: Digest,
    /// Its place in the tenant's log, from 1; none where there is no log.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub log_seq: Option<u64>,
    /// The artifact that is the archive.
    pub archive: String,
    /// The artifact that is the bundle's `manifest.json`.
    pub manifest: String,
}

/// A file of a sealed bundle.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealedFile {
    /// Its path.
    pub path: String,
    /// Bytes.
    pub size: u64,
    /// SHA-256 of them.
    pub sha256: Digest,
}
