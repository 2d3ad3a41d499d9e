//! Bundles, read strictly: `.zip`, `.tar.gz`, or a folder that one was unpacked to.
//!
//! Whoever proves something by a bundle must see what everybody sees. So there is one way to read an archive here, or none: what
//! two readers could understand differently is refused, and so are data outside of files, and what is not safe to unpack.
//! The rules are in `docs/evidence-format.md`. Nothing is written anywhere, and the memory does not grow with the files.
//!
//! ```
//! use std::ops::ControlFlow;
//!
//! let folder = tempfile::tempdir()?;
//! std::fs::write(folder.path().join("a"), "of a file")?;
//! let keep = export_unpack::Keep { path: "a", most: 1_000 };
//! let observed =
//!     export_unpack::observe(folder.path(), &[keep], &Default::default(), &|_| ControlFlow::Continue(()))?;
//! assert_eq!(observed.files[0].path, "a");
//! assert_eq!(observed.kept["a"], b"of a file");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod content;
mod folder;
mod inflate;
mod limits;
mod paths;
mod pieces;
mod refusal;
mod source;
mod tar_gz;
mod watch;
mod work;
mod zip;

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::Path;

use export_core::digest::Digest;

use crate::content::Seen;
use crate::watch::Watch;

pub use crate::limits::Limits;
pub use crate::refusal::{Code, Refusal};
pub use crate::watch::Progress;

/// A file of a bundle.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ObservedFile {
    /// Relative, with `/` between parts.
    pub path: String,
    /// Its bytes.
    pub size: u64,
    /// Their digest.
    pub sha256: Digest,
}

/// What the archive says of its own bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Container {
    /// Nothing, as folders and archives of others.
    Absent,
    /// Their digest, and it is right.
    Right,
}

/// All that is in a bundle.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Observed {
    /// The files as the archive has them, one behind the other; those of a folder are sorted.
    pub files: Vec<ObservedFile>,
    /// The content of those that were asked for and are there.
    pub kept: BTreeMap<String, Vec<u8>>,
    /// What the archive says of itself.
    pub container: Container,
    /// The bytes of all files.
    pub bytes: u64,
}

impl Observed {
    fn of(seen: Vec<Seen>, container: Container) -> Self {
        let mut kept = BTreeMap::new();
        let mut files = Vec::with_capacity(seen.len());
        for mut seen in seen {
            if let Some(content) = seen.kept.take() {
                kept.insert(seen.file.path.clone(), content);
            }
            files.push(seen.file);
        }
        let bytes = files.iter().map(|file| file.size).sum();
        Self { files, kept, container, bytes }
    }
}

/// A file whose content is kept in memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Keep<'a> {
    /// Its path.
    pub path: &'a str,
    /// The most bytes that it may have.
    pub most: u64,
}

/// What the caller wants.
struct Asked<'a> {
    keep: &'a [Keep<'a>],
    limits: &'a Limits,
    watch: &'a Watch<'a>,
}

impl Asked<'_> {
    /// The most that the file may have if its content is kept; none if it is not.
    fn keeps(&self, path: &str) -> Option<u64> {
        self.keep.iter().find(|keep| keep.path == path).map(|keep| keep.most)
    }
}

/// Reads all of a bundle, and keeps the content of the files in `keep`.
///
/// `progress` is told how many bytes of the bundle were read so far, by several threads, and may end it.
///
/// # Errors
/// The first thing that is wrong. The same bundle is always refused for the same reason.
pub fn observe(
    path: &Path,
    keep: &[Keep<'_>],
    limits: &Limits,
    progress: &Progress<'_>,
) -> Result<Observed, Refusal> {
    let watch = Watch::new(progress);
    let asked = Asked { keep, limits, watch: &watch };
    let about = fs::metadata(path).map_err(|error| Refusal::io(&error))?;
    if about.is_dir() {
        return folder::observe(path, &asked);
    }
    if !about.is_file() {
        return Err(Refusal::not_an_archive("it is neither a file nor a folder"));
    }
    let file = File::open(path).map_err(|error| Refusal::io(&error))?;
    let size = file.metadata().map_err(|error| Refusal::io(&error))?.len();
    if tar_gz::is(&file)? {
        tar_gz::observe(&file, size, &asked)
    } else if zip::is(&file, size)? {
        zip::observe(&file, size, &asked)
    } else {
        Err(Refusal::not_an_archive("it is neither a ZIP nor a TAR.GZ archive, nor a folder"))
    }
}
