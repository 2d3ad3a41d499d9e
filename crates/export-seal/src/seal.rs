//! Sealing: entries and facts in, what is to be signed out, and with the signature the files of the seal.

use export_core::digest::Digest;
use export_core::id::{BundleId, ExportId, TenantId};
use export_core::manifest::Generator;
use export_core::seal::{PublicKey, SignatureBytes};
use export_core::time::Timestamp;

use crate::canonical;
use crate::envelope::Envelope;
use crate::manifest::{BundleManifest, Entry, FormatName, TreeHead, check_entries};
use crate::merkle::Tree;
use crate::signature::InvalidSignature;
use crate::statement::{Predicate, SnapshotClaim, Statement, TemplateClaim};

/// What a seal says besides the files.
#[derive(Debug, Clone)]
pub struct Facts {
    /// The bundle.
    pub bundle_id: BundleId,
    /// The export.
    pub export_id: ExportId,
    /// The owner.
    pub tenant: TenantId,
    /// When the export was asked for.
    pub created_at: Timestamp,
    /// When it is sealed.
    pub sealed_at: Timestamp,
    /// The data that everything was made from.
    pub snapshot: SnapshotClaim,
    /// The report's template.
    pub template: Option<TemplateClaim>,
    /// What made it.
    pub generator: Generator,
}

/// The entries cannot be sealed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("it cannot be sealed: {0}")]
pub struct Unsealable(String);

/// A seal that waits for its signature.
#[derive(Debug)]
pub struct Draft {
    manifest: Vec<u8>,
    tree: Tree,
    envelope: Envelope,
    key: PublicKey,
}

impl Draft {
    /// Takes the entries in any order.
    ///
    /// # Errors
    /// [`Unsealable`] if there is none, or one of them cannot be in a bundle.
    pub fn new(mut entries: Vec<Entry>, facts: Facts, key: PublicKey) -> Result<Self, Unsealable> {
        entries.sort_by(|a, b| a.path.cmp(&b.path));
        check_entries(&entries).map_err(Unsealable)?;
        let tree: Tree = entries.iter().map(Entry::leaf).collect();
        let merkle = TreeHead::of(&tree);
        let manifest = BundleManifest { bundle_id: facts.bundle_id, entries, format: FormatName::V1, merkle };
        let bytes = canonical::ordered(&manifest);
        let predicate = Predicate {
            bundle_id: facts.bundle_id,
            created_at: facts.created_at,
            export_id: facts.export_id,
            generator: facts.generator,
            manifest_sha256: Digest::of(&bytes),
            merkle,
            sealed_at: facts.sealed_at,
            snapshot: facts.snapshot,
            template: facts.template,
            tenant: facts.tenant,
        };
        let payload = canonical::ordered(&Statement::about(&manifest, predicate));
        let envelope = Envelope { payload, key_id: key.id(), signature: Vec::new() };
        Ok(Self { manifest: bytes, tree, envelope, key })
    }

    /// What is to be signed.
    #[must_use]
    pub fn message(&self) -> Vec<u8> {
        self.envelope.message()
    }

    /// The seal with the key's signature over [`message`](Self::message), which is checked: a signer that fails silently must
    /// not make evidence that nobody can verify.
    ///
    /// # Errors
    /// [`InvalidSignature`].
    pub fn signed(mut self, signature: SignatureBytes) -> Result<Seal, InvalidSignature> {
        self.envelope.signature = signature.to_vec();
        self.envelope.verify(&self.key)?;
        let attestation = self.envelope.to_bytes();
        Ok(Seal { manifest: self.manifest, attestation, tree: self.tree, key: self.key, signature })
    }
}

/// A seal: the files that make a folder a bundle.
#[derive(Debug)]
pub struct Seal {
    /// The bytes of `manifest.json`.
    pub manifest: Vec<u8>,
    /// The bytes of `attestation.dsse.json`.
    pub attestation: Vec<u8>,
    /// The tree over the entries.
    pub tree: Tree,
    /// Who signed.
    pub key: PublicKey,
    /// The signature; a time-stamp is over its SHA-256.
    pub signature: SignatureBytes,
}
