//! Each port fails once at its n-th call, for every n that a run has: an export is whole, or failed without a trace.

use std::sync::Arc;

use export_contract::{Fault, Faulty, When};
use export_core::code::{Code, Retry};
use export_core::error::ErrorKind;
use export_engine::{Parts, Sources};

use crate::support::Bench;

/// Few records, so that the calls for each of them are few.
const ROWS: u64 = 4;
const PASSING: ErrorKind = ErrorKind::Unavailable;

/// The names of the calls that a port has had.
type Calls = Box<dyn Fn() -> Vec<&'static str>>;
/// Puts a port with these faults in place of the one without.
type Place = fn(&Bench, &mut Parts, &[Fault]) -> Calls;

fn artifact_store(bench: &Bench, parts: &mut Parts, faults: &[Fault]) -> Calls {
    let port = Arc::new(Faulty::new(bench.shelf.clone()));
    faults.iter().for_each(|fault| port.inject(*fault));
    parts.artifacts = port.clone();
    Box::new(move || port.calls())
}

fn sources(bench: &Bench, parts: &mut Parts, faults: &[Fault]) -> Calls {
    let port = Arc::new(Faulty::new(bench.sources.clone()));
    faults.iter().for_each(|fault| port.inject(*fault));
    parts.sources = Sources {
        scans: port.clone(),
        verdicts: port.clone(),
        vex: port.clone(),
        sboms: port.clone(),
        attestations: port.clone(),
        intelligence: port.clone(),
        audit: bench.jobs.trail(),
    };
    Box::new(move || port.calls())
}

fn job_store(bench: &Bench, parts: &mut Parts, faults: &[Fault]) -> Calls {
    let port = Arc::new(Faulty::new(bench.jobs.clone()));
    faults.iter().for_each(|fault| port.inject(*fault));
    parts.jobs = port.clone();
    Box::new(move || port.calls())
}

/// Runs an export, and checks that it ended as it should; the calls that the port has had.
async fn run(place: Place, faults: &[Fault], expected: Option<Code>) -> Vec<&'static str> {
    let bench = Bench::new(ROWS);
    let mut parts = bench.parts();
    let calls = place(&bench, &mut parts, faults);
    let job = bench.submit().await;
    let worker = bench.worker(parts);
    let job = bench.ended_at_last(job.id).await;
    worker.stop().await;
    match expected {
        Some(code) => bench.assert_failed(&job, code).await,
        None => drop(bench.assert_whole(&job).await),
    }
    assert_eq!(std::fs::read_dir(bench.scratch()).unwrap().count(), 0, "scratch is empty again");
    calls()
}

/// Lets each call fail that a run has behind the `known` faults; the names of those calls.
#[expect(clippy::print_stdout, reason = "a test that fails shows which call it was")]
async fn fail_each(
    place: Place,
    known: &[Fault],
    kind: ErrorKind,
    expected: Option<Code>,
) -> Vec<&'static str> {
    let behind = known.last().map_or(0, |fault| fault.call);
    let calls = run(place, known, None).await;
    for when in [When::Before, When::After] {
        for call in behind + 1..=calls.len() as u64 {
            let faults = [known, &[Fault { call, when, kind }]].concat();
            let until = usize::try_from(call).unwrap();
            println!("{}, call {call}, fails with {kind:?}, {when:?}", calls[until - 1]);
            let had = run(place, &faults, expected).await;
            assert_eq!(had[..until], calls[..until], "runs are alike until the fault");
        }
    }
    calls[usize::try_from(behind).unwrap()..].to_vec()
}

const fn at(call: u64, when: When) -> Fault {
    Fault { call, when, kind: PASSING }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_artifact_store_fails_once() {
    let calls = fail_each(artifact_store, &[], PASSING, None).await;
    let each = ["writer", "write", "commit", "head"];
    assert_eq!(calls, [each, each].concat());
    fail_each(artifact_store, &[], ErrorKind::Full, None).await;
    fail_each(artifact_store, &[], ErrorKind::Limit, Some(Code::QuotaExceeded)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_artifact_store_fails_again_while_an_attempt_is_cleared_away() {
    let aborted = fail_each(artifact_store, &[at(2, When::Before)], PASSING, None).await;
    assert_eq!(aborted[..2], ["abort", "writer"]);
    // The manifest is there, and nobody knows: the most that an attempt can leave.
    let lost = at(7, When::After);
    let cleared = fail_each(artifact_store, &[lost], PASSING, None).await;
    assert_eq!(cleared[..3], ["delete", "delete", "writer"]);
    // And the store keeps it, so that the next attempt finds it.
    let kept = [lost, at(8, When::Before), at(9, When::Before)];
    let swept = fail_each(artifact_store, &kept, PASSING, None).await;
    assert_eq!(swept[..5], ["list", "delete", "list", "delete", "writer"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_source_fails_once() {
    let calls = fail_each(sources, &[], PASSING, None).await;
    for name in [
        "resolve",
        "intelligence",
        "piece of intelligence",
        "statements",
        "statement",
        "verdicts",
        "verdict",
        "findings",
        "finding",
    ] {
        assert!(calls.contains(&name), "{name} failed once among {calls:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_source_says_for_good_that_it_cannot() {
    let expected = [(ErrorKind::Invalid, Code::SourceInvalid), (ErrorKind::NotFound, Code::DataNotFound)];
    for (kind, code) in expected {
        assert_eq!(code.retry(), Retry::Never);
        fail_each(sources, &[], kind, Some(code)).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_job_store_fails_once() {
    // How often a worker asks for jobs and looks for expired leases depends on the time: go on until a run has no
    // such call any more.
    for when in [When::Before, When::After] {
        let mut failed = Vec::new();
        for call in 1.. {
            let calls = run(job_store, &[at(call, when)], None).await;
            let Some(name) = calls.get(usize::try_from(call).unwrap() - 1) else { break };
            failed.push(*name);
        }
        assert!(failed.contains(&"claim") && failed.contains(&"requeue_expired"), "{failed:?}");
    }
}
