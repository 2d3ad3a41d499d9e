//! Where artifacts are kept, and links to them.

use async_trait::async_trait;
use bytes::Bytes;
use futures::stream::BoxStream;
use url::Url;

use crate::digest::Digest;
use crate::error::PortError;
use crate::id::{ExportId, TenantId};
use crate::time::Timestamp;

/// What is known of an artifact before it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ArtifactMeta {
    /// Its media type, for stores that keep one.
    pub media_type: String,
}

/// What a store has under a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ArtifactHead {
    /// The key.
    pub key: String,
    /// Bytes.
    pub size: u64,
}

/// What a writer has written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stored {
    /// Bytes.
    pub size: u64,
    /// Their SHA-256.
    pub sha256: Digest,
}

/// Bytes from `start` to before `end`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ByteRange {
    /// The first byte, counted from 0.
    pub start: u64,
    /// Behind the last byte.
    pub end: u64,
}

/// An artifact that is being read.
pub struct ArtifactReader {
    /// The size of the whole artifact, whatever range is read.
    pub size: u64,
    /// The bytes, in chunks of the store's choice.
    pub bytes: BoxStream<'static, Result<Bytes, PortError>>,
}

/// Keeps artifacts under keys: relative paths of segments without `.`, `..` or empty ones.
#[async_trait]
pub trait ArtifactStore: Send + Sync {
    /// Begins to write under `key`. Until the writer commits, nothing is there to be read, listed or headed.
    ///
    /// # Errors
    /// `Invalid` for a key that is not a safe relative path; `Full`, `Unavailable`.
    async fn writer(&self, key: &str, meta: &ArtifactMeta) -> Result<Box<dyn ArtifactWriter>, PortError>;

    /// Reads the bytes of `range`, or all.
    ///
    /// # Errors
    /// `NotFound`; `Invalid` if the range is empty or ends behind the artifact.
    async fn reader(&self, key: &str, range: Option<ByteRange>) -> Result<ArtifactReader, PortError>;

    /// What is under `key`, or none.
    ///
    /// # Errors
    /// `Unavailable`.
    async fn head(&self, key: &str) -> Result<Option<ArtifactHead>, PortError>;

    /// Removes what is under `key`. Succeeds if nothing is there.
    ///
    /// # Errors
    /// `Unavailable`.
    async fn delete(&self, key: &str) -> Result<(), PortError>;

    /// Everything below `prefix` (whole segments), in no particular order.
    async fn list(&self, prefix: &str) -> BoxStream<'static, Result<ArtifactHead, PortError>>;
}

/// Writes one artifact. It exists whole after `commit`, and not at all otherwise.
#[async_trait]
pub trait ArtifactWriter: Send {
    /// Appends bytes.
    ///
    /// # Errors
    /// `Full`, `Unavailable`; the writer can then only be aborted.
    async fn write(&mut self, bytes: Bytes) -> Result<(), PortError>;

    /// Makes the artifact readable, durably: it survives a loss of power from here on.
    ///
    /// # Errors
    /// `AlreadyExists` if the key is taken: what is there stays as it is. `Full`, `Unavailable`.
    async fn commit(self: Box<Self>) -> Result<Stored, PortError>;

    /// Throws away what was written.
    ///
    /// # Errors
    /// `Unavailable`.
    async fn abort(self: Box<Self>) -> Result<(), PortError>;
}

/// What a download link allows: one artifact of one export, to whoever holds it, for a while.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DownloadGrant {
    /// The owner.
    pub tenant: TenantId,
    /// The export.
    pub export_id: ExportId,
    /// The artifact's name within it.
    pub artifact: String,
    /// When the link ends.
    pub expires_at: Timestamp,
}

/// Why a link is not honoured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LinkRefused {
    /// It is not one of ours, or not as we gave it.
    #[error("the link is not as it was given out")]
    Changed,
    /// Its time is over.
    #[error("the link has expired; ask for a new one")]
    Expired,
}

/// Makes links that need no token, and reads them back.
#[async_trait]
pub trait DownloadLinks: Send + Sync {
    /// A link for `grant`. `key` is where the artifact is stored, for stores that serve it themselves.
    ///
    /// # Errors
    /// `Unavailable`, `Internal`.
    async fn link(&self, grant: &DownloadGrant, key: &str) -> Result<Url, PortError>;

    /// What the token of a link allows at `now`. Any character changed makes it refused.
    ///
    /// # Errors
    /// [`LinkRefused`].
    fn open(&self, token: &str, now: Timestamp) -> Result<DownloadGrant, LinkRefused>;
}
