//! Several stores on one file, as several processes have them; and processes that end.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Command, Stdio};
use std::sync::Arc;

use export_contract::corpus::job as of;
use export_contract::run;
use export_core::error::ErrorKind;
use export_core::export::Status;
use export_core::id::ExportId;
use export_core::ports::{Inserted, JobFilter, JobReader as _, JobStore as _};
use export_jobs_sqlite::SqliteJobs;
use futures::future::join_all;

use self::support::{assert_sound, open, place};

const FILE: &str = "EXPORT_TEST_JOBS_FILE";

async fn queue(jobs: &SqliteJobs, number: u32) -> ExportId {
    let tenant = of::tenant(&format!("tenant-{}", number % 40));
    let now = of::second(u64::from(number));
    match jobs.insert(of::insert(number, &tenant, now.wall), now).await.unwrap() {
        Inserted::New(job) => job.id,
        other => panic!("{other:?}"),
    }
}

#[test]
fn stores_that_open_a_new_file_at_the_same_time_all_succeed() {
    run(async {
        let (_dir, path) = place();
        let opened = join_all((0..8).map(|_| {
            let path = path.clone();
            tokio::spawn(async move { open(&path).await })
        }));
        let stores: Vec<_> = opened.await.into_iter().map(|store| store.unwrap()).collect();
        for (number, jobs) in (0..).zip(&stores) {
            queue(jobs, number).await;
        }
        assert_eq!(stores[7].depth().await.unwrap().queued, 8);
        assert_sound(&stores[0]).await;
    });
}

#[test]
fn two_stores_give_each_job_to_one_caller() {
    run(async {
        let (_dir, path) = place();
        let stores = [open(&path).await, open(&path).await].map(Arc::new);
        for number in 0..200 {
            queue(&stores[number as usize % 2], number).await;
        }
        let workers = (0..8_u8).map(|worker| {
            let jobs = Arc::clone(&stores[usize::from(worker) % 2]);
            tokio::spawn(async move {
                let mut given = Vec::new();
                loop {
                    let claimed = jobs.claim(of::claim(worker, 2), of::second(500)).await.unwrap();
                    if claimed.is_empty() {
                        return given;
                    }
                    given.extend(claimed.into_iter().map(|one| one.job.id));
                }
            })
        });
        let mut given: Vec<_> =
            join_all(workers).await.into_iter().flat_map(|given| given.unwrap()).collect();
        assert_eq!(given.len(), 200);
        given.sort();
        given.dedup();
        assert_eq!(given.len(), 200, "a job was given twice");
        assert_sound(&stores[0]).await;
    });
}

#[test]
fn one_key_queues_once_over_two_stores() {
    run(async {
        let (_dir, path) = place();
        let stores = [open(&path).await, open(&path).await].map(Arc::new);
        let calls = (0..50_u32).map(|number| {
            let jobs = Arc::clone(&stores[number as usize % 2]);
            let insert = of::keyed_insert(number, &of::tenant("acme"), of::second(1).wall, "k", "body");
            tokio::spawn(async move { jobs.insert(insert, of::second(1)).await.unwrap() })
        });
        let results: Vec<_> = join_all(calls).await.into_iter().map(|result| result.unwrap()).collect();
        assert_eq!(results.iter().filter(|result| matches!(result, Inserted::New(_))).count(), 1);
        assert_eq!(stores[0].depth().await.unwrap().queued, 1);
        assert_sound(&stores[1]).await;
    });
}

#[test]
fn everything_is_there_after_a_restart() {
    run(async {
        let (_dir, path) = place();
        let jobs = open(&path).await;
        let acme = of::tenant("acme");
        for number in 0..12 {
            let now = of::second(u64::from(number));
            let key = format!("k{number}");
            jobs.insert(of::keyed_insert(number, &acme, now.wall, &key, "body"), now).await.unwrap();
        }
        let claimed = jobs.claim(of::claim(1, 3), of::second(20)).await.unwrap();
        jobs.record(&claimed[0].lease, of::complete(of::second(21).wall), of::second(21)).await.unwrap();
        jobs.cancel(&acme, claimed[1].job.id, "bob", of::second(22)).await.unwrap();
        let before = jobs.list(&acme, &JobFilter::default(), 100).await.unwrap();
        let last = jobs.last_event(&acme).await.unwrap();
        let other_handle = jobs.clone();
        jobs.close().await;
        let refused = other_handle.claim(of::claim(1, 1), of::second(23)).await.unwrap_err();
        assert_eq!(refused.kind, ErrorKind::Unavailable, "a closed store says so");
        assert_eq!(other_handle.depth().await.unwrap_err().kind, ErrorKind::Unavailable);

        let jobs = open(&path).await;
        assert_eq!(jobs.list(&acme, &JobFilter::default(), 100).await.unwrap(), before);
        assert_eq!(jobs.last_event(&acme).await.unwrap(), last);
        let insert = of::keyed_insert(99, &acme, of::second(30).wall, "k5", "body");
        assert!(matches!(jobs.insert(insert, of::second(30)).await.unwrap(), Inserted::Duplicate(_)));
        let ended = jobs.record(&claimed[2].lease, of::complete(of::second(31).wall), of::second(31)).await;
        assert_eq!(
            ended.unwrap().map(|job| job.status()),
            Some(Status::Completed),
            "leases outlive the store"
        );
        assert_sound(&jobs).await;
    });
}

#[test]
fn what_was_promised_is_there_after_a_kill() {
    let (_dir, path) = place();
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "child_that_queues_until_it_is_killed", "--ignored", "--nocapture"])
        .env(FILE, &path)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let promised = |line: std::io::Result<String>| line.unwrap().strip_prefix("queued ").map(str::to_owned);
    let mut ids: Vec<String> = lines.by_ref().filter_map(promised).take(300).collect();
    child.kill().unwrap();
    child.wait().unwrap();
    ids.extend(lines.filter_map(promised));
    assert!(ids.len() >= 300);
    run(async {
        let jobs = open(&path).await;
        for id in &ids {
            let job = jobs.get(&of::tenant("acme"), id.parse().unwrap()).await.unwrap();
            assert!(job.is_some(), "{id} was promised and is lost");
        }
        assert_sound(&jobs).await;
    });
}

#[test]
#[ignore = "the other half of what_was_promised_is_there_after_a_kill"]
fn child_that_queues_until_it_is_killed() {
    let Some(path) = std::env::var_os(FILE) else { return };
    run(async move {
        let limits = export_jobs_sqlite::JobLimits { max_queued_per_tenant: u32::MAX, ..Default::default() };
        let jobs = SqliteJobs::open(path.as_ref(), limits, Default::default()).await.unwrap();
        let callers = (0..16_u32).map(|caller| {
            let jobs = jobs.clone();
            tokio::spawn(async move {
                for number in 0..100_000 {
                    let now = of::second(u64::from(number));
                    let insert = of::insert(number * 16 + caller, &of::tenant("acme"), now.wall);
                    let id = insert.job.id;
                    jobs.insert(insert, now).await.unwrap();
                    // One write for the whole line, so that a kill cannot leave half of it.
                    std::io::stdout().write_all(format!("\nqueued {id}\n").as_bytes()).unwrap();
                }
            })
        });
        join_all(callers).await;
    });
}
