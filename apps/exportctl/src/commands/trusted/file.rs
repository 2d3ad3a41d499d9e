//! Trusted keys in a file: a JWKS, a JWK, or PEM.

use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use export_core::seal::{KeyId, KeyRecord, PublicKey};
use export_seal::jwks::Jwks;
use serde_json::Value;

use super::Known;
use crate::failure::Failure;

/// The keys of `file`.
pub(super) fn read(file: &Path) -> Result<Known, Failure> {
    let wrong = |why: String| Failure::usage(format!("{}: {why}", file.display()));
    let bytes = std::fs::read(file).map_err(|error| wrong(error.to_string()))?;
    if let Some(records) = pem(&bytes) {
        let unsaid = records.iter().map(|record| record.key.id()).collect();
        return Ok(Known { records, unsaid });
    }
    let records = Jwks::read(&bytes).map_err(|error| wrong(error.to_string()))?;
    Ok(Known { records, unsaid: without_status(&bytes) })
}

/// The keys of a JWKS, or the JWK, that come without a word about whether they count.
fn without_status(jwks: &[u8]) -> Vec<KeyId> {
    let Ok(value) = serde_json::from_slice::<Value>(jwks) else { return Vec::new() };
    let keys = value["keys"].as_array().map_or(std::slice::from_ref(&value), Vec::as_slice);
    let silent = keys.iter().filter(|key| key["status"].is_null() && key["revoked_at"].is_null());
    silent.filter_map(|key| key["x"].as_str()?.parse::<PublicKey>().ok()).map(|key| key.id()).collect()
}

/// The keys of a PEM file: `SubjectPublicKeyInfo` of Ed25519 (RFC 8410, 4), which is one prefix and the 32 bytes.
fn pem(bytes: &[u8]) -> Option<Vec<KeyRecord>> {
    const BEGIN: &str = "-----BEGIN PUBLIC KEY-----";
    const PREFIX: &[u8] = &[0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00];
    let text = std::str::from_utf8(bytes).ok()?;
    let key = |part: &str| {
        let (body, _) = part.split_once("-----END PUBLIC KEY-----")?;
        let body: String = body.split_whitespace().collect();
        let key = STANDARD.decode(body).ok()?.strip_prefix(PREFIX)?.try_into().ok()?;
        Some(KeyRecord::active(PublicKey::from_bytes(key), None))
    };
    text.contains(BEGIN).then(|| text.split(BEGIN).skip(1).map(key).collect::<Option<Vec<_>>>()).flatten()
}
