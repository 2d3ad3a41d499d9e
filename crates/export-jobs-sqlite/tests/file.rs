//! What the schema refuses, what `fsck` finds, and what is swept.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use std::path::Path;
use std::time::Duration;

use export_contract::corpus::job as of;
use export_contract::run;
use export_core::code::Code;
use export_core::error::ErrorKind;
use export_core::export::EventKind;
use export_core::ports::{
    AuditLedger as _, Checkpoint, EventFilter, Inserted, JobReader as _, JobStore as _,
};
use export_core::time::Now;
use export_jobs_sqlite::SqliteJobs;
use export_seal::merkle::empty_root;
use sqlx::{AssertSqlSafe, Connection as _, SqliteConnection};

use self::support::{assert_sound, open, place};

const DAY: u64 = 24 * 60 * 60;

/// One job of each status, each with progress told where it was worked on.
async fn one_of_each(jobs: &SqliteJobs) {
    let acme = of::tenant("acme");
    for number in 0..4 {
        let now = of::second(u64::from(number));
        let key = format!("k{number}");
        jobs.insert(of::keyed_insert(number, &acme, now.wall, &key, "body"), now).await.unwrap();
    }
    let claimed = jobs.claim(of::claim(1, 3), of::second(10)).await.unwrap();
    for one in &claimed {
        jobs.renew(&one.lease, of::LEASE, of::progress(1), of::second(11)).await.unwrap();
    }
    jobs.record(&claimed[0].lease, of::complete(of::second(12).wall), of::second(12)).await.unwrap();
    jobs.record(&claimed[1].lease, of::fail(Code::TemplateError), of::second(12)).await.unwrap();
}

/// Writes to the file as somebody else.
async fn meddle(path: &Path, sql: &str) -> Result<(), sqlx::Error> {
    let url = format!("sqlite://{}", path.display());
    let mut connection = SqliteConnection::connect(&url).await?;
    sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut connection).await.map(drop)
}

#[test]
fn the_schema_refuses_what_cannot_be() {
    run(async {
        let (_dir, path) = place();
        let jobs = open(&path).await;
        one_of_each(&jobs).await;
        for (sql, reason) in [
            ("UPDATE job SET created_at = 0 WHERE status = 'completed'", "a completed job does not change"),
            (
                "UPDATE job SET fence = 0, doc = json_set(doc, '$.fence', 0) WHERE status = 'processing'",
                "a fence",
            ),
            ("UPDATE job SET status = 'done' WHERE status = 'queued'", "CHECK"),
            ("UPDATE job SET status = 'processing' WHERE status = 'queued'", "CHECK"),
            ("UPDATE job SET worker = NULL WHERE status = 'processing'", "CHECK"),
            ("UPDATE job SET worker = 'w' WHERE status = 'queued'", "CHECK"),
            ("UPDATE job SET lease_until = NULL WHERE status = 'processing'", "CHECK"),
            ("UPDATE job SET ended_at = NULL WHERE status = 'failed'", "CHECK"),
            ("UPDATE job SET fence = fence + 1 WHERE status = 'processing'", "CHECK"),
            ("UPDATE job SET doc = '{}' WHERE status = 'queued'", "CHECK"),
            ("UPDATE tenant_queue SET running = -1", "CHECK"),
            ("DELETE FROM job WHERE status = 'queued'", "FOREIGN KEY"),
            ("UPDATE job SET created_at = 'yesterday' WHERE status = 'queued'", "cannot store TEXT"),
        ] {
            let refused = meddle(&path, sql).await.expect_err(sql).to_string();
            assert!(refused.contains(reason), "{sql}: {refused}");
        }
        assert_sound(&jobs).await;
    });
}

