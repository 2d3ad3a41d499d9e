//! What sealing needs: keys, and what is there of a time-stamp authority and a log.

use std::sync::Arc;

use export_core::error::{ErrorKind, PortError};
use export_core::ports::{AuditLedger, AuditLog, AuditSource, Signer, Timestamper};
use export_core::seal::{PublicKey, SignatureBytes};

/// What an installation seals with.
#[derive(Clone)]
pub struct Sealing {
    /// Holds the keys.
    pub signer: Arc<dyn Signer>,
    /// Says when a signature existed; none if no authority is asked.
    pub timestamps: Option<Timestamps>,
    /// The log that each bundle is added to; none for conversions of files.
    pub log: Option<SealLog>,
}

/// A time-stamp authority.
#[derive(Clone)]
pub struct Timestamps {
    /// The authority.
    pub authority: Arc<dyn Timestamper>,
    /// Whether nothing is sealed without its token; else a warning tells that it is missing.
    pub required: bool,
}

/// Where sealed bundles are noted, and what proves it.
#[derive(Clone)]
pub struct SealLog {
    /// Takes the entry.
    pub audit: Arc<dyn AuditLog>,
    /// Gives the events that are about the export.
    pub trail: Arc<dyn AuditSource>,
    /// Proves the entry.
    pub ledger: Arc<dyn AuditLedger>,
}

/// A signature by the key that signs now over what `message` makes for it, which is checked: a signer that fails silently must not
/// make evidence that nobody can verify. Between asking for the key and signing it may be replaced; then the new one is asked.
///
/// # Errors
/// `NotFound` if no key signs; `Unavailable` if the key was replaced twice, or what holds it does not answer; `Corrupt` if the
/// signature does not hold.
pub(crate) async fn signed(
    signer: &dyn Signer,
    mut message: impl FnMut(&PublicKey) -> Vec<u8> + Send,
) -> Result<(PublicKey, SignatureBytes), PortError> {
    const SIGN: &str = "seal: sign";
    for _ in 0..3 {
        let key = signer.active().await?;
        let message = message(&key);
        let signature = match signer.sign(&key, &message).await {
            Err(error) if error.kind == ErrorKind::NotFound => continue,
            signed => signed?,
        };
        export_seal::signature::verify(&key, &message, &signature)
            .map_err(|error| PortError::new(ErrorKind::Corrupt, SIGN, error.to_string()))?;
        return Ok((key, signature));
    }
    Err(PortError::new(ErrorKind::Unavailable, SIGN, "the key was replaced while it was to sign; try again"))
}
