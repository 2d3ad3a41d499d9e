//! A key in a hardware module, over PKCS #11.
//!
//! The module has one key pair with the configured label, which signs. Older keys stand in a history, a JWKS: the module
//! knows nothing of times.

mod pin;
mod token;

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use ed25519_dalek::{Signature, VerifyingKey};
use export_core::error::{ErrorKind, PortError};
use export_core::ports::Signer;
use export_core::seal::{KeyRecord, KeyStatus, PublicKey, SignatureBytes};

pub use self::pin::Pin;
use self::token::Token;
use crate::read_history;

/// Which key of which module.
#[derive(Debug, Clone)]
pub struct Pkcs11Settings {
    /// The module's library.
    pub module: PathBuf,
    /// The label of the token.
    pub token: String,
    /// The label of the key pair.
    pub key: String,
    /// What unlocks the token.
    pub pin: Pin,
    /// The history of keys (JWKS), the present one with its times, if there is one.
    pub history: Option<PathBuf>,
}

/// Signs with a key in a hardware module.
pub struct Pkcs11Signer {
    settings: Arc<Pkcs11Settings>,
    token: Arc<Mutex<Option<Token>>>,
}

impl Pkcs11Signer {
    /// The signer. The module is loaded when it is first needed.
    #[must_use]
    pub fn new(settings: Pkcs11Settings) -> Self {
        Self { settings: Arc::new(settings), token: Arc::new(Mutex::new(None)) }
    }

    /// Runs `work` with an open session, on a thread that may wait. A session that fails is opened anew once: modules
    /// restart, and tokens are pulled and put back.
    async fn with<T: Send + 'static>(
        &self,
        work: impl Fn(&Token) -> Result<T, PortError> + Send + 'static,
    ) -> Result<T, PortError> {
        let (settings, token) = (Arc::clone(&self.settings), Arc::clone(&self.token));
        let done = tokio::task::spawn_blocking(move || {
            let mut token = token.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some(open) = token.as_ref() {
                match work(open) {
                    // Without a login, a session sees no private key.
                    Err(error) if matches!(error.kind, ErrorKind::Unavailable | ErrorKind::NotFound) => {
                        *token = None;
                    }
                    done => return done,
                }
            }
            let open = Token::open(&settings)?;
            let done = work(&open);
            *token = Some(open);
            done
        });
        done.await
            .map_err(|error| PortError::new(ErrorKind::Internal, "hardware module", error.to_string()))?
    }

    fn history(&self) -> Result<Vec<KeyRecord>, PortError> {
        let Some(file) = &self.settings.history else { return Ok(Vec::new()) };
        let corrupt = |why| PortError::new(ErrorKind::Corrupt, "hardware module: history", why);
        read_history(file).map_err(corrupt)
    }

    async fn present(&self) -> Result<PublicKey, PortError> {
        let label = self.settings.key.clone();
        self.with(move |token| token.public_key(&label)).await
    }
}

/// Whether the module's key may sign: the history may say that it was retired or revoked.
fn signs(history: &[KeyRecord], key: &PublicKey) -> bool {
    history.iter().find(|record| record.key == *key).is_none_or(|record| record.status == KeyStatus::Active)
}

fn gone(operation: &'static str) -> PortError {
    PortError::new(ErrorKind::NotFound, operation, "the key is not in the module, or signs no more")
}

#[async_trait]
impl Signer for Pkcs11Signer {
    async fn active(&self) -> Result<PublicKey, PortError> {
        let key = self.present().await?;
        if signs(&self.history()?, &key) { Ok(key) } else { Err(gone("hardware module: active")) }
    }

    async fn sign(&self, key: &PublicKey, message: &[u8]) -> Result<SignatureBytes, PortError> {
        const OPERATION: &str = "hardware module: sign";
        if self.present().await? != *key || !signs(&self.history()?, key) {
            return Err(gone(OPERATION));
        }
        let (label, owned) = (self.settings.key.clone(), message.to_vec());
        let signature = self.with(move |token| token.sign(&label, &owned)).await?;
        // A module whose two halves of a key do not belong together would seal what nobody can verify.
        let verified = VerifyingKey::from_bytes(key.as_bytes())
            .and_then(|verifier| verifier.verify_strict(message, &Signature::from_bytes(&signature)));
        verified.map_err(|_| {
            let message = "the module's signature is not by its public key";
            PortError::new(ErrorKind::Unavailable, OPERATION, message)
        })?;
        Ok(signature)
    }

    async fn keys(&self) -> Result<Vec<KeyRecord>, PortError> {
        let mut records = self.history()?;
        let present = match self.present().await {
            Ok(key) => key,
            Err(error) if error.kind == ErrorKind::NotFound => return Ok(records),
            Err(error) => return Err(error),
        };
        if records.iter().any(|record| record.status == KeyStatus::Active && record.key != present) {
            let message = "the history says that another key is active than the module's; set its `status` and `retired_at`";
            return Err(PortError::new(ErrorKind::Corrupt, "hardware module: history", message));
        }
        if records.iter().all(|record| record.key != present) {
            records.insert(0, KeyRecord::active(present, None));
        }
        Ok(records)
    }
}
