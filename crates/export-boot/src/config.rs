//! The configuration: one TOML file, each key also as an environment variable `EXPORT_SECTION__KEY`.

use std::path::{Path, PathBuf};
use std::time::Duration;

use figment::Figment;
use figment::providers::{Env, Format as _, Serialized, Toml};
use serde::{Deserialize, Serialize};
use url::Url;

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
    /// How jobs are worked on.
    pub worker: WorkerConfig,
    /// How PDF reports are printed.
    pub pdf: PdfConfig,
    /// How long artifacts are kept.
    pub retention: RetentionConfig,
    /// What is logged.
    pub log: LogConfig,
}

/// The HTTP server.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ServerConfig {
    /// Address and port.
    pub listen: String,
    /// The address that links name; from `listen` if absent.
    pub public_url: Option<Url>,
}

/// Where jobs are kept.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DatabaseConfig {
    /// `sqlite:PATH`; a file in the data folder if absent.
    pub url: Option<String>,
}

/// Where artifacts are kept.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StorageConfig {
    /// `file:///PATH`; a folder in the data folder if absent.
    pub url: Option<Url>,
    /// How buckets are reached, for sources as well.
    #[serde(default)]
    pub s3: S3Config,
}

/// How buckets are reached; what is absent comes from the AWS variables.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct S3Config {
    /// The server's URL, for servers other than AWS.
    pub endpoint: Option<String>,
    /// The region.
    pub region: Option<String>,
    /// The access key's id.
    pub access_key: Option<String>,
    /// The access key's secret.
    pub secret_key: Option<String>,
    /// Whether the bucket stands in the path instead of the host name.
    pub path_style: Option<bool>,
}

impl S3Config {
    /// The options as the object store names them.
    #[must_use]
    pub fn options(&self) -> Vec<(String, String)> {
        let plain_http = self.endpoint.as_deref().is_some_and(|endpoint| endpoint.starts_with("http://"));
        let options = [
            ("aws_endpoint", self.endpoint.clone()),
            ("aws_region", self.region.clone()),
            ("aws_access_key_id", self.access_key.clone()),
            ("aws_secret_access_key", self.secret_key.clone()),
            ("aws_virtual_hosted_style_request", self.path_style.map(|path| (!path).to_string())),
            ("aws_allow_http", plain_http.then(|| "true".to_owned())),
        ];
        options.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect()
    }
}

/// Where data comes from.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SourcesConfig {
    /// A folder or bucket of what tools wrote.
    #[serde(default)]
    pub library: LibraryConfig,
}

/// A folder or bucket of what tools wrote.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LibraryConfig {
    /// `file:///PATH` or `s3://BUCKET/PREFIX`, with `{tenant}` where tenants have folders of their own; the demo library
    /// if absent.
    pub url: Option<String>,
}

/// Who may ask.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AuthConfig {
    /// How tokens are checked.
    pub mode: AuthMode,
}

/// How tokens are checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum AuthMode {
    /// Tokens that this installation signs itself.
    Development,
}

/// How jobs are worked on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WorkerConfig {
    /// Exports at a time; the number of cores if absent.
    pub concurrency: Option<usize>,
    /// Where snapshots lie while an export runs; the system's if absent.
    pub scratch_dir: Option<PathBuf>,
    /// For how long a job is held without a heartbeat.
    #[serde(with = "humantime_serde")]
    pub lease: Duration,
    /// How long running exports may go on after a stop.
    #[serde(with = "humantime_serde")]
    pub grace: Duration,
    /// Bytes of scratch that one export may take.
    pub snapshot_bytes: u64,
    /// How long one artifact may be rendered.
    #[serde(with = "humantime_serde")]
    pub render_timeout: Duration,
    /// Where a worker of its own serves `/healthz`, `/readyz` and `/metrics`; nowhere if absent.
    pub listen: Option<String>,
}

/// How PDF reports are printed.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PdfConfig {
    /// The browser; looked for in the usual places if absent.
    pub chromium: Option<PathBuf>,
    /// Print even where the browser cannot be shut into a sandbox.
    #[serde(default)]
    pub allow_unsandboxed: bool,
}

/// How long artifacts are kept.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RetentionConfig {
    /// Days, unless the request says otherwise.
    pub days: u32,
}

