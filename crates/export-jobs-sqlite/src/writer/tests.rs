//! What callers share when their calls share a commit, and what they do not.

use std::path::Path;

use export_contract::corpus::job as of;
use export_core::ports::{Inserted, JobReader as _, JobStore as _};
use futures::future::join_all;
use sqlx::sqlite::SqlitePoolOptions;
use tempfile::TempDir;

use super::*;
use crate::SqliteJobs;

/// Panics, as a fault of ours would.
struct Panic;

#[async_trait]
impl Operation for Panic {
    type Output = ();
    const NAME: &'static str = "test: panic";

    async fn run(&self, _tx: &mut Tx<'_>) -> Result<(), PortError> {
        panic!("this is what the test is about")
    }
}

/// Reads a pragma of the connection that writes.
struct Pragma(&'static str);

#[async_trait]
impl Operation for Pragma {
    type Output = i64;
    const NAME: &'static str = "test: pragma";

    async fn run(&self, tx: &mut Tx<'_>) -> Result<i64, PortError> {
        sqlx::query_scalar(self.0).fetch_one(&mut *tx.db).await.map_err(while_doing(Self::NAME))
    }
}

async fn open(dir: &Path) -> SqliteJobs {
    SqliteJobs::open(&dir.join("jobs.db"), JobLimits::default(), RetryPolicy::default()).await.unwrap()
}

async fn insert(jobs: &SqliteJobs, number: u32) -> Result<Inserted, PortError> {
    jobs.insert(of::insert(number, &of::tenant("acme"), of::second(1).wall), of::second(1)).await
}

// On this runtime the writer runs only when all callers wait, so their calls are one batch.
#[tokio::test(flavor = "current_thread")]
async fn calls_that_come_together_share_one_commit() {
    let dir = TempDir::new().unwrap();
    let jobs = open(dir.path()).await;
    join_all((0..60).map(|number| insert(&jobs, number))).await;
    assert_eq!(*jobs.writer.changes().borrow(), 1);
    assert_eq!(jobs.depth().await.unwrap().queued, 60);
}

#[tokio::test(flavor = "current_thread")]
async fn a_call_that_fails_spoils_no_other_in_its_batch() {
    let dir = TempDir::new().unwrap();
    let jobs = open(dir.path()).await;
    insert(&jobs, 7).await.unwrap();
    let results = join_all((0..20).map(|number| insert(&jobs, number))).await;
    for (number, result) in results.iter().enumerate() {
        assert_eq!(result.is_err(), number == 7, "job {number}: {result:?}");
    }
    assert_eq!(jobs.depth().await.unwrap().queued, 20);
    assert_eq!(jobs.fsck().await.unwrap(), Vec::<String>::new(), "the call that failed left something");
}

#[tokio::test]
async fn a_commit_is_synced_and_references_are_checked() {
    let dir = TempDir::new().unwrap();
    let jobs = open(dir.path()).await;
    assert_eq!(jobs.writer.run(Pragma("PRAGMA synchronous")).await.unwrap(), 2, "FULL");
    assert_eq!(jobs.writer.run(Pragma("PRAGMA foreign_keys")).await.unwrap(), 1);
    assert_eq!(jobs.writer.run(Pragma("PRAGMA busy_timeout")).await.unwrap(), 10_000);
    let mode: String = sqlx::query_scalar("PRAGMA journal_mode").fetch_one(&jobs.readers).await.unwrap();
    assert_eq!(mode, "wal");
}

#[tokio::test(flavor = "current_thread")]
async fn a_writer_that_has_died_is_unavailable_and_nobody_hangs() {
    let dir = TempDir::new().unwrap();
    let jobs = open(dir.path()).await;
    let (panicked, beside) = tokio::join!(jobs.writer.run(Panic), insert(&jobs, 1));
    assert_eq!(panicked.unwrap_err().kind, ErrorKind::Unavailable);
    assert_eq!(beside.unwrap_err().kind, ErrorKind::Unavailable);
    assert_eq!(jobs.check().await.unwrap_err().kind, ErrorKind::Unavailable);
    assert_eq!(jobs.depth().await.unwrap().queued, 0, "nothing of the batch was kept");
}

#[tokio::test]
async fn a_full_disk_is_told_and_keeps_what_was_promised() {
    let dir = TempDir::new().unwrap();
    let path = dir.path().join("jobs.db");
    let jobs = SqliteJobs::open(&path, JobLimits::default(), RetryPolicy::default()).await.unwrap();
    jobs.close().await;
    // A limit on pages stands for the disk.
    let options =
        SqliteConnectOptions::new().filename(&path).foreign_keys(true).pragma("max_page_count", "60");
    let connection = SqliteConnection::connect_with(&options).await.unwrap();
    let writer = Writer::start(connection, options.clone(), JobLimits::default(), RetryPolicy::default());
    let readers = SqlitePoolOptions::new().connect_with(options.read_only(true)).await.unwrap();
    let jobs = SqliteJobs { writer, readers };

    let (mut kept, mut full) = (0, 0);
    for round in 0..20 {
        for result in join_all((0..10).map(|number| insert(&jobs, round * 10 + number))).await {
            match result {
                Ok(_) => kept += 1,
                Err(error) => {
                    assert_eq!(error.kind, ErrorKind::Full, "{error}");
                    full += 1;
                }
            }
        }
    }
    assert!(kept > 0 && full > 0, "{kept} were kept, {full} did not fit");
    assert_eq!(jobs.depth().await.unwrap().queued, kept);
    assert_eq!(jobs.fsck().await.unwrap(), Vec::<String>::new());
    jobs.close().await;
    let jobs = open(dir.path()).await;
    insert(&jobs, 1_000).await.unwrap();
    assert_eq!(jobs.depth().await.unwrap().queued, kept + 1, "with room again it goes on");
}
