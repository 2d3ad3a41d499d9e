//! The state machine as a table: every state with every event.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::time::Duration;

use export_core::code::Code;
use export_core::export::{EventKind, Status};
use export_core::id::ExportId;
use export_core::job::{Failure, Job, JobEvent, JobState, NewJob, Outcome, RetryPolicy, WorkerId};
use export_core::request::ExportRequest;
use export_core::time::{Now, Tick, Timestamp};
use proptest::prelude::*;

const POLICY: RetryPolicy =
    RetryPolicy { attempts: 3, crashes: 4, base: Duration::from_secs(2), cap: Duration::from_secs(60) };

fn now() -> Now {
    Now::at(Timestamp::from_millis(1_000_000))
}

fn queued() -> Job {
    let body = br#"{"type":"scan_report","format":"json","scope":{"scan_ids":["a"]}}"#;
    let new = NewJob {
        id: ExportId::new(now().wall, &[7; 10]),
        tenant: "acme".parse().unwrap(),
        request: ExportRequest::parse(body).unwrap(),
        created_by: "ann".to_owned(),
        traceparent: None,
    };
    Job::queued(new, now())
}

fn claim() -> JobEvent {
    JobEvent::Claim { worker: WorkerId::new([1; 16]), lease: Duration::from_secs(30) }
}

fn outcome() -> Outcome {
    Outcome {
        completed_at: now().wall,
        expires_at: None,
        prefix: "p".to_owned(),
        artifacts: vec![],
        warnings: vec![],
        bundle: None,
    }
}

fn fail(code: Code) -> JobEvent {
    JobEvent::Fail(Failure::new(code, "no"))
}

fn after(events: impl IntoIterator<Item = JobEvent>) -> Job {
    let mut job = queued();
    for event in events {
        job.apply(event, POLICY, now()).unwrap();
    }
    job
}

#[test]
fn every_state_with_every_event() {
    use JobEvent::{Cancel, Complete, Expire, Release, Retry};
    let states = [
        ("queued", queued()),
        ("processing", after([claim()])),
        ("cancelling", after([claim(), Cancel])),
        ("completed", after([claim(), Complete(outcome())])),
        ("failed", after([Cancel])),
    ];
    let events = [
        ("claim", claim()),
        ("complete", Complete(outcome())),
        ("fail", fail(Code::StorageUnavailable)),
        ("fail for good", fail(Code::TemplateError)),
        ("release", Release),
        ("expire", Expire),
        ("cancel", Cancel),
        ("retry", Retry),
    ];
    let ways = |state: &str, event: &str| match (state, event) {
        ("queued", "claim") => Some((Status::Processing, Some(EventKind::Started))),
        ("queued", "cancel") => Some((Status::Failed, Some(EventKind::Failed))),
        ("processing", "complete") => Some((Status::Completed, Some(EventKind::Completed))),
        ("processing", "fail" | "release" | "expire") => Some((Status::Queued, Some(EventKind::Queued))),
        ("processing", "fail for good") => Some((Status::Failed, Some(EventKind::Failed))),
        ("processing" | "cancelling", "cancel") => Some((Status::Processing, None)),
        ("cancelling", "fail" | "fail for good" | "release" | "expire") => {
            Some((Status::Failed, Some(EventKind::Failed)))
        }
        ("failed", "retry") => Some((Status::Queued, Some(EventKind::Queued))),
        _ => None,
    };
    for (state, job) in &states {
        for (event, happens) in &events {
            let mut job = job.clone();
            let before = job.clone();
            match (job.apply(happens.clone(), POLICY, now()), ways(state, event)) {
                (Ok(told), Some((status, expected))) => {
                    assert_eq!((job.status(), told), (status, expected), "{state} x {event}");
                }
                (Err(refused), None) => {
                    assert_eq!(job, before, "{state} x {event} was refused and yet changed the job");
                    assert_eq!(refused.status, before.status());
                }
                (result, way) => panic!("{state} x {event}: {result:?} instead of {way:?}"),
            }
        }
    }
}

