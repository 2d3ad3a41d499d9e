//! With which keys `convert` seals, and whom `verify` and `audit` trust.

use std::path::{Path, PathBuf};

use clap::Args;
use export_boot::{Config, FileKeyRing};
use export_core::seal::{KeyRecord, PublicKey};
use export_engine::Sealing;
use export_seal::jwks::Jwks;

use crate::failure::Failure;
use crate::output::Output;

/// The keys that seal.
#[derive(Args, Debug)]
pub(crate) struct SealingKeys {
    /// Folder with the sealing keys [default: keys/sealing in the data folder, where the first key is made on first use]
    #[arg(long, value_name = "DIR")]
    sealing_keys: Option<PathBuf>,
    /// The data folder
    #[arg(long, env = "EXPORT_DATA_DIR", default_value = "./data", value_name = "DIR")]
    data: PathBuf,
}

impl SealingKeys {
    /// What seals, with a word about the key.
    pub(crate) async fn open(&self, output: Output) -> Result<Sealing, Failure> {
        let mut config = Config { data_dir: self.data.clone(), ..Config::default() };
        config.sealing.keys.clone_from(&self.sealing_keys);
        let sealing = export_boot::sealing(&config, None)?;
        let key = sealing.signer.active().await.map_err(|error| Failure::new(error.to_string()))?;
        output.note(format!("sealing with the key {} in {}", key.id(), config.key_folder().display()));
        Ok(sealing)
    }
}

/// Whose seals count.
#[derive(Args, Debug)]
pub(crate) struct TrustedKeys {
    /// Trusted public keys: a JWKS, a JWK, or PEM [default: those of the data folder]
    #[arg(long, value_name = "FILE")]
    pub(crate) keys: Option<PathBuf>,
    /// The data folder whose keys are trusted if no others are given
    #[arg(long, env = "EXPORT_DATA_DIR", default_value = "./data", value_name = "DIR")]
    pub(crate) data: PathBuf,
}

impl TrustedKeys {
    /// The keys; none if there are none.
    pub(crate) fn read(&self) -> Result<Vec<KeyRecord>, Failure> {
        let Some(file) = &self.keys else {
            let config = Config { data_dir: self.data.clone(), ..Config::default() };
            let folder = config.key_folder();
            if !folder.is_dir() {
                return Ok(Vec::new());
            }
            let ring = FileKeyRing::at(folder).list();
            return ring.map_err(|error| Failure::usage(error.to_string()));
        };
        let wrong = |why: String| Failure::usage(format!("{}: {why}", file.display()));
        let bytes = std::fs::read(file).map_err(|error| wrong(error.to_string()))?;
        match pem(&bytes) {
            Some(keys) => Ok(keys),
            None => Jwks::read(&bytes).map_err(|error| wrong(error.to_string())),
        }
    }
}

/// The keys of a PEM file: `SubjectPublicKeyInfo` of Ed25519 (RFC 8410, 4), which is one prefix and the 32 bytes.
fn pem(bytes: &[u8]) -> Option<Vec<KeyRecord>> {
    const BEGIN: &str = "-----BEGIN PUBLIC KEY-----";
    const PREFIX: &[u8] = &[0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00];
    let text = std::str::from_utf8(bytes).ok()?;
    let key = |part: &str| {
        let (body, _) = part.split_once("-----END PUBLIC KEY-----")?;
        let body: String = body.split_whitespace().collect();
        let der = base64::Engine::decode(&base64::engine::general_purpose::STANDARD, body).ok()?;
        let key = der.strip_prefix(PREFIX)?.try_into().ok()?;
        Some(KeyRecord::active(PublicKey::from_bytes(key), None))
    };
    text.contains(BEGIN).then(|| text.split(BEGIN).skip(1).map(key).collect::<Option<Vec<_>>>()).flatten()
}

/// Whether a file is there to be read.
pub(crate) fn must_exist(path: &Path) -> Result<(), Failure> {
    if path.exists() { Ok(()) } else { Err(Failure::usage(format!("{} does not exist", path.display()))) }
}