/// What is logged.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LogConfig {
    /// Levels by module, `info,export_engine=debug`.
    pub filter: String,
    /// How lines are written.
    pub format: LogFormat,
    /// Whether each span is logged with its time when it closes.
    pub spans: bool,
}

/// How lines are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// For people.
    Text,
    /// One JSON object a line.
    Json,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            data_dir: PathBuf::from("./data"),
            server: ServerConfig { listen: "127.0.0.1:8080".to_owned(), public_url: None },
            database: DatabaseConfig::default(),
            storage: StorageConfig::default(),
            sources: SourcesConfig::default(),
            auth: AuthConfig { mode: AuthMode::Development },
            worker: WorkerConfig {
                concurrency: None,
                scratch_dir: None,
                lease: Duration::from_secs(30),
                grace: Duration::from_secs(25),
                snapshot_bytes: 64 << 30,
                render_timeout: Duration::from_secs(300),
                listen: None,
            },
            pdf: PdfConfig::default(),
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
        if wrong.is_empty() {
            return Ok(());
        }
        let lines: Vec<String> = wrong.into_iter().map(|line| format!("- {line}")).collect();
        Err(BootError::new(format!("the configuration is not valid:\n{}", lines.join("\n"))))
    }

    /// The database's file.
    ///
    /// # Errors
    /// If `database.url` is no SQLite URL.
    pub fn database_file(&self) -> Result<PathBuf, BootError> {
        let Some(url) = &self.database.url else { return Ok(self.data_dir.join("export-center.db")) };
        let path = url.strip_prefix("sqlite:").map(|path| path.strip_prefix("//").unwrap_or(path));
        match path {
            Some(path) if !path.is_empty() && !path.contains('?') => Ok(PathBuf::from(path)),
            _ => Err(BootError::new(format!(
                "database.url `{}` must be `sqlite:PATH`; this version has no other database",
                redacted(url)
            ))),
        }
    }

    /// The folder of the artifacts.
    ///
    /// # Errors
    /// If `storage.url` is no file URL.
    pub fn artifact_folder(&self) -> Result<PathBuf, BootError> {
        let Some(url) = &self.storage.url else { return Ok(self.data_dir.join("artifacts")) };
        let path = (url.scheme() == "file").then(|| url.to_file_path().ok()).flatten();
        path.ok_or_else(|| {
            let url = redacted(url.as_str());
            BootError::new(format!(
                "storage.url `{url}` must be `file:///PATH`; this version stores nowhere else"
            ))
        })
    }

    /// The URL that links name.
    ///
    /// # Errors
    /// If `server.listen` makes no URL.
    pub fn public_url(&self) -> Result<Url, BootError> {
        if let Some(url) = &self.server.public_url {
            return Ok(url.clone());
        }
        let address: std::net::SocketAddr = self.server.listen.parse().map_err(|_| {
            BootError::new(format!("server.listen `{}` must be ADDRESS:PORT", self.server.listen))
        })?;
        let host = match address {
            // A server that listens everywhere is reached here by the loopback address.
            address if address.ip().is_unspecified() => format!("127.0.0.1:{}", address.port()),
            address => address.to_string(),
        };
        Url::parse(&format!("http://{host}"))
            .map_err(|error| BootError::new(format!("server.listen: {error}")))
    }

    /// Where snapshots lie while an export runs.
    #[must_use]
    pub fn scratch_dir(&self) -> PathBuf {
        self.worker.scratch_dir.clone().unwrap_or_else(|| {
            #[expect(clippy::disallowed_methods, reason = "this is the configuration that the others ask")]
            let system = std::env::temp_dir();
            system.join(format!("export-center-{}", rustix::process::getuid().as_raw()))
        })
    }

    /// Exports at a time.
    #[must_use]
    pub fn concurrency(&self) -> usize {
        let cores = || std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        self.worker.concurrency.unwrap_or_else(cores)
    }
}

/// A URL without the password that it may hold.
fn redacted(url: &str) -> String {
    let Ok(mut parsed) = Url::parse(url) else { return url.to_owned() };
    if parsed.password().is_some() && parsed.set_password(Some("***")).is_err() {
        return format!("{}:***", parsed.scheme());
    }
    parsed.to_string()
}
