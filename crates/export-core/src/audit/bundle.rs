//! What is noted of a sealed bundle: the log of exports, from which nobody can take one away.

use super::{AuditAction, AuditEntry, SYSTEM};
use crate::digest::Digest;
use crate::id::{BundleId, ExportId};
use crate::seal::KeyId;

impl AuditEntry<'static> {
    /// A bundle of `export` was sealed; `attestation` is the SHA-256 of its `attestation.dsse.json`, by which it is known.
    #[must_use]
    pub fn bundle_sealed(
        export: ExportId,
        bundle: BundleId,
        merkle_root: Digest,
        attestation: Digest,
        key: &KeyId,
    ) -> Self {
        Self::new(SYSTEM, AuditAction::BundleSealed, export.to_string())
            .with("attestation_sha256", attestation.to_string())
            .with("bundle_id", bundle.to_string())
            .with("key_id", key.to_string())
            .with("merkle_root", merkle_root.to_string())
    }
}
