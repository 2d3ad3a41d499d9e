//! An artifact store that remembers what was done to it, and can make one step wait.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use bytes::Bytes;
use export_core::error::PortError;
use export_core::ports::{
    ArtifactHead, ArtifactMeta, ArtifactReader, ArtifactStore, ArtifactWriter, ByteRange, Stored,
};
use futures::stream::BoxStream;

use super::Gate;

/// A step of writing one artifact.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    Begin,
    Write,
    Commit,
}

/// Wraps a store; clones share the memory.
#[derive(Clone)]
pub(crate) struct Watched {
    inner: Arc<dyn ArtifactStore>,
    log: Arc<Mutex<Vec<String>>>,
    gate: Option<(Step, &'static str, Gate)>,
    listing: Option<Gate>,
}

impl Watched {
    pub(crate) fn new(inner: Arc<dyn ArtifactStore>) -> Self {
        Self { inner, log: Arc::default(), gate: None, listing: None }
    }

    /// Makes `step` of every artifact of that name wait at `gate`.
    pub(crate) fn waiting(self, step: Step, name: &'static str, gate: &Gate) -> Self {
        Self { gate: Some((step, name, gate.clone())), ..self }
    }

    /// Makes every list wait at `gate`.
    pub(crate) fn listing_at(self, gate: &Gate) -> Self {
        Self { listing: Some(gate.clone()), ..self }
    }

    /// What was committed and deleted so far, in order: `commit KEY`, `delete KEY`.
    pub(crate) fn log(&self) -> Vec<String> {
        self.log.lock().unwrap().clone()
    }

    fn note(&self, what: &str, key: &str) {
        self.log.lock().unwrap().push(format!("{what} {key}"));
    }

    async fn wait(&self, at: Step, key: &str) {
        if let Some((step, name, gate)) = &self.gate
            && *step == at
            && key.rsplit('/').next() == Some(name)
        {
            gate.pass().await;
        }
    }
}

#[async_trait]
impl ArtifactStore for Watched {
    async fn writer(&self, key: &str, meta: &ArtifactMeta) -> Result<Box<dyn ArtifactWriter>, PortError> {
        self.wait(Step::Begin, key).await;
        let inner = self.inner.writer(key, meta).await?;
        Ok(Box::new(WatchedWriter { inner, key: key.to_owned(), store: self.clone() }))
    }

    async fn reader(&self, key: &str, range: Option<ByteRange>) -> Result<ArtifactReader, PortError> {
        self.inner.reader(key, range).await
    }

    async fn head(&self, key: &str) -> Result<Option<ArtifactHead>, PortError> {
        self.inner.head(key).await
    }

    async fn delete(&self, key: &str) -> Result<(), PortError> {
        self.note("delete", key);
        self.inner.delete(key).await
    }

    async fn list(&self, prefix: &str) -> BoxStream<'static, Result<ArtifactHead, PortError>> {
        if let Some(gate) = &self.listing {
            gate.pass().await;
        }
        self.inner.list(prefix).await
    }
}

struct WatchedWriter {
    inner: Box<dyn ArtifactWriter>,
    key: String,
    store: Watched,
}

#[async_trait]
impl ArtifactWriter for WatchedWriter {
    async fn write(&mut self, bytes: Bytes) -> Result<(), PortError> {
        self.store.wait(Step::Write, &self.key).await;
        self.inner.write(bytes).await
    }

    async fn commit(self: Box<Self>) -> Result<Stored, PortError> {
        self.store.wait(Step::Commit, &self.key).await;
        self.store.note("commit", &self.key);
        self.inner.commit().await
    }

    async fn abort(self: Box<Self>) -> Result<(), PortError> {
        self.inner.abort().await
    }
}
