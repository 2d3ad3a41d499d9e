//! An export without any fault.

use export_core::export::{EventKind, Stage, Status};
use export_core::manifest::Generator;
use export_core::ports::{ArtifactStore, EventFilter, JobReader as _};
use export_core::time::Clock as _;
use export_engine::Parts;
use std::sync::Arc;
use std::time::Duration;

use crate::support::{Bench, Watched};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_export_is_whole_and_its_manifest_comes_last() {
    let bench = Bench::new(700);
    let store = Watched::new(bench.shelf.clone());
    let watched: Arc<dyn ArtifactStore> = Arc::new(store.clone());
    let worker = bench.worker(Parts { artifacts: watched, ..bench.parts() });
    let submitted = bench.submit().await;
    let job = bench.ended(submitted.id).await;

    let prefix = job.prefix(1);
    let commits = [format!("commit {prefix}/report.json"), format!("commit {prefix}/manifest.json")];
    assert_eq!(store.log(), commits);
    let manifest = bench.assert_whole(&job).await;
    let outcome = job.outcome().unwrap();
    let [report, _] = &outcome.artifacts[..] else { panic!("two artifacts: {outcome:?}") };
    assert_eq!((report.rows, report.media_type.as_str()), (Some(700), "application/json"));
    let text = String::from_utf8(bench.bytes(&format!("{prefix}/report.json")).await).unwrap();
    assert_eq!(text.lines().count(), 700);
    let now = bench.clock.now().wall;
    let month = Duration::from_secs(30 * 86_400);
    assert_eq!((manifest.completed_at, manifest.expires_at), (now, Some(now.plus(month))));
    assert_eq!((manifest.generator, manifest.request), (Generator::this(), job.request.clone()));
    assert!(manifest.snapshot.sources.iter().any(|source| source.query == "scan-0/findings"));
    assert_eq!((job.attempt, job.fence, job.progress.stage), (1, 1, Stage::Done));
    worker.stop().await;
    assert_eq!(std::fs::read_dir(bench.scratch()).unwrap().count(), 0, "scratch is empty again");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_export_is_told_from_its_beginning_to_its_end() {
    let bench = Bench::new(30);
    let _worker = bench.worker(bench.parts());
    let job = bench.submit().await;
    let job = bench.ended(job.id).await;
    let filter = EventFilter { tenant: &bench.tenant, export: Some(job.id), after: 0, limit: 100 };
    let events = bench.jobs.events(filter).await.unwrap();
    let kinds: Vec<_> = events.iter().map(|event| event.event).collect();
    let [EventKind::Queued, EventKind::Started, progress @ .., EventKind::Completed] = &kinds[..] else {
        panic!("not the life of an export: {kinds:?}")
    };
    assert!(!progress.is_empty() && progress.iter().all(|kind| *kind == EventKind::Progress));
    let stages: Vec<_> = events.iter().filter_map(|event| event.progress.map(|it| it.stage)).collect();
    assert!(stages.is_sorted(), "stages come in order: {stages:?}");
    let stored = events.iter().rev().find(|event| event.event == EventKind::Progress).unwrap();
    let stored = stored.progress.unwrap();
    assert_eq!((stored.stage, stored.rows_done, stored.rows_total), (Stage::Store, 30, Some(30)));
    let last = events.last().unwrap();
    assert_eq!((last.status, &last.artifacts), (Status::Completed, &job.to_export().artifacts));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_data_gives_the_same_bytes() {
    let bench = Bench::new(50);
    let _worker = bench.worker(bench.parts());
    let mut digests = Vec::new();
    for _ in 0..2 {
        let job = bench.submit().await;
        let job = bench.ended(job.id).await;
        digests.push(job.outcome().unwrap().artifacts[0].sha256);
    }
    assert_eq!(digests[0], digests[1]);
}
