//! The files of one tenant's library: listing and opening.

use std::sync::Arc;

use export_core::error::{ErrorKind, PortError};
use export_core::id::ScanId;
use futures::TryStreamExt as _;
use object_store::path::Path;
use object_store::{GetResultPayload, ObjectStore, ObjectStoreExt as _};
use tokio::runtime::Handle;
use tokio_util::io::{StreamReader, SyncIoBridge};

use crate::document::Document;
use crate::format::Format;
use crate::input::Input;

/// The folder of what is known about vulnerabilities, whichever scan has them. No scan can be called so.
pub(crate) const INTELLIGENCE: &str = "_intelligence";

/// One tenant's library, opened for one operation.
#[derive(Clone)]
pub(crate) struct Files {
    store: Arc<dyn ObjectStore>,
    root: Path,
    operation: &'static str,
    runtime: Handle,
}

/// What lies in one folder, in the order of names. Hidden names, which begin with `.` or `_`, are left out.
#[derive(Debug, Default)]
pub(crate) struct Folder {
    pub(crate) files: Vec<Path>,
    pub(crate) folders: Vec<Path>,
}

impl Files {
    /// The files below `root`; `operation` is what errors name. Must be called on a runtime.
    pub(crate) fn new(store: Arc<dyn ObjectStore>, root: Path, operation: &'static str) -> Self {
        Self { store, root, operation, runtime: Handle::current() }
    }

    /// The scans of the library, in the order of their ids.
    pub(crate) async fn scans(&self) -> Result<Vec<ScanId>, PortError> {
        let folders = self.list(&self.root).await?.folders;
        let mut scans: Vec<ScanId> =
            folders.iter().filter_map(|folder| folder.filename()?.parse().ok()).collect();
        scans.sort();
        Ok(scans)
    }

    /// The folder of a scan; one without files is not a scan.
    pub(crate) async fn scan(&self, scan: &ScanId) -> Result<Option<Folder>, PortError> {
        let folder = self.list(&self.root.clone().join(scan.as_str())).await?;
        Ok(Some(folder).filter(|folder| !folder.files.is_empty()))
    }

    /// The folder of a scan that must be there.
    pub(crate) async fn existing_scan(&self, scan: &ScanId) -> Result<Folder, PortError> {
        let gone =
            || self.error(ErrorKind::NotFound, format!("the library has no scan `{scan}`")).at(scan.as_str());
        self.scan(scan).await?.ok_or_else(gone)
    }

    /// The folder of what is known about vulnerabilities; empty if there is none.
    pub(crate) async fn intelligence(&self) -> Result<Folder, PortError> {
        self.list(&self.root.clone().join(INTELLIGENCE)).await
    }

    /// Opens a file on the calling thread, which must be a blocking one.
    pub(crate) fn open(&self, file: &Path) -> Result<Input, PortError> {
        let got = self.runtime.block_on(self.store.get(file));
        let got = got.map_err(|error| self.store_error(file, error))?;
        let source: Box<dyn std::io::Read + Send> = match got.payload {
            // Read in place: the store's own stream would take a task for every 8 KiB.
            GetResultPayload::File(file, _) => Box::new(file),
            GetResultPayload::Stream(chunks) => {
                let chunks = StreamReader::new(chunks.map_err(std::io::Error::from));
                Box::new(SyncIoBridge::new_with_handle(chunks, self.runtime.clone()))
            }
        };
        Input::open(self.operation, self.name_of(file), source)
    }

    /// A file whose format is known.
    pub(crate) fn document(&self, file: &Path, format: &'static Format) -> Document {
        let (files, path) = (self.clone(), file.clone());
        Document::new(format, self.name_of(file), Arc::new(move || files.open(&path)))
    }

    /// Runs `work` on a blocking thread.
    pub(crate) async fn blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Self) -> Result<T, PortError> + Send + 'static,
    ) -> Result<T, PortError> {
        let files = self.clone();
        let done = tokio::task::spawn_blocking(move || work(&files)).await;
        done.unwrap_or_else(|error| Err(self.error(ErrorKind::Internal, error.to_string()).because(error)))
    }

    /// A file's or folder's path below the library's root, as documents and errors name it.
    pub(crate) fn name_of(&self, path: &Path) -> String {
        let below = path.as_ref().strip_prefix(self.root.as_ref()).unwrap_or(path.as_ref());
        below.trim_start_matches('/').to_owned()
    }

    /// An error of this operation.
    pub(crate) fn error(&self, kind: ErrorKind, message: impl Into<String>) -> PortError {
        PortError::new(kind, self.operation, message)
    }

    async fn list(&self, folder: &Path) -> Result<Folder, PortError> {
        let listed = match self.store.list_with_delimiter(Some(folder)).await {
            Ok(listed) => listed,
            Err(object_store::Error::NotFound { .. }) => return Ok(Folder::default()),
            Err(error) => return Err(self.store_error(folder, error)),
        };
        let is_visible =
            |path: &Path| path.filename().is_some_and(|name| !name.starts_with(['.', '_'])) && path != folder;
        let sorted = |paths: Vec<Path>| {
            let mut visible: Vec<Path> = paths.into_iter().filter(is_visible).collect();
            visible.sort();
            visible
        };
        let files = listed.objects.into_iter().map(|object| object.location).collect();
        Ok(Folder { files: sorted(files), folders: sorted(listed.common_prefixes) })
    }

    fn store_error(&self, path: &Path, error: object_store::Error) -> PortError {
        use object_store::Error as Store;
        let kind = match &error {
            Store::NotFound { .. } => ErrorKind::NotFound,
            Store::PermissionDenied { .. } | Store::Unauthenticated { .. } => ErrorKind::Denied,
            Store::InvalidPath { .. } => ErrorKind::Invalid,
            Store::NotSupported { .. } | Store::NotImplemented { .. } => ErrorKind::Internal,
            _ => ErrorKind::Unavailable,
        };
        self.error(kind, error.to_string()).at(self.name_of(path)).because(error)
    }
}
