//! Faults of artifact stores and their writers.

use async_trait::async_trait;
use bytes::Bytes;
use export_core::error::PortError;
use export_core::ports::{
    ArtifactHead, ArtifactMeta, ArtifactReader, ArtifactStore, ArtifactWriter, ByteRange, Stored,
};
use futures::stream::BoxStream;

use super::{Faulty, Plan};

#[async_trait]
impl<T: ArtifactStore + ?Sized> ArtifactStore for Faulty<T> {
    async fn writer(&self, key: &str, meta: &ArtifactMeta) -> Result<Box<dyn ArtifactWriter>, PortError> {
        let inner = self.plan.through("writer", self.inner.writer(key, meta)).await?;
        Ok(Box::new(FaultyWriter { inner, plan: self.plan.clone() }))
    }

    async fn reader(&self, key: &str, range: Option<ByteRange>) -> Result<ArtifactReader, PortError> {
        let reader = self.plan.through("reader", self.inner.reader(key, range)).await?;
        Ok(ArtifactReader { bytes: self.plan.stream("read", reader.bytes), ..reader })
    }

    async fn head(&self, key: &str) -> Result<Option<ArtifactHead>, PortError> {
        self.plan.through("head", self.inner.head(key)).await
    }

    async fn delete(&self, key: &str) -> Result<(), PortError> {
        self.plan.through("delete", self.inner.delete(key)).await
    }

    async fn list(&self, prefix: &str) -> BoxStream<'static, Result<ArtifactHead, PortError>> {
        self.plan.stream("list", self.inner.list(prefix).await)
    }
}

struct FaultyWriter {
    inner: Box<dyn ArtifactWriter>,
    plan: Plan,
}

#[async_trait]
impl ArtifactWriter for FaultyWriter {
    async fn write(&mut self, bytes: Bytes) -> Result<(), PortError> {
        self.plan.through("write", self.inner.write(bytes)).await
    }

    async fn commit(self: Box<Self>) -> Result<Stored, PortError> {
        self.plan.through("commit", self.inner.commit()).await
    }

    async fn abort(self: Box<Self>) -> Result<(), PortError> {
        self.plan.through("abort", self.inner.abort()).await
    }
}
