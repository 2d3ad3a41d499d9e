//! Whom `verify` and `audit` trust.

mod file;

use std::path::{Path, PathBuf};

use clap::Args;
use export_boot::{Config, FileKeyRing};
use export_core::seal::{KeyId, KeyRecord, KeyStatus, PublicKey};

use crate::failure::Failure;
use crate::output::Output;

/// The data folder of whoever works in this one.
const HERE: &str = "./data";

/// Whose seals count.
#[derive(Args, Debug)]
pub(crate) struct TrustedKeys {
    /// Trusted public keys: a JWKS, a JWK, or PEM [default: those of the data folder]
    #[arg(long, value_name = "FILE")]
    pub(crate) keys: Option<PathBuf>,
    /// The data folder whose keys are trusted if no others are given [default: ./data, unless it lies with what is verified]
    #[arg(long, env = "EXPORT_DATA_DIR", value_name = "DIR")]
    data: Option<PathBuf>,
}

/// The keys whose seals count, with what is known of each.
#[derive(Debug, Default)]
pub(crate) struct Known {
    pub(crate) records: Vec<KeyRecord>,
    /// Those of which nobody said whether they were revoked.
    unsaid: Vec<KeyId>,
}

impl TrustedKeys {
    /// The data folder.
    pub(crate) fn data(&self) -> &Path {
        self.data.as_deref().unwrap_or(Path::new(HERE))
    }

    /// The keys; none if there are none. `about` is what they are to verify: a data folder that nobody named is not trusted if
    /// it may have come with that.
    pub(crate) fn read(&self, about: &[&Path], output: Output) -> Result<Known, Failure> {
        if let Some(file) = &self.keys {
            return file::read(file);
        }
        let folder = Config { data_dir: self.data().to_owned(), ..Config::default() }.key_folder();
        if !folder.is_dir() {
            return Ok(Known::default());
        }
        if self.data.is_none() && about.iter().any(|about| comes_with(about, &folder)) {
            output.note(format!(
                "the keys of {} are not trusted, for they lie with what is verified; if they are yours, say so with --data {HERE}",
                folder.display()
            ));
            return Ok(Known::default());
        }
        let records = FileKeyRing::at(&folder).list().map_err(|error| Failure::usage(error.to_string()))?;
        if !records.is_empty() {
            output.note(format!("trusting the keys of {}", folder.display()));
        }
        Ok(Known { records, unsaid: Vec::new() })
    }
}

/// Whether the ring in `./data` may have come with `about`: that lies in the data folder, or is a folder around it or around the
/// current one. What cannot be found out is taken for a yes.
fn comes_with(about: &Path, ring: &Path) -> bool {
    let real = |path: &Path| path.canonicalize().ok();
    let places = [real(about), real(Path::new(HERE)), real(ring), real(Path::new("."))];
    let [Some(about), Some(data), Some(ring), Some(here)] = places else { return true };
    about.starts_with(&data)
        || (about.is_dir() && [data, ring, here].iter().any(|place| place.starts_with(&about)))
}

impl Known {
    /// The keys alone.
    pub(crate) fn keys(&self) -> Vec<PublicKey> {
        self.records.iter().map(|record| record.key).collect()
    }

    /// What is known of the key.
    pub(crate) fn find(&self, id: &KeyId) -> Option<&KeyRecord> {
        self.records.iter().find(|record| record.key.id() == *id)
    }

    /// The key with this fingerprint alone.
    pub(crate) fn only(mut self, id: &KeyId) -> Self {
        self.records.retain(|record| record.key.id() == *id);
        self
    }

    /// Whether the key signs, if anybody said so.
    pub(crate) fn status(&self, id: &KeyId) -> Option<KeyStatus> {
        self.find(id).map(|record| record.status).filter(|_| !self.unsaid.contains(id))
    }

    /// Why what the key signed does not count without a proof that it is older.
    pub(crate) fn revoked(&self, id: &KeyId) -> Option<String> {
        let record = self.find(id)?;
        match record.revoked_at {
            Some(at) => Some(format!("the key {id} was revoked at {at}")),
            None if record.status == KeyStatus::Revoked => Some(format!("the key {id} was revoked")),
            None => None,
        }
    }
}

/// A status as people read it.
pub(crate) fn status_word(status: Option<KeyStatus>) -> &'static str {
    status.map_or("status not known", KeyStatus::as_str)
}
