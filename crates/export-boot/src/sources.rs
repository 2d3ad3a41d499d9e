//! Sources by URL.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use export_core::id::ScanId;
use export_engine::{NoTrail, Sources};
use export_source_library::LibrarySource;
use url::Url;

use crate::{BootError, Config, demo};

/// The library that `config` names, or the demo library; no audit trail.
///
/// # Errors
/// If the URL cannot be read, or the demo library cannot be unpacked.
pub fn open_library(config: &Config) -> Result<Sources, BootError> {
    let demo = || -> Result<String, BootError> {
        let place = demo::unpack(&config.data_dir)?;
        Ok(folder_url(&place)?.to_string())
    };
    let url = config.sources.library.url.clone().map_or_else(demo, Ok)?;
    let library = LibrarySource::open(&url, config.storage.s3.options())
        .map_err(|error| BootError::new(format!("sources.library.url: {error}")))?;
    Ok(sources(library))
}

/// The library in `folder`, which has a folder for each scan.
///
/// # Errors
/// If the folder does not exist.
pub fn open_library_at(folder: &Path) -> Result<Sources, BootError> {
    let library = LibrarySource::open(folder_url(folder)?.as_str(), Vec::new());
    Ok(sources(library.map_err(|error| BootError::new(error.to_string()))?))
}

/// A library of scans that consist of files, wherever they lie.
///
/// # Errors
/// If a file does not exist.
pub fn library_of_files(scans: &[(ScanId, Vec<PathBuf>)]) -> Result<Sources, BootError> {
    let library = LibrarySource::of_files(scans).map_err(|error| BootError::new(error.to_string()))?;
    Ok(sources(library))
}

fn sources(library: LibrarySource) -> Sources {
    let library = Arc::new(library);
    Sources {
        scans: Arc::clone(&library) as _,
        verdicts: Arc::clone(&library) as _,
        vex: Arc::clone(&library) as _,
        sboms: Arc::clone(&library) as _,
        attestations: Arc::clone(&library) as _,
        intelligence: library,
        audit: Arc::new(NoTrail),
    }
}

/// The URL of a folder, which must exist.
pub(crate) fn folder_url(folder: &Path) -> Result<Url, BootError> {
    let failed = || BootError::new(format!("the folder {} cannot be used", folder.display()));
    let absolute = folder.canonicalize().map_err(|_| failed())?;
    Url::from_directory_path(absolute).map_err(|()| failed())
}
