//! What changes a ring. Each change is one replacement of the history; files that it does not name count for nothing.

use ed25519_dalek::SigningKey;
use export_core::seal::{KeyId, KeyRecord, KeyStatus, PublicKey};
use export_core::time::Timestamp;
use zeroize::Zeroizing;

use super::{FileKeyRing, RingError, pem};

/// What a rotation did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rotation {
    /// The key that signs from now on.
    pub active: KeyRecord,
    /// The key that signed before.
    pub retired: KeyRecord,
}

impl FileKeyRing {
    /// Makes the key of 32 random bytes the one that signs, where there is none.
    ///
    /// # Errors
    /// [`RingError::HasActive`], or what the files say.
    pub fn generate(&self, secret: &Zeroizing<[u8; 32]>, at: Timestamp) -> Result<KeyRecord, RingError> {
        self.first(&SigningKey::from_bytes(secret), at)
    }

    /// Makes a key that was made elsewhere (PKCS #8 PEM) the one that signs, where there is none.
    ///
    /// # Errors
    /// [`RingError::HasActive`], [`RingError::NoKey`], or what the files say.
    pub fn import(&self, private_pem: &str, at: Timestamp) -> Result<KeyRecord, RingError> {
        self.first(&pem::read_private(private_pem)?, at)
    }

    fn first(&self, key: &SigningKey, at: Timestamp) -> Result<KeyRecord, RingError> {
        self.store.alone(|| {
            if let Some(active) = self.find_active()? {
                return Err(RingError::HasActive(active.key.id()));
            }
            self.put_first(key, at, self.list()?)
        })
    }

    /// Puts another key in the place of the one that signs, which is retired. Its private key is removed, unless `keep`.
    ///
    /// # Errors
    /// [`RingError::NoActive`], or what the files say.
    pub fn rotate(
        &self,
        secret: &Zeroizing<[u8; 32]>,
        at: Timestamp,
        keep: bool,
    ) -> Result<Rotation, RingError> {
        self.store.alone(|| {
            let mut records = self.list()?;
            let old = records.iter_mut().find(|record| record.status == KeyStatus::Active);
            let old = old.ok_or(RingError::NoActive)?;
            old.status = KeyStatus::Retired;
            old.retired_at = Some(at);
            let retired = old.clone();
            let active = self.put_first(&SigningKey::from_bytes(secret), at, records)?;
            if !keep {
                self.store.remove_private(&retired.key.id())?;
            }
            Ok(Rotation { active, retired })
        })
    }

    /// Says that the key `id` is not trusted from `at` on. Its private key is removed; if it signed, no key signs any more.
    ///
    /// A key that was revoked before can be revoked from an earlier time on.
    ///
    /// # Errors
    /// [`RingError::Unknown`], [`RingError::Revoked`], or what the files say.
    pub fn revoke(&self, id: &KeyId, at: Timestamp, reason: &str) -> Result<KeyRecord, RingError> {
        self.find(id)?; // without a lock, so that a ring that is not there is not made
        self.store.alone(|| {
            let mut records = self.list()?;
            let record = records.iter_mut().find(|record| record.key.id() == *id);
            let record = record.ok_or_else(|| RingError::Unknown(id.clone()))?;
            if let Some(before) = record.revoked_at.filter(|before| *before <= at) {
                return Err(RingError::Revoked(id.clone(), before));
            }
            record.status = KeyStatus::Revoked;
            record.revoked_at = Some(at);
            record.reason = Some(reason.to_owned());
            let record = record.clone();
            self.store.put_history(&records)?;
            self.store.remove_private(id)?;
            Ok(record)
        })
    }

    /// Writes `key`, and the history with it before `older`. The private key comes first: what the history names is there.
    fn put_first(
        &self,
        key: &SigningKey,
        at: Timestamp,
        older: Vec<KeyRecord>,
    ) -> Result<KeyRecord, RingError> {
        let record = KeyRecord::active(PublicKey::from_bytes(key.verifying_key().to_bytes()), Some(at));
        let id = record.key.id();
        if older.iter().any(|older| older.key == record.key) {
            return Err(RingError::Known(id));
        }
        self.store.put_private(&id, key)?;
        let records: Vec<KeyRecord> = std::iter::once(record.clone()).chain(older).collect();
        self.store.put_history(&records)?;
        Ok(record)
    }
}
