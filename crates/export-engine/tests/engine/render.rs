//! Renderers that do not keep their promises.

use std::time::Duration;

use export_core::code::Code;
use export_engine::Limits;

use crate::support::{Bench, Gate, Lines};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_renderer_that_never_ends_is_stopped_tried_once_more_and_given_up() {
    let bench = Bench::new(10);
    let limits = Limits { render: Duration::from_millis(20), ..bench.limits() };
    let gate = Gate::default();
    let parts = bench.rendering(Lines::at(&gate));
    let worker = bench.worker_with(parts, limits, Duration::ZERO);
    let job = bench.submit().await;
    let job = bench.ended(job.id).await;
    bench.assert_failed(&job, Code::RenderTimeout).await;
    assert_eq!(job.attempt, 2);
    gate.interrupted().await;
    worker.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_renderer_that_ends_well_behind_its_deadline_was_too_late() {
    let bench = Bench::new(0);
    let limits = Limits { render: Duration::from_millis(20), ..bench.limits() };
    let renderer = Lines::with(|brief, _| {
        while brief.pulse.beat(0).is_ok() {
            std::thread::yield_now();
        }
        Ok(())
    });
    let worker = bench.worker_with(bench.rendering(renderer), limits, Duration::ZERO);
    let job = bench.submit().await;
    let job = bench.ended(job.id).await;
    bench.assert_failed(&job, Code::RenderTimeout).await;
    worker.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rows_that_are_missing_without_a_word_fail_the_export() {
    let bench = Bench::new(10);
    let renderer = Lines { loses: 1, ..Lines::default() };
    let worker = bench.worker(bench.rendering(renderer));
    let job = bench.submit().await;
    let job = bench.ended(job.id).await;
    worker.stop().await;
    bench.assert_failed(&job, Code::Internal).await;
    assert_eq!(
        job.failure().unwrap().message,
        "9 of 10 records (Finding) were written, and no warning says why"
    );
    assert_eq!(job.attempt, 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rows_that_a_warning_tells_of_may_be_missing() {
    let bench = Bench::new(10);
    let renderer = Lines { loses: 3, tells: true, ..Lines::default() };
    let worker = bench.worker(bench.rendering(renderer));
    let job = bench.submit().await;
    let job = bench.ended(job.id).await;
    worker.stop().await;
    let manifest = bench.assert_whole(&job).await;
    assert_eq!((manifest.artifacts[0].rows, manifest.warnings.len()), (Some(7), 1));
    assert_eq!(job.outcome().unwrap().warnings, manifest.warnings);
}
