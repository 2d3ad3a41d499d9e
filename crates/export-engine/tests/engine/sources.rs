//! Sources that go wrong in the middle.

use export_core::code::Code;
use export_engine::Parts;

use crate::support::{Bench, How, Spoilt};

const STREAMS: [&str; 4] = ["findings", "verdicts", "statements", "intelligence"];
const ALWAYS: u64 = u64::MAX;

async fn run(what: &'static str, how: How, times: u64) -> (Bench, export_core::job::Job) {
    let bench = Bench::new(12);
    let sources = Spoilt::sources(&bench.sources, what, how, times);
    let worker = bench.worker(Parts { sources, ..bench.parts() });
    let job = bench.submit().await;
    let job = bench.ended(job.id).await;
    worker.stop().await;
    (bench, job)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stream_that_stops_without_its_end_is_never_taken_for_complete() {
    for what in STREAMS {
        let (bench, job) = run(what, How::CutOff, ALWAYS).await;
        bench.assert_failed(&job, Code::SourceUnavailable).await;
        assert_eq!(job.attempt, 5, "{what} is tried as often as passing faults are");
        let message = &job.failure().unwrap().message;
        assert!(message.contains("the source was cut off after"), "{message}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_end_that_tells_of_other_records_than_came_is_none() {
    for what in STREAMS {
        let (bench, job) = run(what, How::WrongCount, ALWAYS).await;
        bench.assert_failed(&job, Code::SourceUnavailable).await;
        assert_eq!(job.attempt, 5);
        let message = &job.failure().unwrap().message;
        assert!(message.contains("the source told of"), "{message}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stream_that_was_cut_off_once_is_read_again_from_its_beginning() {
    for what in STREAMS {
        let (bench, job) = run(what, How::CutOff, 1).await;
        let manifest = bench.assert_whole(&job).await;
        assert_eq!((job.attempt, manifest.artifacts[0].rows), (2, Some(12)));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn data_that_cannot_be_read_fails_at_once_and_says_where() {
    for what in STREAMS {
        let (bench, job) = run(what, How::Invalid, ALWAYS).await;
        bench.assert_failed(&job, Code::SourceInvalid).await;
        let message = &job.failure().unwrap().message;
        assert!(message.contains("it is no finding (at scan-1/trivy.json#/Results/3)"), "{message}");
        assert_eq!(job.attempt, 1);
    }
}
