//! A time-stamp authority over HTTP (RFC 3161, 3.4).

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use export_core::digest::Digest;
use export_core::error::{ErrorKind, PortError};
use export_core::ports::Timestamper;
use export_timestamp::{Anchors, normal_form, request, verify};
use reqwest::header::{ACCEPT, CONTENT_TYPE};
use reqwest::redirect::Policy;
use url::Url;

/// The most that an answer may have. Real ones have 2 to 8 KiB.
const MOST_BYTES: usize = 64 * 1024;
const OPERATION: &str = "time-stamp authority";
const QUERY: &str = "application/timestamp-query";
const REPLY: &str = "application/timestamp-reply";

/// Asks a time-stamp authority, and checks what it answers.
pub struct HttpTimestamper {
    client: reqwest::Client,
    url: Url,
    anchors: Anchors,
    nonce: Arc<dyn Fn() -> u64 + Send + Sync>,
}

/// Why no authority can be asked.
#[derive(Debug, thiserror::Error)]
pub enum InvalidAuthority {
    /// The URL is of another kind.
    #[error("must be http://... or https://...")]
    Scheme,
    /// The HTTP client cannot be made.
    #[error("{0}")]
    Client(String),
}

impl HttpTimestamper {
    /// Asks the authority at `url`, which may take `timeout`. With anchors, one of them must vouch for it. `nonce` gives fresh
    /// randomness for each request.
    ///
    /// # Errors
    /// [`InvalidAuthority`].
    pub fn new(
        url: Url,
        anchors: Anchors,
        timeout: Duration,
        nonce: Arc<dyn Fn() -> u64 + Send + Sync>,
    ) -> Result<Self, InvalidAuthority> {
        if !matches!(url.scheme(), "http" | "https") {
            return Err(InvalidAuthority::Scheme);
        }
        let client = reqwest::Client::builder()
            .redirect(Policy::none())
            .no_proxy()
            .connect_timeout(timeout)
            .timeout(timeout)
            .build()
            .map_err(|error| InvalidAuthority::Client(error.to_string()))?;
        Ok(Self { client, url, anchors, nonce })
    }

    async fn ask(&self, query: Vec<u8>) -> Result<Vec<u8>, PortError> {
        let request = self.client.post(self.url.clone()).header(CONTENT_TYPE, QUERY).header(ACCEPT, REPLY);
        let mut answer = request.body(query).send().await.map_err(|error| unavailable(&error))?;
        let status = answer.status();
        if !status.is_success() {
            let kind = if status.is_server_error() || matches!(status.as_u16(), 408 | 429) {
                ErrorKind::Unavailable
            } else {
                ErrorKind::Invalid
            };
            return Err(PortError::new(kind, OPERATION, format!("it answers with the status {status}")));
        }
        let kind = answer.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        let kind = kind.split(';').next().unwrap_or_default().trim();
        if !kind.eq_ignore_ascii_case(REPLY) {
            return Err(invalid("it does not answer with a time-stamp"));
        }
        let mut bytes = Vec::new();
        while let Some(chunk) = answer.chunk().await.map_err(|error| unavailable(&error))? {
            if bytes.len() + chunk.len() > MOST_BYTES {
                return Err(invalid(format!("its answer has more than {MOST_BYTES} bytes")));
            }
            bytes.extend_from_slice(&chunk);
        }
        Ok(bytes)
    }
}

fn invalid(message: impl Into<String>) -> PortError {
    PortError::new(ErrorKind::Invalid, OPERATION, message)
}

/// The URL is left out: it may hold a password.
fn unavailable(error: &reqwest::Error) -> PortError {
    let message = match error {
        error if error.is_timeout() => "it does not answer in time",
        error if error.is_connect() => "it cannot be reached",
        _ => "its answer breaks off",
    };
    PortError::new(ErrorKind::Unavailable, OPERATION, message)
}

#[async_trait]
impl Timestamper for HttpTimestamper {
    async fn stamp(&self, digest: Digest) -> Result<Vec<u8>, PortError> {
        let nonce = (self.nonce)();
        let answer = self.ask(request(digest, nonce)).await?;
        // Others verify it too, and not all read certificates in the order in which authorities send them.
        let token = normal_form(&answer).map_err(|error| invalid(error.to_string()))?;
        verify(&token, digest, &self.anchors, Some(nonce)).map_err(|error| invalid(error.to_string()))?;
        Ok(token)
    }
}
