//! Ed25519 (RFC 8032), checked strictly: one signature has one encoding, and one key made it.

use ed25519_dalek::{Signature, VerifyingKey};
use export_core::seal::{PublicKey, SignatureBytes};

/// The signature is not one of the key over the message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the signature is not valid")]
pub struct InvalidSignature;

/// Whether `signature` is one of `key` over `message`.
///
/// Refused are also what some verifiers accept: `S` beyond the group's order, points of small order, encodings of points that
/// are not canonical, signatures that hold only with the cofactor.
///
/// # Errors
/// [`InvalidSignature`].
pub fn verify(key: &PublicKey, message: &[u8], signature: &SignatureBytes) -> Result<(), InvalidSignature> {
    let point = VerifyingKey::from_bytes(key.as_bytes()).map_err(|_| InvalidSignature)?;
    // The library takes encodings whose y is not reduced.
    if point.to_edwards().compress().as_bytes() != key.as_bytes() {
        return Err(InvalidSignature);
    }
    point.verify_strict(message, &Signature::from_bytes(signature)).map_err(|_| InvalidSignature)
}
