//! Stopping a worker loses no work, and repeats only what had no time to end.

use std::sync::Arc;
use std::time::Duration;

use export_core::export::{EventKind, Status};
use export_engine::Parts;

use crate::support::{Bench, Gate, How, Lines, Spoilt, Step, Watched};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_attempt_may_end_within_the_grace_time() {
    let (bench, gate) = (Bench::new(10), Gate::default());
    let worker = bench.worker(bench.rendering(Lines::at(&gate)));
    let job = bench.submit().await;
    gate.reached().await;
    let stopping = worker.stop();
    gate.open();
    stopping.await;
    let job = bench.job(job.id).await;
    bench.assert_whole(&job).await;
    use EventKind::{Completed, Queued, Started};
    assert_eq!(bench.turns(job.id).await, [Queued, Started, Completed]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_worker_that_is_stopped_takes_no_more_jobs() {
    let (bench, gate) = (Bench::new(10), Gate::default());
    let worker = bench.worker(bench.rendering(Lines::at(&gate)));
    let (first, second) = (bench.submit().await, bench.submit().await);
    gate.reached().await;
    let stopping = worker.stop();
    gate.open();
    stopping.await;
    assert_eq!(bench.job(first.id).await.status(), Status::Completed);
    let second = bench.job(second.id).await;
    assert_eq!((second.status(), second.fence), (Status::Queued, 0), "nobody had it");
}

/// Stops a worker without grace while its attempt stands at `gate`, which never opens; another one ends the job.
async fn release_at(gate: &Gate, bench: &Bench, parts: Parts) {
    let worker = bench.worker_with(parts, bench.limits(), Duration::ZERO);
    let job = bench.submit().await;
    gate.reached().await;
    worker.stop().await;
    let given_back = bench.job(job.id).await;
    assert_eq!((given_back.status(), given_back.attempt), (Status::Queued, 0), "it is not counted");
    assert_eq!(given_back.failure(), None);
    assert_eq!(bench.shelf.keys(), [""; 0]);
    let other = bench.worker(bench.parts());
    let job = bench.ended(job.id).await;
    other.stop().await;
    bench.assert_whole(&job).await;
    assert_eq!((job.attempt, job.fence), (1, 2));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_renderer_is_given_back_behind_the_grace_time() {
    let (bench, gate) = (Bench::new(10), Gate::default());
    let parts = bench.rendering(Lines::at(&gate));
    release_at(&gate, &bench, parts).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_source_that_does_not_answer_holds_up_no_stop() {
    let (bench, gate) = (Bench::new(10), Gate::default());
    let sources = Spoilt::sources(&bench.sources, "findings", How::Opening(gate.clone()), 1);
    release_at(&gate, &bench, Parts { sources, ..bench.parts() }).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_store_that_does_not_answer_holds_up_no_stop() {
    let (bench, gate) = (Bench::new(10), Gate::default());
    let store = Watched::new(bench.shelf.clone()).waiting(Step::Write, "manifest.json", &gate);
    release_at(&gate, &bench, Parts { artifacts: Arc::new(store), ..bench.parts() }).await;
}
