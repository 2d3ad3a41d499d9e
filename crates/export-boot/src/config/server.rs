//! The HTTP server's section.

use serde::{Deserialize, Serialize};
use url::Url;

use super::Config;
use crate::BootError;

/// The HTTP server.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ServerConfig {
    /// Address and port.
    pub listen: String,
    /// The address that links name; from `listen` if absent.
    pub public_url: Option<Url>,
}

impl Default for ServerConfig {
    fn default() -> Self {
        Self { listen: "127.0.0.1:8080".to_owned(), public_url: None }
    }
}

impl Config {
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
}
