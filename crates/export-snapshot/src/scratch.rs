//! The private folder of one snapshot, and what dead processes left behind.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::SystemTime;

use export_core::error::PortError;
use tempfile::TempDir;

use crate::quota::{Charge, Quota};

/// What the name of every snapshot's folder begins with.
pub const FOLDER_PREFIX: &str = "export-snapshot-";
/// Held locked for as long as the folder's owner lives; the system unlocks it when a process dies.
const LOCK: &str = "lock";

/// A folder that is removed with everything in it when the last of its users goes.
#[derive(Debug)]
pub(crate) struct Scratch {
    dir: TempDir,
    quota: Arc<Quota>,
    files: AtomicU64,
    _lock: File,
}

impl Scratch {
    /// A new folder inside `parent`, which must exist.
    pub(crate) fn create(parent: &Path, quota_bytes: u64) -> Result<Self, PortError> {
        let failed = |error| PortError::io("snapshot: create", error).at(parent.display().to_string());
        let dir = tempfile::Builder::new().prefix(FOLDER_PREFIX).tempdir_in(parent).map_err(failed)?;
        let lock = File::create(dir.path().join(LOCK)).map_err(failed)?;
        lock.lock().map_err(failed)?;
        let quota = Arc::new(Quota::new(quota_bytes));
        Ok(Self { dir, quota, files: AtomicU64::new(0), _lock: lock })
    }

    /// A path that no other file of the folder has; `what` is for people who look.
    pub(crate) fn new_path(&self, what: &str) -> PathBuf {
        let number = self.files.fetch_add(1, Ordering::Relaxed);
        self.dir.path().join(format!("{number:06}-{what}"))
    }

    /// The most bytes that the folder ever held at one time.
    pub(crate) fn most_bytes(&self) -> u64 {
        self.quota.most()
    }

    /// An account for one more file.
    pub(crate) fn charge(&self) -> Charge {
        Charge::new(Arc::clone(&self.quota))
    }
}

/// Removes the folders of snapshots in `scratch` whose process died, and says how many.
///
/// A folder goes if its name begins with [`FOLDER_PREFIX`], it was last changed before `older_than`, and nobody holds its
/// lock. A long-lived snapshot is therefore safe, whatever its age; `older_than` only protects folders that are being made
/// at this moment, so a minute ago is enough.
///
/// # Errors
/// What reading the folder says. A folder that cannot be removed is an error after all others were tried.
pub fn sweep_leftovers(scratch: &Path, older_than: SystemTime) -> Result<u64, PortError> {
    let failed = |error| PortError::io("snapshot: sweep", error).at(scratch.display().to_string());
    let mut removed = 0;
    let mut first_failure = None;
    for entry in fs::read_dir(scratch).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        if !entry.file_name().to_string_lossy().starts_with(FOLDER_PREFIX) {
            continue;
        }
        match sweep(&entry.path(), older_than) {
            Ok(swept) => removed += u64::from(swept),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {} // its owner was faster
            Err(error) => first_failure = first_failure.or(Some(error)),
        }
    }
    first_failure.map_or(Ok(removed), |error| Err(failed(error)))
}

fn sweep(folder: &Path, older_than: SystemTime) -> std::io::Result<bool> {
    let about = fs::symlink_metadata(folder)?;
    if !about.is_dir() || about.modified()? >= older_than {
        return Ok(false);
    }
    match File::open(folder.join(LOCK)) {
        Ok(lock) if lock.try_lock().is_err() => return Ok(false),
        Ok(_) => {}
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
        Err(error) => return Err(error),
    }
    fs::remove_dir_all(folder)?;
    Ok(true)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn sweeps_dead_folders_and_no_others() {
        let parent = tempfile::tempdir().unwrap();
        let alive = Scratch::create(parent.path(), 0).unwrap();
        let dead = parent.path().join("export-snapshot-dead");
        let lockless = parent.path().join("export-snapshot-lockless");
        let foreign = parent.path().join("other");
        for folder in [&dead, &lockless, &foreign] {
            fs::create_dir(folder).unwrap();
            fs::write(folder.join("data"), b"x").unwrap();
        }
        fs::write(dead.join(LOCK), b"").unwrap();

        assert_eq!(sweep_leftovers(parent.path(), SystemTime::UNIX_EPOCH).unwrap(), 0, "too young");
        let later = fs::metadata(&dead).unwrap().modified().unwrap() + Duration::from_secs(60);
        assert_eq!(sweep_leftovers(parent.path(), later).unwrap(), 2);
        assert!(!dead.exists() && !lockless.exists());
        assert!(foreign.exists() && alive.dir.path().exists());
    }
}
