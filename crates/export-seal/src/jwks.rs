//! Public keys as a JWKS (RFC 7517, RFC 8037), with what is known of each.

use export_core::seal::{KeyId, KeyRecord, KeyStatus, PublicKey};
use export_core::time::Timestamp;
use serde::{Deserialize, Serialize};

/// A set of keys: `/.well-known/evidence-keys.json`, `exportctl keys export`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Jwks {
    /// The keys, the newest first.
    pub keys: Vec<Jwk>,
}

/// One key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Jwk {
    /// `OKP` (RFC 8037, 2).
    pub kty: String,
    /// `Ed25519`.
    pub crv: String,
    /// The 32 bytes, base64url.
    pub x: String,
    /// The thumbprint (RFC 7638).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kid: Option<KeyId>,
    /// `sig`.
    #[serde(default, rename = "use", skip_serializing_if = "Option::is_none")]
    pub usage: Option<String>,
    /// `EdDSA` (RFC 8037, 3.1).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alg: Option<String>,
    /// Whether it signs, and whether what it has signed counts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<KeyStatus>,
    /// When it was made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created_at: Option<Timestamp>,
    /// When another one took its place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retired_at: Option<Timestamp>,
    /// Since when it is not trusted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revoked_at: Option<Timestamp>,
    /// Why it was revoked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// Why a text is no set of keys.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidJwks {
    /// It is not JSON of that shape.
    #[error("it is no JWKS (RFC 7517): {0}")]
    Shape(String),
    /// A key of it cannot be used.
    #[error("key {index} of the set: {why}")]
    Key {
        /// Its place, from 0.
        index: usize,
        /// What is wrong.
        why: String,
    },
    /// There is no Ed25519 key in it.
    #[error("it has no Ed25519 key")]
    Empty,
}

impl Jwks {
    /// The set of `records`.
    #[must_use]
    pub fn of(records: &[KeyRecord]) -> Self {
        Self { keys: records.iter().map(Jwk::of).collect() }
    }

    /// Reads a JWKS, or a single JWK. Keys of other kinds are passed over, as RFC 7517, 5 wants it.
    ///
    /// # Errors
    /// [`InvalidJwks`].
    pub fn read(text: &[u8]) -> Result<Vec<KeyRecord>, InvalidJwks> {
        #[derive(Deserialize)]
        struct Kind {
            kty: String,
            crv: Option<String>,
        }
        let shape = |error: serde_json::Error| InvalidJwks::Shape(error.to_string());
        let value = export_core::strict_json::parse(text)
            .map_err(|problem| InvalidJwks::Shape(problem.detail.clone()))?;
        let keys = match value.get("keys") {
            Some(serde_json::Value::Array(keys)) => keys.clone(),
            Some(_) => return Err(InvalidJwks::Shape("`keys` must be an array".to_owned())),
            None => vec![value],
        };
        let mut records = Vec::new();
        for (index, key) in keys.into_iter().enumerate() {
            let kind: Kind = serde_json::from_value(key.clone()).map_err(shape)?;
            if kind.kty != "OKP" || kind.crv.as_deref() != Some("Ed25519") {
                continue;
            }
            let wrong = |why: String| InvalidJwks::Key { index, why };
            let jwk: Jwk = serde_json::from_value(key).map_err(|error| wrong(error.to_string()))?;
            if jwk.usage.as_deref().is_some_and(|usage| usage != "sig") {
                continue;
            }
            let record = jwk.record().map_err(wrong)?;
            if records.iter().any(|known: &KeyRecord| known.key == record.key) {
                return Err(wrong(
                    "it is there twice, and readers would not agree on which one counts".to_owned(),
                ));
            }
            records.push(record);
        }
        if records.is_empty() { Err(InvalidJwks::Empty) } else { Ok(records) }
    }
}

impl Jwk {
    /// The key of `record`.
    #[must_use]
    pub fn of(record: &KeyRecord) -> Self {
        Self {
            kty: "OKP".to_owned(),
            crv: "Ed25519".to_owned(),
            x: record.key.to_string(),
            kid: Some(record.key.id()),
            usage: Some("sig".to_owned()),
            alg: Some("EdDSA".to_owned()),
            status: Some(record.status),
            created_at: record.created_at,
            retired_at: record.retired_at,
            revoked_at: record.revoked_at,
            reason: record.reason.clone(),
        }
    }

    /// The key alone, as a bundle carries it: no word of its own about whether it counts.
    #[must_use]
    pub fn bare(key: &PublicKey) -> Self {
        let record = KeyRecord::active(*key, None);
        Self { status: None, ..Self::of(&record) }
    }

    fn record(&self) -> Result<KeyRecord, String> {
        let key: PublicKey = self.x.parse().map_err(|error| format!("`x` {error}"))?;
        if self.kid.as_ref().is_some_and(|kid| *kid != key.id()) {
            return Err(format!("`kid` is not its thumbprint, which is {}", key.id()));
        }
        // Whoever says half of it is taken at their word.
        let status = match (self.status, self.revoked_at) {
            (_, Some(_)) => KeyStatus::Revoked,
            (status, None) => status.unwrap_or(KeyStatus::Active),
        };
        Ok(KeyRecord {
            key,
            status,
            created_at: self.created_at,
            retired_at: self.retired_at,
            revoked_at: self.revoked_at,
            reason: self.reason.clone(),
        })
    }
}
