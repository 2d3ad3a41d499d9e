//! From responses to values, problems, and words about everything else.

use export_core::problem::Problem;
use reqwest::header::{CONTENT_TYPE, LOCATION};
use reqwest::{RequestBuilder, Response};
use serde::de::DeserializeOwned;
use url::Url;

use crate::ClientError;

/// The most of a foreign answer that is shown.
const SHOWN: usize = 200;

/// Sends, and gives the response if its status is a success.
pub(crate) async fn send(request: RequestBuilder) -> Result<Response, ClientError> {
    let response = request.send().await.map_err(unreachable)?;
    if response.status().is_success() || response.status().as_u16() == 101 {
        return Ok(response);
    }
    Err(refusal(response).await)
}

/// The JSON of a success.
pub(crate) async fn read<T: DeserializeOwned>(response: Response) -> Result<T, ClientError> {
    let (url, status) = (response.url().clone(), response.status().as_u16());
    let bytes = response.bytes().await.map_err(unreachable)?;
    serde_json::from_slice(&bytes).map_err(|error| unexpected(&url, status, error.to_string()))
}

async fn refusal(response: Response) -> ClientError {
    let (url, status) = (response.url().clone(), response.status().as_u16());
    let header = |name| response.headers().get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let (media_type, location) = (header(CONTENT_TYPE), header(LOCATION));
    let bytes = match response.bytes().await {
        Ok(bytes) => bytes,
        Err(error) => return unreachable(error),
    };
    let is_problem = media_type.is_some_and(|it| it.starts_with(Problem::MEDIA_TYPE));
    if is_problem && let Ok(problem) = serde_json::from_slice(&bytes) {
        return ClientError::Refused(Box::new(problem));
    }
    let shown: String = String::from_utf8_lossy(&bytes).chars().take(SHOWN).collect();
    unexpected(&url, status, location.map_or(shown, |location| format!("redirected to {location}")))
}

/// Only the server is named: the rest of a URL may hold a link's token.
pub(crate) fn unreachable(error: reqwest::Error) -> ClientError {
    let server = error.url().map(server).unwrap_or_default();
    ClientError::Unreachable { server, source: Box::new(Deepest(error.without_url())) }
}

pub(crate) fn unexpected(url: &Url, status: u16, detail: impl Into<String>) -> ClientError {
    ClientError::Unexpected { server: server(url), status, detail: detail.into() }
}

pub(crate) fn server(url: &Url) -> String {
    url.origin().ascii_serialization()
}

/// An error that shows its deepest cause: reqwest's own words say only that sending failed.
#[derive(Debug)]
struct Deepest(reqwest::Error);

impl std::fmt::Display for Deepest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut deepest: &dyn std::error::Error = &self.0;
        while let Some(cause) = deepest.source() {
            deepest = cause;
        }
        std::fmt::Display::fmt(deepest, f)
    }
}

impl std::error::Error for Deepest {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.0)
    }
}
