//! A store that does not keep what it was given: nothing of that is ever called complete.

use std::sync::Arc;

use export_core::code::Code;
use export_core::job::Job;
use export_engine::Parts;

use crate::support::{Bench, Lie, Lying};

async fn run(lie: Lie, times: u64) -> (Bench, Job) {
    let bench = Bench::new(10);
    let store = Lying::new(bench.shelf.clone(), lie, times);
    let worker = bench.worker(Parts { artifacts: Arc::new(store), ..bench.parts() });
    let job = bench.submit().await;
    let job = bench.ended(job.id).await;
    worker.stop().await;
    (bench, job)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_artifact_that_is_not_kept_as_written_is_written_again() {
    for lie in [Lie::Garbled, Lie::Cut, Lie::Forgotten] {
        let (bench, job) = run(lie, 1).await;
        bench.assert_whole(&job).await;
        assert_eq!(job.attempt, 2, "{lie:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_store_that_never_keeps_what_is_written_fails_the_export() {
    for lie in [Lie::Garbled, Lie::Cut, Lie::Forgotten] {
        let (bench, job) = run(lie, u64::MAX).await;
        bench.assert_failed(&job, Code::StorageCorrupt).await;
        assert_eq!(job.attempt, 5, "{lie:?}");
    }
}
