//! A signer with one key, which can be told to fail.

use std::sync::Mutex;

use async_trait::async_trait;
use ed25519_dalek::{Signer as _, SigningKey};
use export_core::error::{ErrorKind, PortError};
use export_core::ports::Signer;
use export_core::seal::{KeyRecord, PublicKey, SignatureBytes};

/// One key, and what its next calls fail with.
pub(crate) struct OneKey {
    key: SigningKey,
    failures: Mutex<Vec<ErrorKind>>,
    absent: bool,
}

impl OneKey {
    /// A key that signs.
    pub(crate) fn new() -> Self {
        Self { key: SigningKey::from_bytes(&[7; 32]), failures: Mutex::default(), absent: false }
    }

    /// The next signatures fail in these ways, the last one first.
    pub(crate) fn failing(failures: Vec<ErrorKind>) -> Self {
        Self { failures: Mutex::new(failures), ..Self::new() }
    }

    /// No key at all.
    pub(crate) fn absent() -> Self {
        Self { absent: true, ..Self::new() }
    }

    /// Its public half, as a verifier trusts it.
    pub(crate) fn record(&self) -> KeyRecord {
        KeyRecord::active(PublicKey::from_bytes(self.key.verifying_key().to_bytes()), None)
    }
}

#[async_trait]
impl Signer for OneKey {
    async fn active(&self) -> Result<PublicKey, PortError> {
        if self.absent {
            return Err(PortError::new(ErrorKind::NotFound, "active", "no key signs"));
        }
        Ok(self.record().key)
    }

    async fn sign(&self, _key: &PublicKey, message: &[u8]) -> Result<SignatureBytes, PortError> {
        if let Some(kind) = self.failures.lock().unwrap().pop() {
            return Err(PortError::new(kind, "sign", "the test says so"));
        }
        Ok(self.key.sign(message).to_bytes())
    }

    async fn keys(&self) -> Result<Vec<KeyRecord>, PortError> {
        Ok(vec![self.record()])
    }
}
