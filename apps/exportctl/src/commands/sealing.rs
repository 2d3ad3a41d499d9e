//! With which keys `convert` seals.

use std::path::{Path, PathBuf};

use clap::Args;
use export_boot::Config;
use export_engine::Sealing;

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

/// Whether a file is there to be read.
pub(crate) fn must_exist(path: &Path) -> Result<(), Failure> {
    if path.exists() { Ok(()) } else { Err(Failure::usage(format!("{} does not exist", path.display()))) }
}
