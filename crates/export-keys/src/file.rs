//! A ring of keys in a folder.
//!
//! `ring.json` is the public history. `KID.pem` is the private key of the one that signs (PKCS #8, RFC 8410), with mode 0600.
//! Everything is read afresh each time, so that a running server sees a rotation.

mod change;
mod pem;
mod signer;
mod store;

use std::path::{Path, PathBuf};

use export_core::seal::{KeyId, KeyRecord, KeyStatus, PublicKey};

pub use self::change::Rotation;
pub use self::pem::public_pem;
use self::store::Store;

/// A ring of keys in a folder.
#[derive(Debug, Clone)]
pub struct FileKeyRing {
    store: Store,
}

/// Why a ring cannot be used or changed.
#[derive(Debug, thiserror::Error)]
pub enum RingError {
    /// A file or a folder cannot be used.
    #[error("{}: {why}", path.display())]
    File {
        /// Which one.
        path: PathBuf,
        /// What is wrong, and what to do.
        why: String,
    },
    /// The history is damaged.
    #[error("{0}")]
    Corrupt(String),
    /// There is a key that signs already.
    #[error("the key {0} signs already; `rotate` puts another one in its place")]
    HasActive(KeyId),
    /// There is no key that signs.
    #[error("no key signs; `generate` makes one")]
    NoActive,
    /// There is no such key.
    #[error("there is no key {0}")]
    Unknown(KeyId),
    /// The key was in the ring before.
    #[error("the key {0} is in the ring already")]
    Known(KeyId),
    /// The key was revoked from an earlier time on, which stays.
    #[error("the key {0} is revoked already, from {1}")]
    Revoked(KeyId, export_core::time::Timestamp),
    /// The bytes are no private key.
    #[error("it is no Ed25519 private key in PKCS #8 PEM: {0}")]
    NoKey(String),
}

impl FileKeyRing {
    /// The ring in `folder`, whatever state it is in: for those who list its keys or revoke one.
    #[must_use]
    pub fn at(folder: impl Into<PathBuf>) -> Self {
        Self { store: Store::new(folder.into()) }
    }

    /// The ring in `folder`, checked. It need not exist; the first key makes it.
    ///
    /// # Errors
    /// If the folder or a file in it cannot be used: others may write there, the history is damaged, the private key is missing
    /// or may be read by others.
    pub fn open(folder: impl Into<PathBuf>) -> Result<Self, RingError> {
        let ring = Self::at(folder);
        ring.store.check_folder()?;
        if let Some(active) = ring.find_active()? {
            ring.store.private_key(&active.key.id())?;
        }
        Ok(ring)
    }

    /// Its folder.
    #[must_use]
    pub fn folder(&self) -> &Path {
        self.store.folder()
    }

    /// Every key that there was, the newest first.
    ///
    /// # Errors
    /// If the history cannot be read.
    pub fn list(&self) -> Result<Vec<KeyRecord>, RingError> {
        self.store.history()
    }

    /// The key that signs, if there is one.
    ///
    /// # Errors
    /// If the history cannot be read.
    pub fn find_active(&self) -> Result<Option<KeyRecord>, RingError> {
        Ok(self.list()?.into_iter().find(|record| record.status == KeyStatus::Active))
    }

    /// What is known of the key `id`.
    ///
    /// # Errors
    /// If there is none, or the history cannot be read.
    pub fn find(&self, id: &KeyId) -> Result<KeyRecord, RingError> {
        let found = self.list()?.into_iter().find(|record| record.key.id() == *id);
        found.ok_or_else(|| RingError::Unknown(id.clone()))
    }

    /// Where the private key of `key` is kept, as long as it is.
    #[must_use]
    pub fn private_file(&self, key: &PublicKey) -> PathBuf {
        self.store.private_file(&key.id())
    }
}
