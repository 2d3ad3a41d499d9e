//! An artifact store that says that it has what it was given, and has not.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use async_trait::async_trait;
use bytes::Bytes;
use export_contract::MemoryArtifacts;
use export_core::digest::Digest;
use export_core::error::PortError;
use export_core::ports::{
    ArtifactHead, ArtifactMeta, ArtifactReader, ArtifactStore, ArtifactWriter, ByteRange, Stored,
};
use futures::stream::BoxStream;

/// What is wrong with an artifact.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Lie {
    /// It has other bytes of the same number, and the store says so.
    Garbled,
    /// Its end is missing, and the store says that it is whole.
    Cut,
    /// It is not there, and the store says that it is.
    Forgotten,
}

/// Lies about the first so many artifacts.
pub(crate) struct Lying {
    inner: Arc<MemoryArtifacts>,
    lie: Lie,
    times: u64,
    begun: AtomicU64,
}

impl Lying {
    pub(crate) const fn new(inner: Arc<MemoryArtifacts>, lie: Lie, times: u64) -> Self {
        Self { inner, lie, times, begun: AtomicU64::new(0) }
    }
}

#[async_trait]
impl ArtifactStore for Lying {
    async fn writer(&self, key: &str, meta: &ArtifactMeta) -> Result<Box<dyn ArtifactWriter>, PortError> {
        let inner = self.inner.writer(key, meta).await?;
        if self.begun.fetch_add(1, Ordering::Relaxed) >= self.times {
            return Ok(inner);
        }
        Ok(Box::new(LyingWriter { inner, lie: self.lie, given: Vec::new() }))
    }

    async fn reader(&self, key: &str, range: Option<ByteRange>) -> Result<ArtifactReader, PortError> {
        self.inner.reader(key, range).await
    }

    async fn head(&self, key: &str) -> Result<Option<ArtifactHead>, PortError> {
        self.inner.head(key).await
    }

    async fn delete(&self, key: &str) -> Result<(), PortError> {
        self.inner.delete(key).await
    }

    async fn list(&self, prefix: &str) -> BoxStream<'static, Result<ArtifactHead, PortError>> {
        self.inner.list(prefix).await
    }
}

struct LyingWriter {
    inner: Box<dyn ArtifactWriter>,
    lie: Lie,
    given: Vec<u8>,
}

#[async_trait]
impl ArtifactWriter for LyingWriter {
    async fn write(&mut self, bytes: Bytes) -> Result<(), PortError> {
        self.given.extend_from_slice(&bytes);
        Ok(())
    }

    async fn commit(mut self: Box<Self>) -> Result<Stored, PortError> {
        let told = Stored { size: self.given.len() as u64, sha256: Digest::of(&self.given) };
        let mut kept = self.given;
        match self.lie {
            Lie::Garbled => kept[0] ^= 1,
            Lie::Cut => drop(kept.pop()),
            Lie::Forgotten => return self.inner.abort().await.map(|()| told),
        }
        self.inner.write(kept.into()).await?;
        let honest = self.inner.commit().await?;
        Ok(if self.lie == Lie::Garbled { honest } else { told })
    }

    async fn abort(self: Box<Self>) -> Result<(), PortError> {
        self.inner.abort().await
    }
}
