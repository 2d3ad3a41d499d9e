//! Writes artifacts into a folder: staged, synced, then renamed into place.

use std::fs;
use std::io;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use export_core::error::{ErrorKind, PortError};
use export_core::ports::{ArtifactWriter, Stored};
use export_core::time::Timestamp;
use tempfile::TempPath;
use tokio::io::AsyncWriteExt as _;
use tokio::task::spawn_blocking;

use crate::fault::io_fault;
use crate::key::STAGING;
use crate::tally::Tally;

const WRITE: &str = "artifact store: write";
const COMMIT: &str = "artifact store: commit";
const ABORT: &str = "artifact store: abort";
const SWEEP: &str = "artifact store: sweep";

/// A folder that holds artifacts and, in a folder of its own, the files that are not artifacts yet.
///
/// `object_store` writes files of unknown length so that they replace what is there, so this part is not left to it.
pub(crate) struct Folder {
    root: PathBuf,
    staging: PathBuf,
}

impl Folder {
    /// Opens `root`; what is missing is created for the owner alone.
    pub(crate) fn open(root: &Path) -> io::Result<Self> {
        create_private(root)?;
        let root = fs::canonicalize(root)?;
        let staging = root.join(STAGING);
        create_private(&staging)?;
        Ok(Self { root, staging })
    }

    /// The folder itself, without symbolic links.
    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// Begins to write the file `target` below the root.
    pub(crate) async fn writer(
        self: &Arc<Self>,
        key: &str,
        target: PathBuf,
    ) -> Result<FolderWriter, PortError> {
        let folder = Arc::clone(self);
        // The operating system creates the file only if its name is free, so writers never share one. Mode 0600.
        let staged = blocking(WRITE, key, move || tempfile::NamedTempFile::new_in(&folder.staging)).await?;
        let (file, staged) = staged.into_parts();
        let file = tokio::fs::File::from_std(file);
        Ok(FolderWriter {
            folder: Arc::clone(self),
            key: key.to_owned(),
            target,
            file,
            staged,
            tally: Tally::default(),
        })
    }

    /// Removes staged files that were last written before `before`, and counts them.
    pub(crate) async fn sweep(self: &Arc<Self>, before: Timestamp) -> Result<u64, PortError> {
        let folder = Arc::clone(self);
        blocking(SWEEP, STAGING, move || sweep(&folder.staging, before)).await
    }

    /// Moves a whole, synced file to `target`, durably, unless something is there.
    fn publish(&self, mut staged: TempPath, target: &Path) -> io::Result<()> {
        let parent = target.parent().ok_or(io::ErrorKind::InvalidInput)?;
        // A deletion next door may remove the folder as empty before the file is in it.
        for _ in 0..3 {
            create_private(parent)?;
            match staged.persist_noclobber(target) {
                Ok(()) => return self.sync_folders(parent),
                Err(failed) if failed.error.kind() == io::ErrorKind::NotFound => staged = failed.path,
                Err(failed) => return Err(failed.error),
            };
        }
        Err(io::Error::other("the unfinished file, or the folder it goes to, was removed"))
    }

    /// Syncs every folder from `parent` up to the root: another process may have made one of them a moment ago.
    fn sync_folders(&self, parent: &Path) -> io::Result<()> {
        let inside = parent.ancestors().take_while(|folder| folder.starts_with(&self.root));
        inside.into_iter().try_for_each(|folder| fs::File::open(folder)?.sync_all())
    }
}

/// Writes one artifact into a folder. Dropped, it removes its staged file.
pub(crate) struct FolderWriter {
    folder: Arc<Folder>,
    key: String,
    target: PathBuf,
    file: tokio::fs::File,
    staged: TempPath,
    tally: Tally,
}

#[async_trait]
impl ArtifactWriter for FolderWriter {
    async fn write(&mut self, bytes: Bytes) -> Result<(), PortError> {
        self.tally.begin(&bytes)?;
        self.file.write_all(&bytes).await.map_err(|error| io_fault(WRITE, &self.key, error))?;
        self.tally.end();
        Ok(())
    }

    async fn commit(mut self: Box<Self>) -> Result<Stored, PortError> {
        let Self { folder, key, target, mut file, staged, tally } = *self;
        let stored = tally.finish()?;
        // Errors of writes that were still under way surface here.
        file.flush().await.map_err(|error| io_fault(COMMIT, &key, error))?;
        file.sync_all().await.map_err(|error| io_fault(COMMIT, &key, error))?;
        drop(file);
        blocking(COMMIT, &key, move || folder.publish(staged, &target)).await?;
        Ok(stored)
    }

    async fn abort(self: Box<Self>) -> Result<(), PortError> {
        let Self { key, file, staged, .. } = *self;
        drop(file);
        blocking(ABORT, &key, move || staged.close()).await
    }
}

async fn blocking<T: Send + 'static>(
    operation: &'static str,
    key: &str,
    work: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> Result<T, PortError> {
    match spawn_blocking(work).await {
        Ok(done) => done.map_err(|error| io_fault(operation, key, error)),
        Err(stopped) => {
            let message = "the work was stopped in the middle";
            Err(PortError::new(ErrorKind::Unavailable, operation, message).at(key).because(stopped))
        }
    }
}

fn create_private(folder: &Path) -> io::Result<()> {
    fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

fn sweep(staging: &Path, before: Timestamp) -> io::Result<u64> {
    let mut swept = 0;
    for entry in fs::read_dir(staging)? {
        let entry = entry?;
        match entry.metadata().and_then(|meta| meta.modified()) {
            Ok(modified) if since_1970(modified) < before => {}
            Ok(_) => continue,
            // Its writer was faster.
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            Err(error) => return Err(error),
        }
        match fs::remove_file(entry.path()) {
            Ok(()) => swept += 1,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
    }
    Ok(swept)
}

fn since_1970(at: std::time::SystemTime) -> Timestamp {
    let since = at.duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    Timestamp::from_millis(0).plus(since)
}
