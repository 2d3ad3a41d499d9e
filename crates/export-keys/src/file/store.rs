//! The files of a ring: who may read and write them, and how they change without ever being half written.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, ErrorKind as Io, Read as _, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use ed25519_dalek::SigningKey;
use export_core::seal::{KeyId, KeyRecord};
use export_seal::jwks::Jwks;
use zeroize::Zeroizing;

use super::{RingError, pem};
use crate::read_history;

/// More than any private key in PEM.
const MOST_KEY_BYTES: u64 = 4_096;

#[derive(Debug, Clone)]
pub(super) struct Store {
    folder: PathBuf,
}

impl Store {
    pub(super) fn new(folder: PathBuf) -> Self {
        Self { folder }
    }

    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    pub(super) fn private_file(&self, id: &KeyId) -> PathBuf {
        self.folder.join(format!("{id}.pem"))
    }

    fn ring(&self) -> PathBuf {
        self.folder.join("ring.json")
    }

    /// Checks that nobody else may put keys into the folder.
    pub(super) fn check_folder(&self) -> Result<(), RingError> {
        let meta = match fs::metadata(&self.folder) {
            Ok(meta) => meta,
            Err(error) if error.kind() == Io::NotFound => return Ok(()),
            Err(error) => return Err(failed(&self.folder, &error)),
        };
        let mode = meta.permissions().mode();
        if !meta.is_dir() {
            return Err(refused(&self.folder, "it is no folder".to_owned()));
        }
        if mode & 0o022 != 0 {
            let why = format!("others may write there (mode {:03o}); run `chmod 700` on it", mode & 0o777);
            return Err(refused(&self.folder, why));
        }
        fs::read_dir(&self.folder).map(drop).map_err(|error| failed(&self.folder, &error))
    }

    pub(super) fn history(&self) -> Result<Vec<KeyRecord>, RingError> {
        read_history(&self.ring()).map_err(RingError::Corrupt)
    }

    /// The private key `id`, of which this file is the only copy that is not wiped.
    pub(super) fn private_key(&self, id: &KeyId) -> Result<SigningKey, RingError> {
        let path = self.private_file(id);
        let pem = private_text(&path)?;
        let key = pem::read_private(&pem).map_err(|error| refused(&path, error.to_string()))?;
        let public = export_core::seal::PublicKey::from_bytes(key.verifying_key().to_bytes());
        if public.id() == *id {
            return Ok(key);
        }
        Err(refused(&path, format!("it is the key {}, not the one that it is called after", public.id())))
    }

    /// Runs `change` while nobody else changes the ring.
    pub(super) fn alone<T>(&self, change: impl FnOnce() -> Result<T, RingError>) -> Result<T, RingError> {
        let made = DirBuilder::new().recursive(true).mode(0o700).create(&self.folder);
        made.map_err(|error| failed(&self.folder, &error))?;
        self.check_folder()?;
        let path = self.folder.join(".lock");
        let lock = OpenOptions::new().write(true).create(true).truncate(false).mode(0o600).open(&path);
        let lock = lock.map_err(|error| failed(&path, &error))?;
        lock.lock().map_err(|error| failed(&path, &error))?;
        change()
    }

    /// Writes a private key that was not there.
    pub(super) fn put_private(&self, id: &KeyId, key: &SigningKey) -> Result<(), RingError> {
        let path = self.private_file(id);
        let text = pem::write_private(key)?;
        self.replace(&path, text.as_bytes(), 0o600).map_err(|error| failed(&path, &error))
    }

    /// Removes a private key, if it is there.
    pub(super) fn remove_private(&self, id: &KeyId) -> Result<(), RingError> {
        let path = self.private_file(id);
        match fs::remove_file(&path) {
            Err(error) if error.kind() != Io::NotFound => Err(failed(&path, &error)),
            _ => Ok(()),
        }
    }

    pub(super) fn put_history(&self, records: &[KeyRecord]) -> Result<(), RingError> {
        let path = self.ring();
        let mut text = serde_json::to_vec_pretty(&Jwks::of(records)).expect("keys are plain data");
        text.push(b'\n');
        self.replace(&path, &text, 0o644).map_err(|error| failed(&path, &error))
    }

    /// Puts a whole file in the place of `path`: a reader sees the old one or the new one, also after a crash.
    fn replace(&self, path: &Path, bytes: &[u8], mode: u32) -> io::Result<()> {
        // The lock is held, so that a file of this name is what a crash left behind.
        let staged = path.with_extension("new");
        match fs::remove_file(&staged) {
            Err(error) if error.kind() != Io::NotFound => return Err(error),
            _ => {}
        }
        let mut file = OpenOptions::new().write(true).create_new(true).mode(mode).open(&staged)?;
        file.set_permissions(fs::Permissions::from_mode(mode))?;
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(&staged, path)?;
        File::open(&self.folder)?.sync_all()
    }
}

/// The text of a private key that nobody else may read.
fn private_text(path: &Path) -> Result<Zeroizing<String>, RingError> {
    let file = File::open(path).map_err(|error| match error.kind() {
        Io::NotFound => refused(path, "the private key is not there; put it back, or `rotate`".to_owned()),
        _ => failed(path, &error),
    })?;
    let mode = file.metadata().map_err(|error| failed(path, &error))?.permissions().mode();
    if mode & 0o077 != 0 {
        let why = format!(
            "others may read it (mode {:03o}); run `chmod 600` on it, or replace the key",
            mode & 0o777
        );
        return Err(refused(path, why));
    }
    // Grown once: a buffer that moves would leave a copy behind.
    let mut text = Zeroizing::new(String::with_capacity(MOST_KEY_BYTES as usize + 1));
    file.take(MOST_KEY_BYTES).read_to_string(&mut text).map_err(|error| failed(path, &error))?;
    Ok(text)
}

fn failed(path: &Path, error: &io::Error) -> RingError {
    refused(path, error.to_string())
}

fn refused(path: &Path, why: String) -> RingError {
    RingError::File { path: path.to_owned(), why }
}
