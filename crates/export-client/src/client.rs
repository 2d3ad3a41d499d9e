//! The client: where the server is, and who asks.

use std::time::Duration;

use export_core::id::TenantId;
use reqwest::redirect::Policy;
use reqwest::{Method, RequestBuilder};
use url::Url;

use crate::ClientError;

/// How long a connection may take to be made.
const CONNECT: Duration = Duration::from_secs(10);
/// How long the server may say nothing in the middle of an answer.
const SILENCE: Duration = Duration::from_secs(60);

/// A client of one server, for one tenant. Clones share their connections.
#[derive(Clone)]
pub struct Client {
    /// For requests and downloads.
    pub(crate) http: reqwest::Client,
    /// For WebSockets, which begin as HTTP/1.1 and then stay silent as long as they like.
    pub(crate) sockets: reqwest::Client,
    base: Url,
    token: String,
    tenant: TenantId,
}

impl Client {
    /// A client of the server at `base` (its `server.public_url`, without `/api/v1`), with a bearer token that grants
    /// `tenant`. Nothing is sent yet.
    ///
    /// # Errors
    /// [`ClientError::Setup`] for a URL that is not `http` or `https`, or if TLS cannot be set up.
    pub fn new(base: Url, token: impl Into<String>, tenant: TenantId) -> Result<Self, ClientError> {
        if !matches!(base.scheme(), "http" | "https") || base.cannot_be_a_base() {
            return Err(ClientError::Setup(format!("`{base}` is not an http or https URL")));
        }
        // Redirects are not followed: a token goes to the server that was named, and to no other.
        let builder = || reqwest::Client::builder().connect_timeout(CONNECT).redirect(Policy::none());
        let setup = |error: reqwest::Error| ClientError::Setup(error.to_string());
        Ok(Self {
            http: builder().read_timeout(SILENCE).build().map_err(setup)?,
            sockets: builder().http1_only().build().map_err(setup)?,
            base,
            token: token.into(),
            tenant,
        })
    }

    /// The URL of a path below `/api/v1`.
    pub(crate) fn url(&self, path: &[&str]) -> Url {
        let mut url = self.base.clone();
        let mut segments = url.path_segments_mut().expect("checked when the client was made");
        segments.pop_if_empty().extend(["api", "v1"]).extend(path);
        drop(segments);
        url
    }

    pub(crate) fn request(&self, method: Method, url: Url) -> RequestBuilder {
        self.identified(self.http.request(method, url))
    }

    /// The request with token and tenant.
    pub(crate) fn identified(&self, request: RequestBuilder) -> RequestBuilder {
        request.bearer_auth(&self.token).header("x-tenant-id", self.tenant.as_str())
    }
}

impl std::fmt::Debug for Client {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut debug = f.debug_struct("Client");
        debug.field("base", &self.base.as_str()).field("tenant", &self.tenant).finish_non_exhaustive()
    }
}
