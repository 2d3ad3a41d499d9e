//! The audit trail as a log: several processes append to one, and files from before get theirs.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use std::path::Path;
use std::process::Command;

use export_contract::corpus::job as of;
use export_contract::{audit::all, run};
use export_core::audit::{AuditAction, AuditEntry};
use export_core::id::TenantId;
use export_core::ports::{AuditLedger as _, AuditLog as _};
use export_jobs_sqlite::{SqliteJobs, verify_audit};
use export_seal::trail::TrailCheck;
use futures::future::join_all;
use sqlx::{Connection as _, SqliteConnection};

use self::support::{assert_sound, open, place};

const FILE: &str = "EXPORT_TEST_LOG_FILE";
/// Of each process.
const WRITERS: u64 = 4;
/// Of each writer.
const APPENDS: u64 = 1_000;

fn acme() -> TenantId {
    of::tenant("acme")
}

async fn append(jobs: &SqliteJobs, process: &'static str) {
    let writers = (0..WRITERS).map(|writer| {
        let jobs = jobs.clone();
        tokio::spawn(async move {
            for number in 0..APPENDS {
                let target = format!("{process}-{writer}-{number}");
                let entry = AuditEntry::new("ann", AuditAction::LinkIssued, target);
                jobs.append(&acme(), entry, of::second(number)).await.unwrap();
            }
        })
    });
    join_all(writers).await.into_iter().for_each(|writer| writer.unwrap());
}

#[test]
fn two_processes_append_to_one_chain() {
    let (_dir, path) = place();
    run(async {
        let jobs = open(&path).await;
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "child_that_appends", "--ignored"])
            .env(FILE, &path)
            .stdout(std::process::Stdio::null())
            .spawn()
            .unwrap();
        append(&jobs, "parent").await;
        assert!(child.wait().unwrap().success());
        let events = all(&jobs, &acme()).await;
        assert_eq!(events.len() as u64, 2 * WRITERS * APPENDS);
        for process in ["parent", "child"] {
            for writer in 0..WRITERS {
                let own = format!("{process}-{writer}-");
                let own = events.iter().filter_map(|event| event.entry.target.strip_prefix(&own));
                let numbers: Vec<u64> = own.map(|number| number.parse().unwrap()).collect();
                assert_eq!(numbers, (0..APPENDS).collect::<Vec<_>>(), "{process} {writer}");
            }
        }
        let reports = verify_audit(&path, None, &[], &|_, _| None).await.unwrap();
        assert_eq!((reports[0].checked.last, reports[0].broken), (2 * WRITERS * APPENDS, None));
        jobs.close().await;
    });
}

#[test]
#[ignore = "the other half of two_processes_append_to_one_chain"]
fn child_that_appends() {
    let Some(path) = std::env::var_os(FILE) else { return };
    run(async move {
        let jobs = open(path.as_ref()).await;
        append(&jobs, "child").await;
        jobs.close().await;
    });
}

/// A file of the version before there was a chain, with so many events of each tenant.
async fn old_file(path: &Path, trails: &[(&str, i64)]) {
    let url = format!("sqlite://{}?mode=rwc", path.display());
    let mut db = SqliteConnection::connect(&url).await.unwrap();
    sqlx::migrate!().run_to(3, &mut db).await.unwrap();
    for (tenant, count) in trails {
        let sql = "WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < ?2)
             INSERT INTO audit (tenant, seq, at, actor, action, target, detail)
             SELECT ?1, n, n * 1000, 'ann', 'link.issued', 'exp-' || n, '{\"artifact\":\"report.pdf\"}' FROM n";
        sqlx::query(sql).bind(tenant).bind(count).execute(&mut db).await.unwrap();
    }
    db.close().await.unwrap();
}

#[test]
fn a_file_from_before_gets_its_chain_whoever_opens_it() {
    run(async {
        let (_dir, path) = place();
        old_file(&path, &[("acme", 1_203), ("globex", 1)]).await;
        let opened = join_all((0..4).map(|_| {
            let path = path.clone();
            tokio::spawn(async move { open(&path).await })
        }));
        let stores: Vec<_> = opened.await.into_iter().map(|store| store.unwrap()).collect();
        for jobs in &stores {
            let entry = AuditEntry::new("bob", AuditAction::LinkIssued, "exp-new");
            jobs.append(&acme(), entry, of::second(9)).await.unwrap();
        }
        let jobs = &stores[0];
        assert_eq!(jobs.size(&acme()).await.unwrap(), 1_207);
        let mut check = TrailCheck::new(acme());
        for event in all(jobs, &acme()).await {
            check.event(event.seq, event.at, &event.entry, &event.hash).unwrap();
        }
        assert_eq!(jobs.unsigned().await.unwrap().len(), 2);
        assert_sound(jobs).await;
    });
}

#[test]
fn a_trail_that_has_lost_hashes_is_not_mended() {
    run(async {
        let (_dir, path) = place();
        let jobs = open(&path).await;
        for number in 0..5 {
            let entry = AuditEntry::new("bob", AuditAction::LinkIssued, "exp-new");
            jobs.append(&acme(), entry, of::second(number)).await.unwrap();
        }
        jobs.close().await;
        let mut db = SqliteConnection::connect(&format!("sqlite://{}", path.display())).await.unwrap();
        let sql =
            "DROP TRIGGER audit_is_not_changed; UPDATE audit SET actor = 'eve', hash = NULL WHERE seq >= 4";
        sqlx::raw_sql(sql).execute(&mut db).await.unwrap();
        let jobs = open(&path).await;
        let problems = jobs.fsck().await.unwrap();
        assert!(problems[0].contains("its trail: event 4 "), "{problems:?}");
        let entry = AuditEntry::new("bob", AuditAction::LinkIssued, "exp-new");
        let refused = jobs.append(&acme(), entry, of::second(9)).await.unwrap_err();
        assert_eq!(refused.kind, export_core::error::ErrorKind::Corrupt, "{refused}");
    });
}
