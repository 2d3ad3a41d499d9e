//! What the tests of the store share.

use std::path::{Path, PathBuf};

use export_contract::jobs::{MAX_QUEUED, MAX_RUNNING, POLICY};
use export_jobs_sqlite::{JobLimits, SqliteJobs};
use tempfile::TempDir;

/// A place for a new store.
pub(crate) fn place() -> (TempDir, PathBuf) {
    let dir = TempDir::new().expect("a temporary folder can be made");
    let path = dir.path().join("jobs.db");
    (dir, path)
}

/// The store at `path`, with the limits that the suite expects.
pub(crate) async fn open(path: &Path) -> SqliteJobs {
    let limits = JobLimits {
        max_running_per_tenant: MAX_RUNNING.try_into().expect("a small number"),
        max_queued_per_tenant: MAX_QUEUED.try_into().expect("a small number"),
    };
    SqliteJobs::open(path, limits, POLICY).await.expect("the store opens")
}

/// Nothing in the store contradicts itself.
pub(crate) async fn assert_sound(jobs: &SqliteJobs) {
    assert_eq!(jobs.fsck().await.expect("the store can be read"), Vec::<String>::new());
}
