//! Leases: who has lost one publishes nothing.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use export_contract::{When, corpus};
use export_core::code::Code;
use export_core::export::EventKind;
use export_core::job::{Job, JobState};
use export_core::ports::{ArtifactStore, JobStore as _};
use export_core::time::Clock as _;
use export_engine::Parts;

use crate::support::{Bench, Flaky, Gate, How, LEASE, Lines, Spoilt, Step, Watched};

/// A first worker is frozen at `gate`; a second one completes the export; then the first one goes on.
async fn thaw(bench: &Bench, first: Parts, gate: &Gate) {
    let frozen = bench.lone_worker(first);
    let job = bench.submit().await;
    gate.reached().await;
    bench.expire().await;
    let other = bench.worker(bench.parts());
    let done = bench.ended(job.id).await;
    bench.assert_whole(&done).await;
    assert_eq!((done.attempt, done.fence), (2, 2));
    gate.open();
    frozen.stop().await; // its attempt has ended
    other.stop().await;
    assert_eq!(bench.job(job.id).await, done, "the outcome stands");
    bench.assert_whole(&done).await;
}

fn frozen_store(bench: &Bench, step: Step, name: &'static str, gate: &Gate) -> (Watched, Parts) {
    let store = Watched::new(bench.shelf.clone()).waiting(step, name, gate);
    let artifacts: Arc<dyn ArtifactStore> = Arc::new(store.clone());
    (store, Parts { artifacts, ..bench.parts() })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_worker_that_lost_its_lease_writes_no_manifest_and_removes_what_it_wrote() {
    let (bench, gate) = (Bench::new(10), Gate::freezing());
    let (store, parts) = frozen_store(&bench, Step::Commit, "report.json", &gate);
    thaw(&bench, parts, &gate).await;
    let log = store.log();
    let [commit, delete] = &log[..] else { panic!("{log:?}") };
    assert!(commit.starts_with("commit ") && commit.ends_with("/report.json"));
    assert_eq!(*delete, commit.replace("commit", "delete"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_worker_that_loses_its_lease_while_it_writes_the_manifest_takes_it_back() {
    let (bench, gate) = (Bench::new(10), Gate::freezing());
    let (store, parts) = frozen_store(&bench, Step::Commit, "manifest.json", &gate);
    thaw(&bench, parts, &gate).await;
    assert_eq!(store.log().iter().filter(|line| line.starts_with("delete")).count(), 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_worker_that_is_frozen_while_it_gathers_or_renders_writes_nothing() {
    let (bench, gate) = (Bench::new(10), Gate::freezing());
    let store = Watched::new(bench.shelf.clone());
    let sources = Spoilt::sources(&bench.sources, "findings", How::Flowing(gate.clone()), 1);
    let artifacts: Arc<dyn ArtifactStore> = Arc::new(store.clone());
    thaw(&bench, Parts { artifacts, sources, ..bench.parts() }, &gate).await;
    assert_eq!(store.log().iter().filter(|line| line.ends_with("manifest.json")).count(), 0);

    let (bench, gate) = (Bench::new(10), Gate::default());
    let store = Watched::new(bench.shelf.clone());
    let artifacts: Arc<dyn ArtifactStore> = Arc::new(store.clone());
    thaw(&bench, Parts { artifacts, ..bench.rendering(Lines::at(&gate)) }, &gate).await;
    assert_eq!(store.log().iter().filter(|line| line.ends_with("manifest.json")).count(), 0);
}

/// The second attempt freezes before it has looked for what the first one left; the third completes; then the second
/// goes on, and must not take the third one's artifacts for leftovers.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_worker_that_wakes_up_late_sweeps_nothing_of_younger_attempts() {
    let (bench, gate) = (Bench::new(10), Gate::freezing());
    let job = bench.submit().await;
    let first = bench.jobs.claim(corpus::job::claim(1, 1), bench.clock.now()).await.unwrap().remove(0);
    let crashed = corpus::job::fail(Code::RenderCrash);
    bench.jobs.record(&first.lease, crashed, bench.clock.now()).await.unwrap();
    let store = Watched::new(bench.shelf.clone()).listing_at(&gate);
    let frozen = bench.lone_worker(Parts { artifacts: Arc::new(store), ..bench.parts() });
    gate.reached().await;
    bench.expire().await;
    let last = bench.worker(bench.parts());
    let done = bench.ended(job.id).await;
    gate.open();
    frozen.stop().await;
    last.stop().await;
    bench.assert_whole(&done).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_worker_that_cannot_renew_stops_before_others_may_take_the_job() {
    let (bench, gate) = (Bench::new(10), Gate::default());
    let down = Arc::new(AtomicBool::new(false));
    let jobs = {
        let down = Arc::clone(&down);
        let is_hit = move |name| name == "renew" && down.load(Ordering::Relaxed);
        Arc::new(Flaky::new(&bench.jobs, move |name, _| is_hit(name).then_some(When::Before)))
    };
    let worker = bench.worker(Parts { jobs: jobs.clone(), ..bench.rendering(Lines::at(&gate)) });
    let job = bench.submit().await;
    gate.reached().await;
    down.store(true, Ordering::Relaxed);
    bench.clock.advance(LEASE.mul_f64(0.9));
    gate.interrupted().await;
    assert!(jobs.calls("renew") > 0);
    assert_eq!(bench.jobs.requeue_expired(bench.clock.now()).await.unwrap(), 0, "the lease still holds");
    down.store(false, Ordering::Relaxed);
    gate.open();
    bench.clock.advance(LEASE);
    let job = bench.ended(job.id).await;
    worker.stop().await;
    bench.assert_whole(&job).await;
    use EventKind::{Completed, Queued, Started};
    assert_eq!(bench.turns(job.id).await, [Queued, Started, Queued, Started, Completed]);
    assert_eq!(jobs.calls("record"), 1, "an attempt that is lost says nothing");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lease_is_kept_as_long_as_its_attempt_runs() {
    let (bench, gate) = (Bench::new(10), Gate::default());
    let worker = bench.worker(bench.rendering(Lines::at(&gate)));
    let job = bench.submit().await;
    gate.reached().await;
    for _ in 0..4 {
        let until = lease_end(&bench.job(job.id).await);
        bench.clock.advance(LEASE / 2);
        bench.job_when(job.id, |job| lease_end(job) > until).await;
    }
    gate.open();
    let job = bench.ended(job.id).await;
    worker.stop().await;
    bench.assert_whole(&job).await;
    assert_eq!(job.attempt, 1);
}

fn lease_end(job: &Job) -> u64 {
    match &job.state {
        JobState::Processing { lease } => lease.until.millis,
        other => panic!("it is not being worked on: {other:?}"),
    }
}
