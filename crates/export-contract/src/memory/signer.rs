//! Keys of seals that are nowhere but in memory, always the same ones.

use std::sync::Mutex;

use async_trait::async_trait;
use ed25519_dalek::{Signer as _, SigningKey};
use export_core::digest::Digest;
use export_core::error::{ErrorKind, PortError};
use export_core::ports::Signer;
use export_core::seal::{KeyRecord, KeyStatus, PublicKey, SignatureBytes};
use export_core::time::Timestamp;

/// A [`Signer`] whose keys are numbered: the first one signs, [`rotate`](Self::rotate) takes the next.
pub struct MemorySigner {
    records: Mutex<Vec<KeyRecord>>,
}

impl Default for MemorySigner {
    fn default() -> Self {
        let first = KeyRecord::active(public(0), Some(Timestamp::from_millis(0)));
        Self { records: Mutex::new(vec![first]) }
    }
}

fn key(number: usize) -> SigningKey {
    SigningKey::from_bytes(Digest::of(&number.to_be_bytes()).as_bytes())
}

fn public(number: usize) -> PublicKey {
    PublicKey::from_bytes(key(number).verifying_key().to_bytes())
}

fn none() -> PortError {
    PortError::new(ErrorKind::NotFound, "memory signer", "no such key signs")
}

impl MemorySigner {
    /// Puts the next key in the place of the one that signs.
    pub fn rotate(&self, at: Timestamp) {
        let mut records = self.records.lock().unwrap();
        if let Some(old) = records.first_mut().filter(|record| record.status == KeyStatus::Active) {
            old.status = KeyStatus::Retired;
            old.retired_at = Some(at);
        }
        let next = KeyRecord::active(public(records.len()), Some(at));
        records.insert(0, next);
    }

    /// Revokes a key; if it signs, no key does any more.
    pub fn revoke(&self, key: &PublicKey, at: Timestamp) {
        let mut records = self.records.lock().unwrap();
        let record = records.iter_mut().find(|record| record.key == *key).unwrap();
        record.status = KeyStatus::Revoked;
        record.revoked_at = Some(at);
    }
}

#[async_trait]
impl Signer for MemorySigner {
    async fn active(&self) -> Result<PublicKey, PortError> {
        let records = self.records.lock().unwrap();
        records.iter().find(|it| it.status == KeyStatus::Active).map(|it| it.key).ok_or_else(none)
    }

    async fn sign(&self, wanted: &PublicKey, message: &[u8]) -> Result<SignatureBytes, PortError> {
        let records = self.records.lock().unwrap();
        let place = records.iter().position(|it| it.key == *wanted && it.status == KeyStatus::Active);
        let number = records.len() - 1 - place.ok_or_else(none)?;
        Ok(key(number).sign(message).to_bytes())
    }

    async fn keys(&self) -> Result<Vec<KeyRecord>, PortError> {
        Ok(self.records.lock().unwrap().clone())
    }
}
