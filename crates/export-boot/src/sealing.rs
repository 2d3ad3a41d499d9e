//! Who signs seals, and who says what time it is, from the configuration.

use std::sync::Arc;

use export_core::ports::{Signer, Timestamper};
use export_core::time::Clock as _;
use export_engine::{SealLog, Sealing, Timestamps};
use export_keys::{HttpTimestamper, Pkcs11Signer};
use export_timestamp::Anchors;

use crate::config::AuthMode;
use crate::{BootError, Config, SystemClock, SystemEntropy};

fn named(setting: &'static str) -> impl Fn(String) -> BootError {
    move |error| BootError::new(format!("{setting}{error}"))
}

/// Who signs seals: the hardware module if there is one, otherwise a ring of keys in a folder.
///
/// In development mode, the ring in the data folder gets its first key here. Elsewhere nothing signs until somebody makes one.
///
/// # Errors
/// If a file cannot be used.
pub fn signer(config: &Config) -> Result<Arc<dyn Signer>, BootError> {
    if let Some(settings) = config.sealing.pkcs11.settings().map_err(named("sealing.pkcs11."))? {
        return Ok(Arc::new(Pkcs11Signer::new(settings)));
    }
    let ring = config.key_ring().map_err(named("sealing.keys "))?;
    let unusable = |error: export_keys::RingError| BootError::new(format!("sealing.keys {error}"));
    let folder = ring.folder().display().to_string();
    if ring.find_active().map_err(unusable)?.is_none() {
        // A ring that had keys was left without one on purpose.
        let untouched = ring.list().map_err(unusable)?.is_empty();
        let development = matches!(config.auth.mode, AuthMode::Development);
        if development && untouched && config.sealing.keys.is_none() {
            let now = SystemClock::new().now().wall;
            match ring.generate(&SystemEntropy::bytes().into(), now) {
                Ok(made) => {
                    tracing::info!(key_id = %made.key.id(), folder, "the first key for seals was made");
                }
                // Another program that starts at the same time was first.
                Err(export_keys::RingError::HasActive(_)) => {}
                Err(error) => return Err(unusable(error)),
            }
        } else {
            tracing::warn!(folder, "no key signs seals; `exportctl keys generate` makes one");
        }
    }
    Ok(Arc::new(ring))
}

/// What evidence is sealed with: the key, the time-stamp authority if there is one, and the log that bundles are added to.
///
/// # Errors
/// As [`signer`] and [`timestamper`].
pub fn sealing(config: &Config, log: Option<SealLog>) -> Result<Sealing, BootError> {
    let required = config.sealing.timestamp.required;
    let timestamps = timestamper(config)?.map(|authority| Timestamps { authority, required });
    Ok(Sealing { signer: signer(config)?, timestamps, log })
}

/// Who says what time it is, if an authority is configured.
///
/// # Errors
/// If the URL or the certificates cannot be used.
pub fn timestamper(config: &Config) -> Result<Option<Arc<dyn Timestamper>>, BootError> {
    let settings = &config.sealing.timestamp;
    let Some(url) = settings.url.clone() else { return Ok(None) };
    let nonce = Arc::new(|| u64::from_le_bytes(SystemEntropy::bytes()));
    let authority = HttpTimestamper::new(url, timestamp_anchors(config)?, settings.timeout, nonce);
    let authority = authority.map_err(|error| named("sealing.timestamp.url ")(error.to_string()))?;
    Ok(Some(Arc::new(authority)))
}

/// The certificates that vouch for time-stamp authorities; none if nobody is trusted.
///
/// # Errors
/// If they cannot be read.
pub fn timestamp_anchors(config: &Config) -> Result<Anchors, BootError> {
    config.sealing.timestamp.load_anchors().map_err(named("sealing.timestamp."))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    fn config(folder: &Path) -> Config {
        Config { data_dir: folder.to_owned(), ..Config::default() }
    }

    #[tokio::test]
    async fn the_first_key_is_made_once_and_only_in_the_data_folder() {
        let folder = tempfile::tempdir().unwrap();
        let first = signer(&config(folder.path())).unwrap().active().await.unwrap();
        assert_eq!(signer(&config(folder.path())).unwrap().active().await.unwrap(), first);

        // Revoked on purpose: nothing is made behind the operator's back.
        let ring = config(folder.path()).key_ring().unwrap();
        ring.revoke(&first.id(), SystemClock::new().now().wall, "stolen").unwrap();
        assert!(signer(&config(folder.path())).unwrap().active().await.is_err());

        let mut named = config(folder.path());
        named.sealing.keys = Some(folder.path().join("elsewhere"));
        std::fs::create_dir(folder.path().join("elsewhere")).unwrap();
        assert!(signer(&named).unwrap().active().await.is_err());
        assert!(timestamper(&named).unwrap().is_none());
        assert!(timestamp_anchors(&named).unwrap().is_empty());
    }
}
