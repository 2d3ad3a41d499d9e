//! Private and public keys as PEM.

use ed25519_dalek::SigningKey;
use ed25519_dalek::pkcs8::spki::EncodePublicKey as _;
use ed25519_dalek::pkcs8::spki::der::pem::LineEnding;
use ed25519_dalek::pkcs8::{DecodePrivateKey as _, EncodePrivateKey as _, KeypairBytes, PublicKeyBytes};
use export_core::seal::PublicKey;
use zeroize::Zeroizing;

use super::RingError;

/// The private key of a PKCS #8 PEM (RFC 8410).
pub(super) fn read_private(pem: &str) -> Result<SigningKey, RingError> {
    SigningKey::from_pkcs8_pem(pem).map_err(|error| RingError::NoKey(error.to_string()))
}

/// A private key as PKCS #8 PEM, of version 1: OpenSSL 3.0 does not read version 2, which has the public key as well.
pub(super) fn write_private(key: &SigningKey) -> Result<Zeroizing<String>, RingError> {
    let pair = KeypairBytes { secret_key: key.to_bytes(), public_key: None };
    pair.to_pkcs8_pem(LineEnding::LF).map_err(|error| RingError::NoKey(error.to_string()))
}

/// A public key as PEM (SubjectPublicKeyInfo, RFC 8410).
///
/// # Panics
/// Never: 32 bytes have a PEM.
#[must_use]
pub fn public_pem(key: &PublicKey) -> String {
    let bytes = PublicKeyBytes(*key.as_bytes());
    bytes.to_public_key_pem(LineEnding::LF).expect("32 bytes have a PEM")
}
