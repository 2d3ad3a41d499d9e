//! The artifact store.

use std::path::Path as FilePath;
use std::sync::Arc;

use async_trait::async_trait;
use export_core::error::{ErrorKind, PortError};
use export_core::ports::{
    ArtifactHead, ArtifactMeta, ArtifactReader, ArtifactStore, ArtifactWriter, ByteRange,
};
use export_core::time::Timestamp;
use futures::stream::{self, BoxStream, StreamExt as _};
use object_store::local::LocalFileSystem;
use object_store::path::Path;
use object_store::prefix::PrefixStore;
use object_store::{GetOptions, GetRange, GetResult, ObjectStore, ObjectStoreExt as _};

use crate::bucket::BucketWriter;
use crate::fault::fault;
use crate::folder::Folder;
use crate::key;
use crate::read::{self, READ};

const OPEN: &str = "artifact store: open";
const WRITE: &str = "artifact store: write";
const HEAD: &str = "artifact store: head";
const DELETE: &str = "artifact store: delete";
const LIST: &str = "artifact store: list";

/// Keeps artifacts in a folder or a bucket.
pub struct ObjectArtifacts {
    store: Arc<dyn ObjectStore>,
    home: Home,
}

enum Home {
    Folder(Arc<Folder>, LocalFileSystem),
    Bucket,
}

impl ObjectArtifacts {
    /// Artifacts as files below `root`, which is created for its owner alone (mode 0700) if it is missing.
    ///
    /// A committed artifact was synced to the disk, and so were the folders above it up to `root`.
    ///
    /// # Errors
    /// `Denied`, `Full`, `Unavailable` if the folder cannot be created or opened.
    pub fn files(root: &FilePath) -> Result<Self, PortError> {
        let place = root.display().to_string();
        let folder = Folder::open(root).map_err(|error| PortError::io(OPEN, error).at(&*place))?;
        let files =
            LocalFileSystem::new_with_prefix(folder.root()).map_err(|error| fault(OPEN, &place, error))?;
        let files = files.with_fsync(true).with_automatic_cleanup(true);
        Ok(Self { store: Arc::new(files.clone()), home: Home::Folder(Arc::new(folder), files) })
    }

    /// Artifacts in `bucket`, below `prefix` (none if empty).
    ///
    /// A process that dies while it uploads a large artifact leaves parts behind that nobody can read or list, but
    /// that are paid for: give the bucket a lifecycle rule that aborts incomplete uploads after a day.
    ///
    /// # Errors
    /// `Invalid` for a prefix that is not a safe relative path.
    pub fn over(bucket: Arc<dyn ObjectStore>, prefix: &str) -> Result<Self, PortError> {
        let prefix = key::parse_prefix(OPEN, prefix)?;
        let store: Arc<dyn ObjectStore> = match prefix.is_root() {
            true => bucket,
            false => Arc::new(PrefixStore::new(bucket, prefix)),
        };
        Ok(Self { store, home: Home::Bucket })
    }

    /// Removes unfinished files that were last written before `before`, and says how many: what processes left
    /// behind that died between the first write and the commit. Buckets keep no such files.
    ///
    /// # Errors
    /// `Denied`, `Unavailable`.
    pub async fn sweep_staging(&self, before: Timestamp) -> Result<u64, PortError> {
        match &self.home {
            Home::Folder(folder, _) => folder.sweep(before).await,
            Home::Bucket => Ok(0),
        }
    }

    async fn get(&self, path: &Path, range: Option<ByteRange>) -> Result<GetResult, PortError> {
        let key = path.as_ref();
        let Some(ByteRange { start, end }) = range else {
            return self.store.get(path).await.map_err(|error| fault(READ, key, error));
        };
        if start >= end {
            return Err(out_of_range(key, start, end));
        }
        let options = GetOptions { range: Some(GetRange::Bounded(start..end)), ..GetOptions::default() };
        match self.store.get_opts(path, options).await {
            Ok(result) if result.range == (start..end) => Ok(result),
            Ok(_) => Err(out_of_range(key, start, end)),
            // Stores say in different ways that a range lies outside; the size tells.
            Err(error) => match self.head(key).await? {
                Some(head) if end > head.size => Err(out_of_range(key, start, end)),
                Some(_) | None => Err(fault(READ, key, error)),
            },
        }
    }
}

#[async_trait]
impl ArtifactStore for ObjectArtifacts {
    async fn writer(&self, key: &str, meta: &ArtifactMeta) -> Result<Box<dyn ArtifactWriter>, PortError> {
        let path = key::parse(WRITE, key)?;
        match &self.home {
            Home::Folder(folder, files) => {
                let target = files.path_to_filesystem(&path).map_err(|error| fault(WRITE, key, error))?;
                Ok(Box::new(folder.writer(key, target).await?))
            }
            Home::Bucket => Ok(Box::new(BucketWriter::new(Arc::clone(&self.store), path, meta))),
        }
    }

    async fn reader(&self, key: &str, range: Option<ByteRange>) -> Result<ArtifactReader, PortError> {
        let result = self.get(&key::parse(READ, key)?, range).await?;
        Ok(ArtifactReader { size: result.meta.size, bytes: read::bytes(key.to_owned(), result).await? })
    }

    async fn head(&self, key: &str) -> Result<Option<ArtifactHead>, PortError> {
        let found = self.store.head(&key::parse(HEAD, key)?).await;
        let found = or_nothing(found.map_err(|error| fault(HEAD, key, error)))?;
        Ok(found.map(|meta| ArtifactHead { key: key.to_owned(), size: meta.size }))
    }

    async fn delete(&self, key: &str) -> Result<(), PortError> {
        let deleted = self.store.delete(&key::parse(DELETE, key)?).await;
        or_nothing(deleted.map_err(|error| fault(DELETE, key, error))).map(drop)
    }

    async fn list(&self, prefix: &str) -> BoxStream<'static, Result<ArtifactHead, PortError>> {
        let prefix = match key::parse_prefix(LIST, prefix) {
            Ok(prefix) => prefix,
            Err(error) => return stream::once(async { Err(error) }).boxed(),
        };
        let place = prefix.to_string();
        let listed = self.store.list(Some(&prefix)).filter_map(move |item| {
            let head = match item {
                Ok(meta) if key::is_staged(&meta.location) => None,
                Ok(meta) => Some(Ok(ArtifactHead { key: meta.location.to_string(), size: meta.size })),
                Err(error) => Some(Err(fault(LIST, &place, error))),
            };
            std::future::ready(head)
        });
        listed.boxed()
    }
}

fn or_nothing<T>(result: Result<T, PortError>) -> Result<Option<T>, PortError> {
    match result {
        Ok(value) => Ok(Some(value)),
        Err(error) if error.kind == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

fn out_of_range(key: &str, start: u64, end: u64) -> PortError {
    let message = format!("bytes {start} to {end} do not lie in the artifact");
    PortError::new(ErrorKind::Invalid, READ, message).at(key)
}
