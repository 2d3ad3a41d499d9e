//! Who signs seals, and who says what time it is.

use async_trait::async_trait;

use crate::digest::Digest;
use crate::error::PortError;
use crate::seal::{KeyRecord, PublicKey, SignatureBytes};

/// Holds the keys of seals: in files, in a hardware module, with a key management service. The private keys never leave it.
#[async_trait]
pub trait Signer: Send + Sync {
    /// The key that signs now. It is asked for each seal, so that a rotation needs no restart.
    ///
    /// # Errors
    /// `NotFound` if no key signs; `Unavailable`.
    async fn active(&self) -> Result<PublicKey, PortError>;

    /// The Ed25519 signature (RFC 8032, 5.1.6) of `key` over `message`.
    ///
    /// # Errors
    /// `NotFound` if `key` is not there or signs no more; `Unavailable`.
    async fn sign(&self, key: &PublicKey, message: &[u8]) -> Result<SignatureBytes, PortError>;

    /// Every key that there was, the newest first: what verifiers get to know.
    ///
    /// # Errors
    /// `Unavailable`, `Corrupt`.
    async fn keys(&self) -> Result<Vec<KeyRecord>, PortError>;
}

/// A time-stamp authority (RFC 3161).
#[async_trait]
pub trait Timestamper: Send + Sync {
    /// A token that `digest` existed at the authority's time: a DER `TimeStampResp` with the signer's certificate and
    /// those between it and its root, and no other.
    ///
    /// # Errors
    /// `Unavailable` if the authority does not answer, `Invalid` if what it answers is no token over `digest`.
    async fn stamp(&self, digest: Digest) -> Result<Vec<u8>, PortError>;
}
