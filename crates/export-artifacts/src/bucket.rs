//! Writes artifacts into a bucket: small ones in one request, large ones in parts.

use std::mem;
use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use export_core::error::{ErrorKind, PortError};
use export_core::ports::{ArtifactMeta, ArtifactWriter, Stored};
use object_store::path::Path;
use object_store::{
    Attribute, AttributeValue, Attributes, Error, ObjectStore, ObjectStoreExt as _, PutMode,
    PutMultipartOptions, PutOptions, PutPayloadMut, WriteMultipart,
};

use crate::fault::fault;
use crate::tally::Tally;

const WRITE: &str = "artifact store: write";
const COMMIT: &str = "artifact store: commit";
const ABORT: &str = "artifact store: abort";

/// The size of a part. S3 takes 5 MiB to 5 GiB, and 10,000 parts: artifacts may have 80 GiB.
pub(crate) const PART: usize = 8 << 20;
/// Parts of one artifact that are on their way at a time; with the one that fills, all that is held in memory.
const IN_FLIGHT: usize = 2;

/// Writes one artifact into a bucket.
///
/// One that fits into a part is created by a request that fails if the key is taken. Buckets have no such request
/// for larger ones, so those look before they complete: two of them that complete under one key in the same moment
/// are not told apart. The keys of an export hold its attempt, so that never happens to them.
pub(crate) struct BucketWriter {
    store: Arc<dyn ObjectStore>,
    path: Path,
    attributes: Attributes,
    upload: Upload,
    tally: Tally,
}

enum Upload {
    Small(PutPayloadMut),
    Large(WriteMultipart),
}

impl BucketWriter {
    /// Begins to write; no request is made yet.
    pub(crate) fn new(store: Arc<dyn ObjectStore>, path: Path, meta: &ArtifactMeta) -> Self {
        let content_type = (Attribute::ContentType, AttributeValue::from(meta.media_type.clone()));
        let attributes = Attributes::from_iter([content_type]);
        Self { store, path, attributes, upload: Upload::Small(PutPayloadMut::new()), tally: Tally::default() }
    }

    async fn put(&mut self, bytes: Bytes) -> Result<(), Error> {
        match &mut self.upload {
            Upload::Small(held) if held.content_length() + bytes.len() <= PART => {
                held.push(bytes);
                Ok(())
            }
            Upload::Small(held) => {
                let held = mem::take(held);
                let options =
                    PutMultipartOptions { attributes: self.attributes.clone(), ..Default::default() };
                let parts = self.store.put_multipart_opts(&self.path, options).await?;
                let mut parts = WriteMultipart::new_with_chunk_size(parts, PART);
                held.freeze().into_iter().for_each(|chunk| parts.put(chunk));
                parts.put(bytes);
                self.upload = Upload::Large(parts);
                Ok(())
            }
            Upload::Large(parts) => {
                parts.wait_for_capacity(IN_FLIGHT).await?;
                parts.put(bytes);
                Ok(())
            }
        }
    }
}

#[async_trait]
impl ArtifactWriter for BucketWriter {
    async fn write(&mut self, bytes: Bytes) -> Result<(), PortError> {
        self.tally.begin(&bytes)?;
        self.put(bytes).await.map_err(|error| fault(WRITE, self.path.as_ref(), error))?;
        self.tally.end();
        Ok(())
    }

    async fn commit(self: Box<Self>) -> Result<Stored, PortError> {
        let Self { store, path, attributes, upload, tally } = *self;
        let failed = |error| fault(COMMIT, path.as_ref(), error);
        let stored = tally.finish()?;
        match upload {
            Upload::Small(held) => {
                let options = PutOptions { mode: PutMode::Create, attributes, ..PutOptions::default() };
                store.put_opts(&path, held.freeze(), options).await.map_err(failed)?;
            }
            Upload::Large(parts) => {
                let refused = match store.head(&path).await {
                    Err(Error::NotFound { .. }) => None,
                    Err(error) => Some(failed(error)),
                    Ok(_) => Some(taken(&path)),
                };
                if let Some(refused) = refused {
                    // The first error counts; parts that cannot be removed now go with the bucket's own rule.
                    let _ = parts.abort().await;
                    return Err(refused);
                }
                parts.finish().await.map_err(failed)?;
            }
        }
        Ok(stored)
    }

    async fn abort(self: Box<Self>) -> Result<(), PortError> {
        match self.upload {
            Upload::Small(_) => Ok(()),
            Upload::Large(parts) => {
                parts.abort().await.map_err(|error| fault(ABORT, self.path.as_ref(), error))
            }
        }
    }
}

fn taken(path: &Path) -> PortError {
    PortError::new(ErrorKind::AlreadyExists, COMMIT, "the key is taken").at(path.as_ref())
}
