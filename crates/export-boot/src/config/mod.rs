//! The configuration: one TOML file, each key also as an environment variable `EXPORT_SECTION__KEY`. A module for each
//! section.

mod auth;
mod branding;
mod log;
mod pdf;
mod sealing;
mod server;
mod services;
mod sources;
mod storage;
mod worker;

use std::path::{Path, PathBuf};
use std::time::Duration;

use figment::Figment;
use figment::providers::{Env, Format as _, Serialized, Toml};
use serde::{Deserialize, Serialize};

pub use self::auth::{AuthConfig, AuthMode};
pub use self::branding::{BrandConfig, BrandingConfig};
pub use self::log::{LogConfig, LogFormat};
pub use self::pdf::PdfConfig;
pub use self::sealing::{Pkcs11Config, SealingConfig, TimestampConfig};
pub use self::server::ServerConfig;
pub use self::services::{Secret, ServiceConfig, ServicesConfig};
pub use self::sources::{LibraryConfig, SourcesConfig};
pub use self::storage::{DatabaseConfig, RetentionConfig, S3Config, StorageConfig};
pub use self::worker::WorkerConfig;
use crate::BootError;

/// Variables that are not keys of the configuration: the file's place, and those of `exportctl`.
const OTHER_VARIABLES: [&str; 5] = ["config", "url", "token", "tenant", "shared_data"];

/// Everything that can be set.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Where the embedded database, artifacts and keys are kept.
    pub data_dir: PathBuf,
    /// The HTTP server.
    pub server: ServerConfig,
    /// Where jobs are kept.
    pub database: DatabaseConfig,
    /// Where artifacts are kept.
    pub storage: StorageConfig,
    /// Where data comes from.
    pub sources: SourcesConfig,
    /// Who may ask.
    pub auth: AuthConfig,
    /// Who signs seals.
    pub sealing: SealingConfig,
    /// How jobs are worked on.
    pub worker: WorkerConfig,
    /// How PDF reports are printed.
    pub pdf: PdfConfig,
    /// What reports wear.
    pub branding: BrandingConfig,
    /// How long artifacts are kept.
    pub retention: RetentionConfig,
    /// What is logged.
    pub log: LogConfig,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            data_dir: PathBuf::from("./data"),
            server: ServerConfig::default(),
            database: DatabaseConfig::default(),
            storage: StorageConfig::default(),
            sources: SourcesConfig::default(),
            auth: AuthConfig { mode: AuthMode::Development },
            sealing: SealingConfig::default(),
            worker: WorkerConfig::default(),
            pdf: PdfConfig::default(),
            branding: BrandingConfig::default(),
            retention: RetentionConfig { days: 30 },
            log: LogConfig { filter: "info".to_owned(), format: LogFormat::Text, spans: false },
        }
    }
}

/// The configuration file: the one that was named, or that `EXPORT_CONFIG` names.
#[must_use]
pub fn find_config_file(named: Option<PathBuf>) -> Option<PathBuf> {
    named.or_else(|| std::env::var_os("EXPORT_CONFIG").map(PathBuf::from))
}

impl Config {
    /// Reads defaults, then the file, then the environment; `data_dir` from the command line comes last.
    ///
    /// # Errors
    /// Every key that is unknown or wrong, with the place that set it.
    pub fn load(file: Option<&Path>, data_dir: Option<&Path>) -> Result<Self, BootError> {
        let mut figment = Figment::from(Serialized::defaults(Self::default()));
        if let Some(file) = file {
            if !file.is_file() {
                return Err(BootError::new(format!(
                    "the configuration file {} does not exist",
                    file.display()
                )));
            }
            figment = figment.merge(Toml::file_exact(file));
        }
        figment = figment.merge(Env::prefixed("EXPORT_").ignore(&OTHER_VARIABLES).split("__"));
        if let Some(data_dir) = data_dir {
            figment = figment.merge(Serialized::default("data_dir", data_dir));
        }
        let config: Self = figment.extract().map_err(|errors| {
            let lines: Vec<String> = errors.into_iter().map(|error| format!("- {error}")).collect();
            BootError::new(format!("the configuration is not valid:\n{}", lines.join("\n")))
        })?;
        config.check()?;
        Ok(config)
    }

    /// Whether the values fit, beyond their types.
    ///
    /// # Errors
    /// Every value that does not.
    pub fn check(&self) -> Result<(), BootError> {
        let mut wrong = Vec::new();
        if let Err(error) = self.server.listen.parse::<std::net::SocketAddr>() {
            wrong.push(format!("server.listen `{}` must be ADDRESS:PORT ({error})", self.server.listen));
        }
        if self.worker.lease < Duration::from_millis(500) {
            wrong.push("worker.lease must be at least 500ms".to_owned());
        }
        if self.worker.concurrency == Some(0) {
            wrong.push("worker.concurrency must be at least 1".to_owned());
        }
        if !(1..=3_650).contains(&self.retention.days) {
            wrong.push("retention.days must be from 1 to 3650".to_owned());
        }
        if let Err(error) = self.database_file() {
            wrong.push(error.to_string());
        }
        if let Err(error) = self.artifact_folder() {
            wrong.push(error.to_string());
        }
        wrong.extend(self.services_faults());
        wrong.extend(self.sealing_faults());
        if let Err(faults) = self.branding.load() {
            wrong.extend(faults);
        }
        if wrong.is_empty() {
            return Ok(());
        }
        let lines: Vec<String> = wrong.into_iter().map(|line| format!("- {line}")).collect();
        Err(BootError::new(format!("the configuration is not valid:\n{}", lines.join("\n"))))
    }
}
