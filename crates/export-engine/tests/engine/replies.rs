//! What an attempt says to the job store at its end, when the job store fails just then.

use std::sync::Arc;

use export_contract::{Faulty, When};
use export_core::code::Code;
use export_core::export::{EventKind, Status};
use export_core::ports::{JobStore as _, RenderError};
use export_core::time::Clock as _;
use export_engine::Parts;

use crate::support::{Bench, Flaky, Gate, Lines, Step, Watched};

const TURNS: [EventKind; 3] = [EventKind::Queued, EventKind::Started, EventKind::Completed];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_outcome_is_noted_once_whatever_becomes_of_the_replies() {
    for (when, calls) in [(When::Before, 1), (When::After, 1), (When::Before, 3)] {
        let bench = Bench::new(10);
        let jobs = Flaky::new(&bench.jobs, move |name, number| {
            (name == "record" && number <= calls).then_some(when)
        });
        let worker = bench.worker(Parts { jobs: Arc::new(jobs), ..bench.parts() });
        let job = bench.submit().await;
        let job = bench.ended(job.id).await;
        worker.stop().await;
        bench.assert_whole(&job).await;
        assert_eq!((job.attempt, bench.turns(job.id).await), (1, TURNS.to_vec()));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_outcome_whose_reply_was_lost_is_found_even_if_reading_fails_once() {
    let bench = Bench::new(10);
    let jobs =
        Flaky::new(&bench.jobs, |name, number| (name == "record" && number == 1).then_some(When::After));
    let reader = Arc::new(Faulty::new(bench.jobs.clone()));
    reader.fail(1, When::Before);
    let worker = bench.worker(Parts { jobs: Arc::new(jobs), reader: reader.clone(), ..bench.parts() });
    let job = bench.submit().await;
    let job = bench.ended(job.id).await;
    worker.stop().await;
    bench.assert_whole(&job).await;
    assert_eq!(reader.calls(), ["get", "get"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_left_if_a_refused_outcome_cannot_be_looked_up_at_once() {
    let bench = Bench::new(10);
    let gate = Gate::default();
    let store = Watched::new(bench.shelf.clone()).waiting(Step::Commit, "manifest.json", &gate);
    let reader = Arc::new(Faulty::new(bench.jobs.clone()));
    reader.fail(1, When::Before);
    let worker = bench.worker(Parts { artifacts: Arc::new(store), reader: reader.clone(), ..bench.parts() });
    let job = bench.submit().await;
    gate.reached().await;
    bench.jobs.cancel(&bench.tenant, job.id, "ann", bench.clock.now()).await.unwrap();
    gate.open();
    let job = bench.ended(job.id).await;
    worker.stop().await;
    bench.assert_failed(&job, Code::Cancelled).await;
    assert!(reader.is_spent());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_job_store_that_is_down_for_long_costs_an_attempt_and_nothing_else() {
    let bench = Bench::new(10);
    let jobs =
        Flaky::new(&bench.jobs, |name, number| (name == "record" && number <= 4).then_some(When::Before));
    let worker = bench.worker(Parts { jobs: Arc::new(jobs), ..bench.parts() });
    let job = bench.submit().await;
    let job = bench.ended_at_last(job.id).await;
    worker.stop().await;
    bench.assert_whole(&job).await;
    assert_eq!(job.attempt, 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_failure_is_noted_once_whatever_becomes_of_the_reply() {
    for when in [When::Before, When::After] {
        let bench = Bench::new(10);
        let jobs =
            Flaky::new(&bench.jobs, move |name, number| (name == "record" && number == 1).then_some(when));
        let renderer =
            Lines::with(|_, _| Err(RenderError::new(Code::TemplateError, "line 3: no such filter")));
        let worker = bench.worker(Parts { jobs: Arc::new(jobs), ..bench.rendering(renderer) });
        let job = bench.submit().await;
        let job = bench.ended(job.id).await;
        worker.stop().await;
        bench.assert_failed(&job, Code::TemplateError).await;
        assert_eq!((job.attempt, job.status()), (1, Status::Failed));
        assert_eq!(job.failure().unwrap().message, "line 3: no such filter");
    }
}
