//! Libraries by URL, and libraries of loose files.

use std::collections::BTreeSet;
use std::path::{Path as FilePath, PathBuf};
use std::sync::Arc;

use export_core::error::{ErrorKind, PortError};
use export_core::id::ScanId;
use object_store::ObjectStore;
use object_store::local::LocalFileSystem;
use object_store::path::Path;
use url::Url;

use crate::{Layout, LibrarySource};

const OPEN: &str = "scan source: open";
/// What manifests call the source.
const NAME: &str = "library";

impl LibrarySource {
    /// The library at `url`: `file:///FOLDER` or `s3://BUCKET/PREFIX`, with `{tenant}` as one of its segments where
    /// tenants have folders of their own. `options` are those of the object store: `aws_endpoint`, ...
    ///
    /// # Errors
    /// `Invalid` if the URL cannot be read; `NotFound` if a folder that it names does not exist.
    pub fn open(url: &str, options: Vec<(String, String)>) -> Result<Self, PortError> {
        let invalid = |why: &dyn std::fmt::Display| {
            PortError::new(
                ErrorKind::Invalid,
                OPEN,
                format!("{why}; it must be file:///FOLDER or s3://BUCKET/PREFIX"),
            )
        };
        let parsed = Url::parse(url).map_err(|error| invalid(&error))?;
        let layout = Layout::parse(parsed.path().trim_matches('/')).map_err(|error| invalid(&error))?;
        let store: Arc<dyn ObjectStore> = match parsed.scheme() {
            "file" => {
                check_folder(&layout)?;
                Arc::new(LocalFileSystem::new())
            }
            "s3" => {
                let mut bucket = parsed.clone();
                bucket.set_path("");
                let opened = object_store::parse_url_opts(&bucket, options);
                Arc::from(opened.map_err(|error| invalid(&error))?.0)
            }
            other => return Err(invalid(&format!("{other}: is not a kind of library that can be read"))),
        };
        Ok(Self::new(store, layout, NAME))
    }

    /// A library with the one scan `scan`, which consists of `files`, wherever they lie.
    ///
    /// # Errors
    /// `NotFound` if a file does not exist; `Unavailable` if no folder for links can be made.
    pub fn of_files(scan: &ScanId, files: &[PathBuf]) -> Result<Self, PortError> {
        let io = |error| PortError::io(OPEN, error);
        let folder = tempfile::Builder::new().prefix("export-links-").tempdir().map_err(io)?;
        let scan_folder = folder.path().join(scan.as_str());
        std::fs::create_dir(&scan_folder).map_err(io)?;
        let mut taken = BTreeSet::new();
        for (index, file) in files.iter().enumerate() {
            let target = file.canonicalize().map_err(|error| io(error).at(file.display().to_string()))?;
            let name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            // A library leaves hidden files out, but these are asked for.
            let name = name.trim_start_matches(['.', '_']).to_owned();
            // Files of two folders may have one name; each is still named by it in messages.
            let name = if taken.insert(name.clone()) { name } else { format!("{index}-{name}") };
            std::os::unix::fs::symlink(target, scan_folder.join(name)).map_err(io)?;
        }
        let store = LocalFileSystem::new_with_prefix(folder.path()).map_err(|error| {
            PortError::new(ErrorKind::Unavailable, OPEN, error.to_string()).because(error)
        })?;
        Ok(Self::new(Arc::new(store), Path::default(), NAME).keeping(folder))
    }
}

fn check_folder(layout: &Layout) -> Result<(), PortError> {
    let root = match layout {
        Layout::Shared(path) => path,
        Layout::PerTenant { before, .. } => before,
    };
    let folder = FilePath::new("/").join(root.as_ref());
    if folder.is_dir() {
        return Ok(());
    }
    let message = format!("the folder {} does not exist", folder.display());
    Err(PortError::new(ErrorKind::NotFound, OPEN, message))
}
