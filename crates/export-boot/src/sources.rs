//! Sources by URL.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use export_core::id::ScanId;
use export_engine::{NoTrail, Sources};
use export_source_library::{LibrarySource, SbomDocuments};
use export_source_services::{
    InvalidEndpoint, Nothing, PolicySource, SbomServiceSource, ScannerSource, Service, Surroundings,
    VexLensSource,
};
use url::Url;

use crate::{BootError, Config, SystemClock, SystemEntropy, demo};

/// The sources that `config` names, or the demo library; no audit trail.
///
/// Scans come from the Scanner if there is one, otherwise from the library. What is said about them comes from the service
/// for it; where there is none, from the library if scans do, for it knows no others.
///
/// # Errors
/// If a URL cannot be read, or the demo library cannot be unpacked.
pub fn open_sources(config: &Config) -> Result<Sources, BootError> {
    let around = surroundings(config);
    let endpoint = |service: Service| {
        let named = |error| BootError::new(format!("sources.services.{}.{error}", service.name()));
        config.sources.services.of(service).endpoint().map_err(named)
    };
    let mut sources = match endpoint(Service::Scanner)? {
        None => sources(open_library(config)?),
        Some(endpoint) => Sources {
            scans: Arc::new(ScannerSource::new(endpoint, around.clone()).map_err(unusable)?),
            verdicts: Arc::new(Nothing),
            vex: Arc::new(Nothing),
            sboms: Arc::new(Nothing),
            attestations: Arc::new(Nothing),
            intelligence: match config.sources.library.url {
                Some(_) => Arc::new(open_library(config)?),
                None => Arc::new(Nothing),
            },
            audit: Arc::new(NoTrail),
        },
    };
    if let Some(endpoint) = endpoint(Service::Policy)? {
        sources.verdicts = Arc::new(PolicySource::new(endpoint, around.clone()).map_err(unusable)?);
    }
    if let Some(endpoint) = endpoint(Service::VexLens)? {
        sources.vex = Arc::new(VexLensSource::new(endpoint, around.clone()).map_err(unusable)?);
    }
    if let Some(endpoint) = endpoint(Service::Sbom)? {
        sources.sboms = Arc::new(SbomServiceSource::new(endpoint, around).map_err(unusable)?);
    }
    Ok(sources)
}

fn unusable(error: InvalidEndpoint) -> BootError {
    BootError::new(format!("sources.services: {error}"))
}

fn surroundings(config: &Config) -> Surroundings {
    Surroundings {
        clock: Arc::new(SystemClock::new()),
        random: Arc::new(|| u64::from_le_bytes(SystemEntropy::bytes())),
        trace: Arc::new(|| export_engine::current_trace().map(|trace| trace.to_string())),
        sboms: Arc::new(SbomDocuments),
        scratch: config.scratch_dir(),
    }
}

/// The library that `config` names, or the demo library.
fn open_library(config: &Config) -> Result<LibrarySource, BootError> {
    let demo = || -> Result<String, BootError> {
        let place = demo::unpack(&config.data_dir)?;
        Ok(folder_url(&place)?.to_string())
    };
    let url = config.sources.library.url.clone().map_or_else(demo, Ok)?;
    LibrarySource::open(&url, config.storage.s3.options())
        .map_err(|error| BootError::new(format!("sources.library.url: {error}")))
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
