//! A wrapper that injects nothing passes the suites, and one that does fails where it is told to.

use std::sync::Arc;

use export_contract::jobs::{Jobs, MAX_QUEUED, MAX_RUNNING, POLICY};
use export_contract::{Fault, Faulty, MemoryArtifacts, MemoryJobs, When, artifacts, corpus, run};
use export_core::error::ErrorKind;
use export_core::ports::{ArtifactStore, JobReader as _, JobStore as _};

fn faulty_jobs() -> Faulty<MemoryJobs> {
    Faulty::new(Arc::new(MemoryJobs::new(MAX_RUNNING, MAX_QUEUED, POLICY)))
}

mod jobs {
    use super::*;

    async fn open() -> (Arc<dyn Jobs>, ()) {
        (Arc::new(faulty_jobs()), ())
    }

    export_contract::jobs_suite!(open);
}

mod stores {
    use super::*;

    async fn open() -> (Arc<dyn ArtifactStore>, ()) {
        (Arc::new(Faulty::new(Arc::new(MemoryArtifacts::default()))), ())
    }

    export_contract::artifacts_suite!(open);
}

#[test]
fn a_call_fails_before_or_after_it_was_done() {
    run(async {
        for (when, done) in [(When::Before, 0), (When::After, 1)] {
            let jobs = faulty_jobs();
            jobs.inject(Fault { call: 2, when, kind: ErrorKind::Full });
            jobs.check().await.unwrap();
            let now = corpus::job::second(1);
            let insert = corpus::job::insert(1, &corpus::job::tenant("acme"), now.wall);
            assert_eq!(jobs.insert(insert, now).await.unwrap_err().kind, ErrorKind::Full);
            assert_eq!(jobs.inner().all().len(), done, "{when:?}");
            assert_eq!(jobs.calls(), ["check", "insert"]);
            assert!(jobs.is_spent());
            assert_eq!(jobs.depth().await.unwrap().queued, done as u64);
        }
    });
}

#[test]
fn the_calls_of_writers_and_streams_count() {
    run(async {
        for (call, left) in [(1, 0), (2, 0), (3, 0), (4, 1)] {
            let store = Faulty::new(Arc::new(MemoryArtifacts::default()));
            let when = if call == 4 { When::After } else { When::Before };
            store.fail(call, when);
            let failed = artifacts::put(&store, "a/b", &[b"x", b"y"]).await.unwrap_err();
            assert_eq!(failed.kind, ErrorKind::Unavailable);
            assert_eq!(store.inner().keys().len(), left, "call {call}");
        }
        let store = Faulty::new(Arc::new(MemoryArtifacts::default()));
        artifacts::put(&store, "a/b", &[&[7; 5_000]]).await.unwrap();
        store.fail(6, When::Before);
        assert_eq!(artifacts::get(&store, "a/b").await.unwrap_err().kind, ErrorKind::Unavailable);
        assert_eq!(store.calls()[3..], ["reader", "read", "read"]);
    });
}
