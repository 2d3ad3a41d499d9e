//! Whatever panics, the export ends and the worker lives on.

use std::sync::Arc;

use export_core::code::Code;
use export_core::job::Job;
use export_engine::Parts;

use crate::support::{Bench, Flaky, How, LEASE, Lines, Spoilt};

/// The export has failed after one more attempt, and the same worker does the next one.
async fn assert_failed_and_goes_on(bench: &Bench, job: &Job) {
    bench.assert_failed(job, Code::Internal).await;
    assert_eq!((job.attempt, job.failure().unwrap().message.as_str()), (2, "a step panicked"));
    let next = bench.submit().await;
    let next = bench.ended(next.id).await;
    bench.assert_whole(&next).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_renderer_panics() {
    let bench = Bench::new(10);
    let renderer = Lines::with(|_, call| {
        assert!(call > 2, "the first export panics because the test wants it to");
        Ok(())
    });
    let _worker = bench.worker(bench.rendering(renderer));
    let job = bench.submit().await;
    let job = bench.ended(job.id).await;
    assert_failed_and_goes_on(&bench, &job).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_source_panics() {
    let bench = Bench::new(10);
    let sources = Spoilt::sources(&bench.sources, "findings", How::Panics, 2);
    let _worker = bench.worker(Parts { sources, ..bench.parts() });
    let job = bench.submit().await;
    let job = bench.ended(job.id).await;
    assert_failed_and_goes_on(&bench, &job).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_attempt_that_panics_at_its_very_end_holds_its_job_no_longer() {
    let bench = Bench::new(10);
    let jobs = Arc::new(Flaky::new(&bench.jobs, |name, number| {
        assert!((name, number) != ("record", 1), "the job store panics because the test wants it to");
        None
    }));
    let worker = bench.worker(Parts { jobs: jobs.clone(), ..bench.parts() });
    let job = bench.submit().await;
    let called = async |name, times| {
        while jobs.calls(name) < times {
            tokio::task::yield_now().await;
        }
    };
    called("record", 1).await;
    called("claim", jobs.calls("claim") + 1).await; // it has room again: the attempt is gone
    let renewed = jobs.calls("renew");
    bench.clock.advance(LEASE / 2); // a heartbeat that still lives renews now
    called("requeue_expired", jobs.calls("requeue_expired") + 5).await;
    assert_eq!(jobs.calls("renew"), renewed);
    bench.clock.advance(LEASE / 2);
    let job = bench.ended(job.id).await;
    worker.stop().await;
    bench.assert_whole(&job).await;
    assert_eq!(job.attempt, 2);
}