#[test]
fn attempts_run_out_by_the_class_of_the_failure() {
    for (code, attempts) in
        [(Code::TemplateError, 1), (Code::RenderTimeout, 2), (Code::StorageUnavailable, 3)]
    {
        let mut job = queued();
        let mut count = 0;
        while job.status() == Status::Queued {
            job.apply(claim(), POLICY, now()).unwrap();
            job.apply(fail(code), POLICY, now()).unwrap();
            count += 1;
        }
        assert_eq!((count, job.failure().unwrap().code), (attempts, code));
    }
}

#[test]
fn a_worker_that_dies_each_time_uses_up_the_attempts() {
    let waiting = after((0..3).flat_map(|_| [claim(), JobEvent::Expire]));
    assert!(
        matches!(waiting.state, JobState::Queued { not_before, .. } if not_before == now().wall),
        "at once"
    );
    let job = after((0..4).flat_map(|_| [claim(), JobEvent::Expire]));
    assert_eq!(job.failure().unwrap().code, Code::LeaseExpired);
}

#[test]
fn a_release_gives_the_attempt_back_but_not_the_fence() {
    let job = after([claim(), JobEvent::Release]);
    assert_eq!((job.attempt, job.fence), (0, 1));
    assert!(matches!(job.state, JobState::Queued { not_before, .. } if not_before == now().wall));
}

#[test]
fn a_retry_by_a_user_starts_a_new_budget_with_new_keys() {
    let job = after([claim(), fail(Code::TemplateError), JobEvent::Retry, claim()]);
    assert_eq!((job.attempt, job.fence), (1, 2));
    assert_eq!(job.prefix(1), format!("exports/acme/1970/01/{}", job.id));
    assert_eq!(job.prefix(2), format!("exports/acme/1970/01/{}/attempt-2", job.id));
}

#[test]
fn a_cancel_that_was_accepted_is_told_as_cancelled() {
    for event in [fail(Code::StorageUnavailable), JobEvent::Expire, JobEvent::Release] {
        let job = after([claim(), JobEvent::Cancel, event]);
        assert_eq!(job.failure().unwrap().code, Code::Cancelled);
    }
}

#[test]
fn pauses_grow_within_their_bounds() {
    for attempt in 1..40 {
        let mut job = queued();
        job.attempt = attempt;
        let longest = POLICY.base.saturating_mul(1 << (attempt - 1).min(20)).min(POLICY.cap);
        assert_eq!(POLICY.pause(&job, Code::LeaseExpired), Duration::ZERO);
        assert!(POLICY.pause(&job, Code::StorageUnavailable) <= longest);
    }
}

proptest! {
    #[test]
    fn no_walk_leaves_a_completed_state_or_lowers_the_fence(steps in prop::collection::vec(0..8_usize, 1..60)) {
        let mut job = queued();
        for step in steps {
            let event = match step {
                0 | 1 => claim(),
                2 => JobEvent::Complete(outcome()),
                3 => fail(Code::StorageUnavailable),
                4 => JobEvent::Release,
                5 => JobEvent::Expire,
                6 => JobEvent::Cancel,
                _ => JobEvent::Retry,
            };
            let before = job.clone();
            let _ = job.apply(event, POLICY, now());
            prop_assert!(job.fence >= before.fence);
            prop_assert!(before.status() != Status::Completed || job == before);
            prop_assert_eq!(job.status() == Status::Processing, matches!(job.state, JobState::Processing { .. }));
        }
    }
}

#[test]
fn a_job_survives_its_document_with_ids_of_full_length() {
    let tick = Tick { boot: u128::MAX - 1, millis: 7 };
    let mut job = queued();
    let claim = JobEvent::Claim { worker: WorkerId::new([255; 16]), lease: Duration::from_secs(30) };
    job.apply(claim, POLICY, Now { tick, ..now() }).unwrap();
    let document = serde_json::to_string(&job).unwrap();
    assert_eq!(serde_json::from_str::<Job>(&document).unwrap(), job);
}
