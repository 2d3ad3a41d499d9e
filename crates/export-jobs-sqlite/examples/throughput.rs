//! What the store does in a second, with one caller and with 64: the difference is the group commit.
//!
//! `cargo run --release -p export-jobs-sqlite --example throughput [FOLDER]`. The folder must be on a real disk, because
//! every commit waits for it.

#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a measurement for a terminal")]

use std::path::PathBuf;
use std::time::Instant;

use export_contract::corpus::job as of;
use export_contract::run;
use export_core::job::RetryPolicy;
use export_core::ports::{JobReader as _, JobStore as _};
use export_jobs_sqlite::{JobLimits, SqliteJobs};
use futures::future::join_all;

fn main() {
    let folder = std::env::args_os().nth(1).map_or_else(|| PathBuf::from("."), PathBuf::from);
    println!("{:>8} {:>12} {:>20} {:>12}", "callers", "inserts/s", "claim+complete/s", "polls/s");
    for (callers, jobs) in [(1, 1_000), (8, 4_000), (64, 16_000)] {
        run(measure(&folder, callers, jobs));
    }
}

async fn measure(folder: &std::path::Path, callers: u32, jobs: u32) {
    let folder = tempfile::tempdir_in(folder).unwrap();
    let limits = JobLimits { max_running_per_tenant: 64, max_queued_per_tenant: u32::MAX };
    let store =
        SqliteJobs::open(&folder.path().join("jobs.db"), limits, RetryPolicy::default()).await.unwrap();
    let inserts = rate(&store, callers, jobs, |store, caller, number| async move {
        let (tenant, now) = (of::tenant(&format!("t{}", caller % 10)), of::second(u64::from(number)));
        store.insert(of::insert(number * 1_000 + caller, &tenant, now.wall), now).await.unwrap();
    });
    let inserts = inserts.await;
    let served = rate(&store, callers, jobs, |store, caller, _| async move {
        let now = of::second(1_000_000);
        let worker = u8::try_from(caller % 16).unwrap();
        let claimed = store.claim(of::claim(worker, 1), now).await.unwrap().remove(0);
        store.record(&claimed.lease, of::complete(now.wall), now).await.unwrap().unwrap();
    });
    let served = served.await;
    let polls = rate(&store, callers, jobs, |store, _, _| async move {
        assert!(store.claim(of::claim(1, 1), of::second(2_000_000)).await.unwrap().is_empty());
    });
    let polls = polls.await;
    assert_eq!(store.depth().await.unwrap().queued, 0);
    assert_eq!(store.fsck().await.unwrap(), Vec::<String>::new());
    println!("{callers:>8} {inserts:>12.0} {served:>20.0} {polls:>12.0}");
    store.close().await;
}

/// Calls a second, made by so many callers that each make the next call when the one before was answered.
async fn rate<F: Future<Output = ()> + Send + 'static>(
    store: &SqliteJobs,
    callers: u32,
    calls: u32,
    call: fn(SqliteJobs, u32, u32) -> F,
) -> f64 {
    let start = Instant::now();
    let callers = (0..callers).map(|caller| {
        let (store, share) = (store.clone(), calls / callers);
        tokio::spawn(async move {
            for number in 0..share {
                call(store.clone(), caller, number).await;
            }
        })
    });
    join_all(callers).await.into_iter().for_each(|caller| caller.unwrap());
    f64::from(calls) / start.elapsed().as_secs_f64()
}
