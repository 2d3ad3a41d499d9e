//! The calls about exports.

use std::time::Duration;

use export_core::catalogue::{ExportType, Format};
use export_core::export::{Export, Status};
use export_core::id::ExportId;
use export_core::request::ExportRequest;
use export_core::time::{DateBound, Timestamp};
use reqwest::Method;
use serde::Deserialize;
use url::Url;

use crate::answer::{read, send};
use crate::{Client, ClientError};

/// How long a call may take.
const CALL: Duration = Duration::from_secs(60);

/// An export that was accepted.
#[derive(Debug, Clone, PartialEq)]
pub struct Submitted {
    /// The export.
    pub export: Export,
    /// Whether the same request was accepted before, under the same key.
    pub replayed: bool,
}

/// What a list is narrowed to; an absent member does not restrict.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ListQuery {
    /// Of this type.
    pub kind: Option<ExportType>,
    /// Of this format.
    pub format: Option<Format>,
    /// Of this status.
    pub status: Option<Status>,
    /// Created at this time or later.
    pub created_after: Option<DateBound>,
    /// Created before this time.
    pub created_before: Option<DateBound>,
    /// The size of the page, 1 to 200; 50 if absent.
    pub limit: Option<u32>,
    /// The `next_cursor` of the page before.
    pub cursor: Option<String>,
}

/// One page of a list, newest first.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct ExportPage {
    /// The exports.
    pub exports: Vec<Export>,
    /// Where the next page starts; absent on the last one.
    pub next_cursor: Option<String>,
}

/// A link that gives an artifact's bytes without a token.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct DownloadLink {
    /// The link.
    pub download_url: Url,
    /// When it ends.
    pub expires_at: Timestamp,
}

impl Client {
    /// Requests an export. The same `idempotency_key` (1 to 255 visible ASCII characters) with the same request gives the same
    /// export, so that a call whose answer was lost can be repeated.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn submit(
        &self,
        request: &ExportRequest,
        idempotency_key: Option<&str>,
    ) -> Result<Submitted, ClientError> {
        let post = self.request(Method::POST, self.url(&["exports"])).timeout(CALL).json(request);
        let post = idempotency_key.into_iter().fold(post, |post, key| post.header("idempotency-key", key));
        let response = send(post).await?;
        let replayed = response.headers().get("idempotent-replayed").is_some_and(|value| value == "true");
        Ok(Submitted { export: read(response).await?, replayed })
    }

    /// One export; the artifacts of a completed one carry links.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn get(&self, id: ExportId) -> Result<Export, ClientError> {
        self.export(Method::GET, &["exports", &id.to_string()]).await
    }

    /// One page of the tenant's exports.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn list(&self, query: &ListQuery) -> Result<ExportPage, ClientError> {
        let mut url = self.url(&["exports"]);
        let pairs = [
            ("type", query.kind.map(|it| it.to_string())),
            ("format", query.format.map(|it| it.to_string())),
            ("status", query.status.map(|it| it.to_string())),
            ("created_after", query.created_after.map(|it| it.to_string())),
            ("created_before", query.created_before.map(|it| it.to_string())),
            ("limit", query.limit.map(|it| it.to_string())),
            ("cursor", query.cursor.clone()),
        ];
        for (name, value) in pairs {
            if let Some(value) = value {
                url.query_pairs_mut().append_pair(name, &value);
            }
        }
        read(send(self.request(Method::GET, url).timeout(CALL)).await?).await
    }

    /// Cancels an export: a queued one at once, a running one as soon as its worker learns of it.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn cancel(&self, id: ExportId) -> Result<Export, ClientError> {
        self.export(Method::DELETE, &["exports", &id.to_string()]).await
    }

    /// Queues a failed export again.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn retry(&self, id: ExportId) -> Result<Export, ClientError> {
        self.export(Method::POST, &["exports", &id.to_string(), "retry"]).await
    }

    /// A link to an artifact, to the main one if none is named.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn download_link(
        &self,
        id: ExportId,
        artifact: Option<&str>,
    ) -> Result<DownloadLink, ClientError> {
        let mut url = self.url(&["exports", &id.to_string(), "download"]);
        if let Some(name) = artifact {
            url.query_pairs_mut().append_pair("artifact", name);
        }
        read(send(self.request(Method::GET, url).timeout(CALL)).await?).await
    }

    async fn export(&self, method: Method, path: &[&str]) -> Result<Export, ClientError> {
        read(send(self.request(method, self.url(path)).timeout(CALL)).await?).await
    }
}
