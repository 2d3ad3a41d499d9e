//! Files on disk.

use std::fs;
use std::path::{Path, PathBuf};

/// The folder of fixtures in the repository.
#[must_use]
pub fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures")
}

/// Every file of that name below `root`.
///
/// # Panics
/// If a folder cannot be read.
#[must_use]
pub fn files_named(root: &Path, name: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("a folder can be read") {
            let path = entry.expect("an entry can be read").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.file_name().is_some_and(|it| it == name) {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}