#[test]
fn the_schema_refuses_what_changes_the_trail() {
    run(async {
        let (_dir, path) = place();
        let jobs = open(&path).await;
        one_of_each(&jobs).await;
        let nothing = Checkpoint { size: 0, root: empty_root(), at: of::second(1).wall, note: String::new() };
        jobs.keep_checkpoint(&of::tenant("acme"), nothing).await.unwrap();
        for (sql, reason) in [
            ("UPDATE audit SET actor = 'nobody' WHERE seq = 1", "does not change"),
            ("UPDATE audit SET seq = seq + 100", "does not change"),
            ("DELETE FROM audit WHERE seq = 3", "is not removed"),
            (
                "INSERT INTO audit SELECT tenant, 99, at, actor, action, target, detail, hash FROM audit WHERE seq = 1",
                "comes next",
            ),
            (
                "INSERT OR REPLACE INTO audit SELECT tenant, seq, at, 'nobody', action, target, detail, hash FROM audit WHERE seq = 1",
                "comes next",
            ),
            (
                "INSERT INTO audit SELECT 'new', 1, at, actor, action, target, '[]', hash FROM audit WHERE seq = 1",
                "CHECK",
            ),
            (
                "INSERT INTO audit SELECT 'new', 1, at, actor, action, target, detail, NULL FROM audit WHERE seq = 1",
                "has a hash",
            ),
            (
                "INSERT INTO audit SELECT 'new', 1, at, actor, action, target, detail, x'00' FROM audit WHERE seq = 1",
                "has a hash",
            ),
            ("UPDATE audit SET hash = NULL WHERE seq = 1", "does not change"),
            ("UPDATE audit SET hash = zeroblob(32) WHERE seq = 1", "does not change"),
            ("UPDATE audit_node SET hash = zeroblob(32)", "does not change"),
            ("DELETE FROM audit_node WHERE level = 1", "is not removed"),
            ("INSERT OR REPLACE INTO audit_node VALUES ('acme', 0, 0, zeroblob(32))", "does not change"),
            ("INSERT INTO audit_node VALUES ('acme', 9, 9, x'00')", "CHECK"),
            ("UPDATE audit_checkpoint SET note = ''", "does not change"),
            ("DELETE FROM audit_checkpoint", "is not removed"),
            (
                "INSERT OR REPLACE INTO audit_checkpoint VALUES ('acme', 0, zeroblob(32), 0, '')",
                "does not change",
            ),
        ] {
            let refused = meddle(&path, sql).await.expect_err(sql).to_string();
            assert!(refused.contains(reason), "{sql}: {refused}");
        }
        assert_sound(&jobs).await;
    });
}

#[test]
fn fsck_finds_what_the_schema_cannot_refuse() {
    run(async {
        for (sql, words) in [
            ("UPDATE tenant_queue SET queued = queued + 1", "is counted as"),
            ("UPDATE job SET not_before = not_before + 1 WHERE status = 'queued'", "its columns"),
            ("UPDATE job SET lease_until = 1 WHERE status = 'processing'", "its columns"),
            ("UPDATE job SET worker = 'somebody' WHERE status = 'processing'", "its columns"),
            ("UPDATE job SET type = 'sbom' WHERE status = 'queued'", "its columns"),
            ("UPDATE job SET doc = json_remove(doc, '$.request') WHERE status = 'queued'", "missing field"),
            ("DELETE FROM event WHERE kind = 'export.started'", "was told behind"),
            ("DELETE FROM event WHERE kind = 'export.completed'", "was told last"),
            (
                "INSERT INTO event SELECT NULL, tenant, export_id, kind, at, body FROM event WHERE kind = 'export.failed'",
                "was told behind",
            ),
            ("DELETE FROM event", "no known kind"),
            ("DROP TRIGGER audit_is_not_removed; DELETE FROM audit WHERE seq = 2", "its trail: event 2 "),
            ("DROP TRIGGER audit_node_is_not_changed; UPDATE audit_node SET hash = zeroblob(32)", "its trail: a node"),
            ("INSERT INTO audit_checkpoint VALUES ('acme', 2, zeroblob(32), 0, '')", "its trail: the checkpoint of 2"),
            (
                "INSERT INTO template VALUES ('acme', 'custom-acme', 1);
                 INSERT INTO template_version VALUES ('acme', 'custom-acme', 2, zeroblob(32), '', '', 0, 'ann')",
                "newer than 1",
            ),
            (
                "PRAGMA foreign_keys = OFF; DELETE FROM event; DELETE FROM job WHERE status = 'queued'",
                "not there",
            ),
        ] {
            let (_dir, path) = place();
            let jobs = open(&path).await;
            one_of_each(&jobs).await;
            assert_sound(&jobs).await;
            meddle(&path, sql).await.unwrap();
            let problems = jobs.fsck().await.unwrap();
            assert!(problems.iter().any(|problem| problem.contains(words)), "{sql}: {problems:?}");
        }
    });
}

