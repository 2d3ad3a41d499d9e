//! Cancelling an export, wherever it is.

use std::sync::Arc;

use export_core::code::Code;
use export_core::export::Status;
use export_core::job::Job;
use export_core::ports::{ArtifactStore as _, CancelOutcome, JobStore as _};
use export_core::time::Clock as _;
use export_engine::Parts;

use crate::support::{Bench, Gate, How, LEASE, Lines, Spoilt, Step, Watched};

async fn cancel(bench: &Bench, job: &Job) -> CancelOutcome {
    bench.jobs.cancel(&bench.tenant, job.id, "ann", bench.clock.now()).await.unwrap()
}

/// Cancels an export once it stands at `gate`, which never opens.
async fn cancel_at(gate: &Gate, bench: &Bench, parts: Parts) {
    let worker = bench.worker(parts);
    let job = bench.submit().await;
    gate.reached().await;
    assert!(matches!(cancel(bench, &job).await, CancelOutcome::Accepted(_)));
    bench.clock.advance(LEASE / 3); // the next heartbeat
    let job = bench.ended(job.id).await;
    worker.stop().await;
    bench.assert_failed(&job, Code::Cancelled).await;
    assert_eq!(std::fs::read_dir(bench.scratch()).unwrap().count(), 0, "scratch is empty again");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_source_that_does_not_answer_holds_up_no_cancel() {
    for what in ["resolve", "intelligence", "statements", "verdicts", "findings"] {
        let (bench, gate) = (Bench::new(10), Gate::default());
        let sources = Spoilt::sources(&bench.sources, what, How::Opening(gate.clone()), 1);
        cancel_at(&gate, &bench, Parts { sources, ..bench.parts() }).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_source_that_stops_in_the_middle_holds_up_no_cancel() {
    for what in ["intelligence", "statements", "verdicts", "findings"] {
        let (bench, gate) = (Bench::new(10), Gate::default());
        let sources = Spoilt::sources(&bench.sources, what, How::Flowing(gate.clone()), 1);
        cancel_at(&gate, &bench, Parts { sources, ..bench.parts() }).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_renderer_is_cancelled_through_its_pulse() {
    let (bench, gate) = (Bench::new(10), Gate::default());
    let parts = bench.rendering(Lines::at(&gate));
    cancel_at(&gate, &bench, parts).await;
    gate.interrupted().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_store_that_does_not_answer_holds_up_no_cancel() {
    for (step, name) in
        [(Step::Begin, "report.json"), (Step::Write, "report.json"), (Step::Write, "manifest.json")]
    {
        let (bench, gate) = (Bench::new(10), Gate::default());
        let store = Watched::new(bench.shelf.clone()).waiting(step, name, &gate);
        cancel_at(&gate, &bench, Parts { artifacts: Arc::new(store), ..bench.parts() }).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_cancel_that_is_accepted_before_the_outcome_wins() {
    for name in ["report.json", "manifest.json"] {
        let (bench, gate) = (Bench::new(10), Gate::default());
        let store = Watched::new(bench.shelf.clone()).waiting(Step::Commit, name, &gate);
        let worker = bench.worker(Parts { artifacts: Arc::new(store.clone()), ..bench.parts() });
        let job = bench.submit().await;
        gate.reached().await;
        assert!(matches!(cancel(&bench, &job).await, CancelOutcome::Accepted(_)));
        gate.open();
        let job = bench.ended(job.id).await;
        worker.stop().await;
        bench.assert_failed(&job, Code::Cancelled).await;
        let manifest = format!("commit {}/manifest.json", job.prefix(1));
        assert_eq!(store.log().contains(&manifest), name == "manifest.json", "{:?}", store.log());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_cancel_at_any_time_leaves_either_the_whole_export_or_nothing() {
    for turn in 0..40 {
        let bench = Bench::new(10);
        let worker = bench.worker(bench.parts());
        let job = bench.submit().await;
        for _ in 0..turn * 8 {
            tokio::task::yield_now().await;
        }
        let said = cancel(&bench, &job).await;
        bench.clock.advance(LEASE / 3);
        let job = bench.ended(job.id).await;
        worker.stop().await;
        match job.status() {
            Status::Failed => {
                assert!(matches!(said, CancelOutcome::Accepted(_)));
                bench.assert_failed(&job, Code::Cancelled).await;
            }
            _ => {
                assert!(matches!(said, CancelOutcome::AlreadyEnded(_)));
                bench.assert_whole(&job).await;
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_cancelled_export_can_be_retried_and_leaves_nothing_of_before() {
    let (bench, gate) = (Bench::new(10), Gate::default());
    let worker = bench.worker(bench.rendering(Lines::at(&gate)));
    let job = bench.submit().await;
    gate.reached().await;
    // As if a worker had died between its commit and its end.
    let leftover = format!("{}/report.json", job.prefix(1));
    let meta = export_core::ports::ArtifactMeta { media_type: "application/json".to_owned() };
    bench.shelf.writer(&leftover, &meta).await.unwrap().commit().await.unwrap();
    cancel(&bench, &job).await;
    bench.clock.advance(LEASE / 3);
    bench.ended(job.id).await;
    gate.open();
    bench.jobs.retry(&bench.tenant, job.id, "ann", bench.clock.now()).await.unwrap();
    let job = bench.ended(job.id).await;
    worker.stop().await;
    bench.assert_whole(&job).await;
    assert_eq!((job.attempt, job.fence), (1, 2));
}
