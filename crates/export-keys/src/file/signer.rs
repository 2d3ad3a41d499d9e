//! The ring as a port.

use async_trait::async_trait;
use ed25519_dalek::Signer as _;
use export_core::error::{ErrorKind, PortError};
use export_core::ports::Signer;
use export_core::seal::{KeyRecord, KeyStatus, PublicKey, SignatureBytes};

use super::{FileKeyRing, RingError};

impl RingError {
    /// The error as the port tells it.
    fn of(self, operation: &'static str) -> PortError {
        let kind = match self {
            Self::Corrupt(_) => ErrorKind::Corrupt,
            Self::NoActive | Self::Unknown(_) => ErrorKind::NotFound,
            Self::File { .. } | Self::HasActive(_) | Self::Known(_) | Self::Revoked(..) | Self::NoKey(_) => {
                ErrorKind::Unavailable
            }
        };
        PortError::new(kind, operation, self.to_string())
    }
}

/// Runs what reads files where it may wait.
async fn blocking<T: Send + 'static>(
    ring: &FileKeyRing,
    operation: &'static str,
    work: impl FnOnce(FileKeyRing) -> Result<T, RingError> + Send + 'static,
) -> Result<T, PortError> {
    let ring = ring.clone();
    let done = tokio::task::spawn_blocking(move || work(ring)).await;
    done.map_err(|error| PortError::new(ErrorKind::Internal, operation, error.to_string()))?
        .map_err(|error| error.of(operation))
}

#[async_trait]
impl Signer for FileKeyRing {
    async fn active(&self) -> Result<PublicKey, PortError> {
        blocking(self, "key ring: active", |ring| {
            ring.find_active()?.map(|record| record.key).ok_or(RingError::NoActive)
        })
        .await
    }

    async fn sign(&self, key: &PublicKey, message: &[u8]) -> Result<SignatureBytes, PortError> {
        let (key, message) = (*key, message.to_vec());
        blocking(self, "key ring: sign", move |ring| {
            if ring.find(&key.id())?.status != KeyStatus::Active {
                return Err(RingError::Unknown(key.id()));
            }
            Ok(ring.store.private_key(&key.id())?.sign(&message).to_bytes())
        })
        .await
    }

    async fn keys(&self) -> Result<Vec<KeyRecord>, PortError> {
        blocking(self, "key ring: keys", |ring| ring.list()).await
    }
}
