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

use crate::files::INTELLIGENCE;
use crate::input::Input;
use crate::recognise::{Content, recognise};
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

    /// A library with these scans, each of which consists of files that lie anywhere. What a file knows about vulnerabilities
    /// in general (CISA's catalogue, EPSS scores) holds for all of them.
    ///
    /// # Errors
    /// `NotFound` if a file does not exist; `Unavailable` if no folder for links can be made.
    pub fn of_files(scans: &[(ScanId, Vec<PathBuf>)]) -> Result<Self, PortError> {
        let io = |error| PortError::io(OPEN, error);
        let folder = tempfile::Builder::new().prefix("export-links-").tempdir().map_err(io)?;
        let mut known = Links::create(folder.path(), INTELLIGENCE)?;
        for (scan, files) in scans {
            let mut own = Links::create(folder.path(), scan.as_str())?;
            for file in files {
                let is_known = file.is_file() && is_intelligence(file);
                if is_known { known.add(file)? } else { own.add(file)? }
            }
        }
        let store = LocalFileSystem::new_with_prefix(folder.path()).map_err(|error| {
            PortError::new(ErrorKind::Unavailable, OPEN, error.to_string()).because(error)
        })?;
        Ok(Self::new(Arc::new(store), Path::default(), NAME).keeping(folder))
    }
}

/// A folder of links to files that lie anywhere.
struct Links {
    folder: PathBuf,
    taken: BTreeSet<String>,
}

impl Links {
    fn create(parent: &FilePath, name: &str) -> Result<Self, PortError> {
        let folder = parent.join(name);
        std::fs::create_dir(&folder).map_err(|error| PortError::io(OPEN, error))?;
        Ok(Self { folder, taken: BTreeSet::new() })
    }

    fn add(&mut self, file: &FilePath) -> Result<(), PortError> {
        let io = |error| PortError::io(OPEN, error);
        let target = file.canonicalize().map_err(|error| io(error).at(file.display().to_string()))?;
        let name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        // A library leaves hidden files out, but these are asked for.
        let name = name.trim_start_matches(['.', '_']).to_owned();
        // Files of two folders may have one name; each is still named by it in messages.
        let number = self.taken.len();
        let name = if self.taken.contains(&name) { format!("{number}-{name}") } else { name };
        std::os::unix::fs::symlink(target, self.folder.join(&name)).map_err(io)?;
        self.taken.insert(name);
        Ok(())
    }
}

/// Whether the file is about vulnerabilities in general, and not about a scan. What cannot be told is told when it is read.
fn is_intelligence(file: &FilePath) -> bool {
    let opened = std::fs::File::open(file).map_err(|error| PortError::io(OPEN, error));
    let content =
        opened.and_then(|it| Input::open(OPEN, file.display().to_string(), Box::new(it))).and_then(recognise);
    matches!(content, Ok(Content::Known(format)) if format.intelligence.is_some())
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