#[test]
fn a_document_that_cannot_be_read_is_told_as_corrupt() {
    run(async {
        let (_dir, path) = place();
        let jobs = open(&path).await;
        one_of_each(&jobs).await;
        meddle(&path, "UPDATE job SET doc = json_remove(doc, '$.request') WHERE status = 'queued'")
            .await
            .unwrap();
        let error = jobs.claim(of::claim(1, 1), of::second(20)).await.unwrap_err();
        assert_eq!(error.kind, ErrorKind::Corrupt, "{error}");
    });
}

#[test]
fn a_file_that_is_no_database_is_told_as_corrupt() {
    run(async {
        let (_dir, path) = place();
        std::fs::write(&path, "this is no database, and long enough to be looked at ".repeat(100)).unwrap();
        let error =
            SqliteJobs::open(&path, Default::default(), Default::default()).await.map(drop).unwrap_err();
        assert_eq!(error.kind, ErrorKind::Corrupt, "{error}");
    });
}

async fn kinds_told(jobs: &SqliteJobs) -> Vec<EventKind> {
    let acme = of::tenant("acme");
    let events =
        jobs.events(EventFilter { tenant: &acme, export: None, after: 0, limit: 100 }).await.unwrap();
    events.iter().map(|event| event.event).collect()
}

#[test]
fn keys_and_progress_are_swept_a_day_after_the_end_and_nothing_else() {
    run(async {
        let (_dir, path) = place();
        let jobs = open(&path).await;
        one_of_each(&jobs).await;
        let last = jobs.last_event(&of::tenant("acme")).await.unwrap();
        let progress =
            |kinds: &[EventKind]| kinds.iter().filter(|kind| **kind == EventKind::Progress).count();
        let before = kinds_told(&jobs).await;
        assert_eq!(progress(&before), 3);
        let is_known = async |number: u32, now: Now| {
            let insert =
                of::keyed_insert(100 + number, &of::tenant("acme"), now.wall, &format!("k{number}"), "other");
            matches!(jobs.insert(insert, now).await.unwrap(), Inserted::KeyReused)
        };

        // Just less than a day behind the end of the first two, everything is there.
        let early = Now { tick: of::second(11).tick, ..of::second(12 + DAY) };
        jobs.requeue_expired(early).await.unwrap();
        assert_eq!(kinds_told(&jobs).await, before);
        assert!(is_known(0, early).await && is_known(1, early).await);

        let late = Now { wall: early.wall.plus(Duration::from_millis(1)), ..early };
        jobs.requeue_expired(late).await.unwrap();
        let after = kinds_told(&jobs).await;
        assert_eq!(progress(&after), 1, "the export that is processing keeps its progress");
        assert_eq!(after.len(), before.len() - 2, "nothing but progress is swept");
        assert_eq!(jobs.last_event(&of::tenant("acme")).await.unwrap(), last);
        assert!(!is_known(0, late).await && !is_known(1, late).await);
        assert!(is_known(2, late).await && is_known(3, late).await, "their exports have not ended");
        assert_sound(&jobs).await;
    });
}
