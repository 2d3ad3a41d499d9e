//! Sealed bundles, proofs, checkpoints, keys.

use serde::Deserialize;
use utoipa::ToSchema;

use super::{BundleId, ExportId, KeyId, PrefixedDigest, Sha256, TenantId, Time};

/// A sealed bundle
#[derive(ToSchema)]
pub(crate) struct Bundle {
    bundle_id: BundleId,
    export_id: ExportId,
    sealed_at: Time,
    contents: Vec<Content>,
    merkle_root: PrefixedDigest,
    /// `base64:` and the 64 bytes of an Ed25519 signature
    #[schema(pattern = "^base64:[A-Za-z0-9+/]{86}==$")]
    signature: String,
    key_id: KeyId,
    /// The artifact of the export that is the archive
    archive: String,
    /// Its place in the tenant's log
    log: Option<LogPlace>,
}

/// One file of a bundle
#[derive(ToSchema)]
pub(crate) struct Content {
    /// Its place, by which a proof is asked for
    #[schema(minimum = 0)]
    index: i64,
    r#type: EntryType,
    path: String,
    media_type: String,
    /// Bytes
    #[schema(minimum = 0)]
    size: i64,
    /// What it is about: a scan's id
    id: Option<String>,
    digest: PrefixedDigest,
}

/// What a file of a bundle is
#[derive(ToSchema, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum EntryType {
    ScanResult,
    Sbom,
    PolicyVerdict,
    VexStatement,
    Attestation,
    AuditEvent,
    Report,
}

/// A place in the tenant's log
#[derive(ToSchema)]
pub(crate) struct LogPlace {
    /// The event `bundle.sealed`
    #[schema(minimum = 1)]
    seq: i64,
    /// SHA-256 of the bundle's `attestation.dsse.json`
    attestation_sha256: Sha256,
}

/// The inclusion proof of one file
#[derive(ToSchema)]
pub(crate) struct Proof {
    bundle_id: BundleId,
    entry: Entry,
    /// The hashes of the audit path, 32 bytes each, one behind the other, in base64
    hashes: String,
    #[schema(minimum = 0)]
    index: i64,
    /// Entries of the tree
    #[schema(minimum = 1)]
    size: i64,
}

/// An entry of a bundle's manifest
#[derive(ToSchema)]
pub(crate) struct Entry {
    id: Option<String>,
    media_type: String,
    path: String,
    sha256: Sha256,
    #[schema(minimum = 0)]
    size: i64,
    r#type: EntryType,
}

/// A signed head of the tenant's log
#[derive(ToSchema)]
pub(crate) struct Checkpoint {
    /// Which log
    origin: String,
    /// Events that it covers
    #[schema(minimum = 1)]
    size: i64,
    root: PrefixedDigest,
    at: Time,
    /// The signed note (C2SP), as text
    note: String,
}

/// Hashes that lead to a root of the tenant's log
#[derive(ToSchema)]
pub(crate) struct LogProof {
    /// The event, of an inclusion proof
    #[schema(minimum = 1)]
    seq: Option<i64>,
    /// The size of the earlier checkpoint, of a consistency proof
    #[schema(minimum = 1)]
    from: Option<i64>,
    /// The size of the tree that they lead to
    #[schema(minimum = 1)]
    size: i64,
    root: PrefixedDigest,
    /// 32 bytes each, in base64, the nearest first
    hashes: Vec<String>,
}

/// Public keys (RFC 7517)
#[derive(ToSchema)]
pub(crate) struct Jwks {
    keys: Vec<Jwk>,
}

/// A public key (RFC 8037)
#[derive(ToSchema)]
pub(crate) struct Jwk {
    /// `OKP`
    kty: String,
    /// `Ed25519`
    crv: String,
    /// The 32 bytes, base64url
    #[schema(pattern = "^[A-Za-z0-9_-]{43}$")]
    x: String,
    kid: Option<KeyId>,
    r#use: Option<String>,
    alg: Option<String>,
    /// `active`, `retired`, `revoked`
    status: Option<String>,
    created_at: Option<Time>,
    retired_at: Option<Time>,
    revoked_at: Option<Time>,
    /// Why it was revoked
    reason: Option<String>,
}

/// What verification comes to
#[derive(ToSchema)]
pub(crate) struct Verification {
    verdict: Verdict,
    /// The step that failed
    #[schema(pattern = "^[a-z_]+$")]
    code: Option<String>,
    /// The file with which it failed
    path: Option<String>,
    /// In words
    message: Option<String>,
    /// What the seal says; present as soon as its signature holds
    bundle: Option<Seal>,
    /// What a time-stamp authority says
    timestamp: Option<Stamp>,
    /// The head of the log that the bundle carries
    checkpoint: Option<LogHead>,
    /// Files that were looked at
    #[schema(minimum = 0)]
    files: i64,
    /// Their bytes
    #[schema(minimum = 0)]
    bytes: i64,
}

/// The answer in one word
#[derive(ToSchema, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Verdict {
    Whole,
    Tampered,
    UnknownKey,
    Indeterminate,
    Unsafe,
}

/// What a seal says
#[derive(ToSchema)]
pub(crate) struct Seal {
    bundle_id: BundleId,
    export_id: ExportId,
    tenant: TenantId,
    created_at: Time,
    sealed_at: Time,
    merkle_root: PrefixedDigest,
    #[schema(minimum = 1)]
    entries: i64,
    snapshot: Snapshot,
    template: Option<Template>,
    generator: Generator,
    key_id: KeyId,
    key_status: String,
    signature: String,
}

/// The data that everything was made from
#[derive(ToSchema)]
#[schema(as = SealedSnapshot)]
pub(crate) struct Snapshot {
    sha256: Sha256,
    taken_at: Time,
}

/// The report's template
#[derive(ToSchema)]
#[schema(as = SealedTemplate)]
pub(crate) struct Template {
    name: String,
    sha256: Sha256,
}

/// The program that sealed
#[derive(ToSchema)]
pub(crate) struct Generator {
    name: String,
    version: String,
}

/// What a time-stamp authority says
#[derive(ToSchema)]
pub(crate) struct Stamp {
    at: Time,
    authority: String,
    trusted: bool,
}

/// A head of a log
#[derive(ToSchema)]
pub(crate) struct LogHead {
    origin: String,
    #[schema(minimum = 1)]
    size: i64,
    root: Sha256,
}
