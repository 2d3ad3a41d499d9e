//! Where jobs and artifacts are kept.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};
use url::Url;

use super::Config;
use crate::BootError;

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

/// How long artifacts are kept.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RetentionConfig {
    /// Days, unless the request says otherwise.
    pub days: u32,
}

impl Config {
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
}

/// A URL without the password that it may hold.
fn redacted(url: &str) -> String {
    let Ok(mut parsed) = Url::parse(url) else { return url.to_owned() };
    if parsed.password().is_some() && parsed.set_password(Some("***")).is_err() {
        return format!("{}:***", parsed.scheme());
    }
    parsed.to_string()
}
