//! The demo library: scans of an invented company, so that a new installation has something to report.

use std::fs;
use std::path::{Path, PathBuf};

use include_dir::{Dir, include_dir};

use crate::BootError;

static LIBRARY: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../fixtures/library");

/// Unpacks the demo library into the data folder, once for each version of it, and gives its place.
pub(crate) fn unpack(data_dir: &Path) -> Result<PathBuf, BootError> {
    let place = data_dir.join("demo-library");
    let failed = |error: std::io::Error| {
        BootError::new(format!("the demo library cannot be unpacked into {}: {error}", place.display()))
    };
    for folder in LIBRARY.dirs() {
        fs::create_dir_all(place.join(folder.path())).map_err(failed)?;
        for file in folder.files() {
            let path = place.join(file.path());
            let current = fs::read(&path).is_ok_and(|bytes| bytes == file.contents());
            if !current {
                // Moved into place, so that a reader never sees half a file.
                let staged = path.with_extension("unpacking");
                fs::write(&staged, file.contents()).map_err(failed)?;
                fs::rename(&staged, &path).map_err(failed)?;
            }
        }
    }
    Ok(place)
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_demo_library_unpacks_twice_to_the_same() {
        let folder = tempfile::tempdir().unwrap();
        for _ in 0..2 {
            let place = super::unpack(folder.path()).unwrap();
            let scan = place.join("payments-api-2026-11-20");
            assert!(scan.join("trivy.json").is_file());
            assert!(
                std::fs::read_dir(&scan)
                    .unwrap()
                    .all(|it| it.unwrap().path().extension().unwrap() != "unpacking")
            );
        }
    }
}
