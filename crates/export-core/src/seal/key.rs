//! Public keys of seals, and what is known of each.

use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};

use crate::digest::Digest;
use crate::time::Timestamp;

/// An Ed25519 public key (RFC 8032, 5.1.5): 32 bytes; base64url as text.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PublicKey([u8; 32]);

impl PublicKey {
    /// The key of these bytes. Whether they are a point of the curve is asked when a signature is checked.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The 32 bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// Its id: the SHA-256 thumbprint (RFC 7638) of its JWK (RFC 8037, 2).
    #[must_use]
    pub fn id(&self) -> KeyId {
        let jwk = format!(r#"{{"crv":"Ed25519","kty":"OKP","x":"{self}"}}"#);
        KeyId(URL_SAFE_NO_PAD.encode(Digest::of(jwk.as_bytes()).as_bytes()))
    }
}

impl fmt::Display for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&URL_SAFE_NO_PAD.encode(self.0))
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// The text is not 32 bytes in base64url without padding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be 43 characters: 32 bytes in base64url without padding")]
pub struct InvalidKey;

fn thirty_two(text: &str) -> Result<[u8; 32], InvalidKey> {
    let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| InvalidKey)?;
    bytes.try_into().map_err(|_| InvalidKey)
}

impl FromStr for PublicKey {
    type Err = InvalidKey;

    fn from_str(text: &str) -> Result<Self, InvalidKey> {
        thirty_two(text).map(Self)
    }
}

impl TryFrom<String> for PublicKey {
    type Error = InvalidKey;

    fn try_from(text: String) -> Result<Self, InvalidKey> {
        text.parse()
    }
}

impl From<PublicKey> for String {
    fn from(key: PublicKey) -> Self {
        key.to_string()
    }
}

/// The name of a key, its fingerprint: 43 characters of base64url. See [`PublicKey::id`].
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct KeyId(String);

impl KeyId {
    /// The id as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl fmt::Debug for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for KeyId {
    type Err = InvalidKey;

    fn from_str(text: &str) -> Result<Self, InvalidKey> {
        thirty_two(text).map(|_| Self(text.to_owned()))
    }
}

impl TryFrom<String> for KeyId {
    type Error = InvalidKey;

    fn try_from(text: String) -> Result<Self, InvalidKey> {
        text.parse()
    }
}

impl From<KeyId> for String {
    fn from(id: KeyId) -> Self {
        id.0
    }
}

/// Whether a key signs, and whether what it has signed counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum KeyStatus {
    /// It signs.
    Active,
    /// It signs no more; what it has signed counts for ever.
    Retired,
    /// It is in the wrong hands since a time; what is not proved to be older does not count.
    Revoked,
}

impl KeyStatus {
    /// The status as a JWKS writes it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Retired => "retired",
            Self::Revoked => "revoked",
        }
    }
}

/// What is known of one key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyRecord {
    /// The key.
    pub key: PublicKey,
    /// Whether it signs, and whether what it has signed counts.
    pub status: KeyStatus,
    /// When it was made; none if nobody said so.
    pub created_at: Option<Timestamp>,
    /// When another one took its place.
    pub retired_at: Option<Timestamp>,
    /// Since when it is not trusted.
    pub revoked_at: Option<Timestamp>,
    /// Why it was revoked.
    pub reason: Option<String>,
}

impl KeyRecord {
    /// A key that signs.
    #[must_use]
    pub const fn active(key: PublicKey, created_at: Option<Timestamp>) -> Self {
        Self { key, status: KeyStatus::Active, created_at, retired_at: None, revoked_at: None, reason: None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 8037, A.2 and A.3.
    #[test]
    fn the_id_is_the_thumbprint_of_rfc_8037() {
        let key: PublicKey = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo".parse().unwrap();
        assert_eq!(key.id().as_str(), "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
        assert_eq!(key.to_string().parse(), Ok(key));
    }

    #[test]
    fn refuses_what_is_no_key() {
        // The last one has bits behind the 32 bytes.
        for text in [
            "",
            "11qYAYKxCrfVS",
            "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo",
            "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURp",
        ] {
            assert!(text.parse::<PublicKey>().is_err() && text.parse::<KeyId>().is_err(), "{text}");
        }
    }
}
