//! What somebody with the file can do to an audit trail, and where it is found.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use std::path::Path;

use export_contract::corpus::job as of;
use export_contract::{audit::all, run};
use export_core::audit::{AuditAction, AuditEntry, AuditEvent};
use export_core::error::ErrorKind;
use export_core::id::TenantId;
use export_core::ports::{AuditLedger as _, AuditLog as _, Checkpoint};
use export_jobs_sqlite::{SqliteJobs, TrailReport, verify_audit};
use export_seal::chain::{genesis, leaf, link};
use export_seal::merkle::Tree;
use export_seal::trail::{Broken, Head};
use sqlx::{AssertSqlSafe, Connection as _, SqliteConnection};
use tempfile::TempDir;

use self::support::{assert_sound, open, place};

/// More than one page.
const EVENTS: u64 = 1_203;

fn acme() -> TenantId {
    of::tenant("acme")
}

/// A file in which `acme` has [`EVENTS`] events and `globex` three, with its trail.
async fn noted() -> (TempDir, std::path::PathBuf, Vec<AuditEvent<'static>>) {
    let (dir, path) = place();
    let jobs = open(&path).await;
    note(&jobs, &acme(), EVENTS).await;
    note(&jobs, &of::tenant("globex"), 3).await;
    let events = all(&jobs, &acme()).await;
    jobs.close().await;
    (dir, path, events)
}

async fn note(jobs: &SqliteJobs, tenant: &TenantId, count: u64) {
    let notes = (1..=count).map(|number| {
        let entry = AuditEntry::new("ann", AuditAction::LinkIssued, format!("exp-{number}"));
        jobs.append(tenant, entry.with("artifact", "report.pdf"), of::second(number))
    });
    futures::future::try_join_all(notes).await.unwrap();
}

/// The head of the first `size` events.
fn head(events: &[AuditEvent<'_>], size: usize) -> Head {
    let leaves = events[..size].iter().map(|event| leaf(&event.hash));
    Head { size: size as u64, root: leaves.collect::<Tree>().root() }
}

/// A note that names its head.
fn note_of(head: Head) -> String {
    format!("signed\n{}\n{}\n", head.size, head.root)
}

/// Opens what [`note_of`] has written.
fn opened(_: &TenantId, note: &str) -> Option<Head> {
    let mut lines = note.strip_prefix("signed\n")?.lines();
    Some(Head { size: lines.next()?.parse().ok()?, root: lines.next()?.parse().ok()? })
}

/// Writes past the schema.
async fn attack(path: &Path, sql: &str) {
    let mut db = SqliteConnection::connect(&format!("sqlite://{}", path.display())).await.unwrap();
    let triggers = "SELECT name FROM sqlite_schema WHERE type = 'trigger' AND tbl_name LIKE 'audit%'";
    let triggers: Vec<String> = sqlx::query_scalar(triggers).fetch_all(&mut db).await.unwrap();
    for trigger in triggers {
        sqlx::raw_sql(AssertSqlSafe(format!("DROP TRIGGER {trigger}"))).execute(&mut db).await.unwrap();
    }
    sqlx::query("PRAGMA ignore_check_constraints = ON").execute(&mut db).await.unwrap();
    sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut db).await.unwrap();
    db.close().await.unwrap();
}

async fn report(path: &Path, anchors: &[Head]) -> TrailReport {
    let anchors: Vec<_> = anchors.iter().map(|head| (acme(), *head)).collect();
    let mut reports = verify_audit(path, Some(&acme()), &anchors, &opened).await.unwrap();
    assert_eq!(reports.len(), 1);
    reports.remove(0)
}

async fn broken(path: &Path, anchors: &[Head]) -> Option<Broken> {
    report(path, anchors).await.broken
}

#[test]
fn trails_that_are_whole_are_told_with_their_heads() {
    run(async {
        let (_dir, path, events) = noted().await;
        let jobs = open(&path).await;
        for (size, is_signed) in [(7, true), (500, false), (1_000, true)] {
            let head = head(&events, size);
            let note = if is_signed { note_of(head) } else { "not signed".to_owned() };
            let checkpoint = Checkpoint { size: head.size, root: head.root, at: of::second(1).wall, note };
            jobs.keep_checkpoint(&acme(), checkpoint).await.unwrap();
        }
        // The server is still there.
        let last = head(&events, 1_203);
        let anchors = [(acme(), last), (acme(), head(&events, 7)), (acme(), head(&events, 9))];
        let reports = verify_audit(&path, None, &anchors, &opened).await.unwrap();
        assert_eq!(reports.iter().map(|it| it.tenant.as_str()).collect::<Vec<_>>(), ["acme", "globex"]);
        let acme = &reports[0];
        assert_eq!((acme.broken, acme.signed, acme.unsigned), (None, 2, 1));
        assert_eq!((acme.checked.last, acme.checked.checkpoints), (EVENTS, 5));
        assert_eq!((acme.checked.root, acme.checked.hash), (Some(last.root), events[1_202].hash));
        assert_eq!((reports[1].checked.last, reports[1].broken), (3, None));
        assert_sound(&jobs).await;
        jobs.close().await;
    });
}

#[test]
fn what_is_changed_in_the_rows_is_found_at_its_place() {
    run(async {
        let swap = |column: &str| {
            let other = format!(
                "(SELECT {column} FROM audit AS it WHERE it.tenant = audit.tenant AND it.seq = 706 - audit.seq)"
            );
            format!("{column} = {other}")
        };
        let columns = ["at", "actor", "action", "target", "detail", "hash"].map(swap).join(", ");
        let swapped = format!("UPDATE audit SET {columns} WHERE tenant = 'acme' AND seq IN (6, 700)");
        for (sql, expected) in [
            ("DELETE FROM audit WHERE tenant = 'acme' AND seq = 601", Broken::Gap { seq: 601 }),
            ("DELETE FROM audit WHERE tenant = 'acme' AND seq = 1", Broken::Gap { seq: 1 }),
            ("UPDATE audit SET seq = -seq WHERE tenant = 'acme' AND seq = 9", Broken::Gap { seq: 1 }),
            (&*swapped, Broken::ChainBroken { seq: 6 }),
            ("UPDATE audit SET actor = 'eve' WHERE seq = 601", Broken::ChainBroken { seq: 601 }),
            ("UPDATE audit SET at = at + 1 WHERE seq = 601", Broken::ChainBroken { seq: 601 }),
            ("UPDATE audit SET target = '' WHERE seq = 1203", Broken::ChainBroken { seq: 1_203 }),
            ("UPDATE audit SET action = 'export.failed' WHERE seq = 601", Broken::ChainBroken { seq: 601 }),
            ("UPDATE audit SET action = 'nothing' WHERE seq = 601", Broken::ChainBroken { seq: 601 }),
            ("UPDATE audit SET detail = '{}' WHERE seq = 601", Broken::ChainBroken { seq: 601 }),
            (
                r#"UPDATE audit SET detail = '{"artifact":"x","artifact":"report.pdf"}' WHERE seq = 601"#,
                Broken::ChainBroken { seq: 601 },
            ),
            ("UPDATE audit SET hash = NULL WHERE seq = 601", Broken::ChainBroken { seq: 601 }),
            ("DELETE FROM audit_node WHERE idx = 600 AND level = 0", Broken::NodeMismatch { seq: 601 }),
            (
                "UPDATE audit_node SET hash = zeroblob(32) WHERE level = 10",
                Broken::NodeMismatch { seq: 1_024 },
            ),
            (
                "INSERT INTO audit_node VALUES ('acme', 60, 5, zeroblob(32))",
                Broken::NodeMismatch { seq: 1_203 },
            ),
            ("DELETE FROM audit WHERE seq > 600", Broken::Truncated { seq: 601, size: EVENTS }),
        ] {
            let (_dir, path, _) = noted().await;
            attack(&path, sql).await;
            assert_eq!(broken(&path, &[]).await, Some(expected), "{sql}");
            let jobs = open(&path).await;
            let problems = jobs.fsck().await.unwrap();
            let words = format!("acme: its trail: {expected}");
            assert!(problems.contains(&words), "{sql}: {problems:?}");
        }
    });
}

#[test]
fn a_tail_that_is_cut_off_with_its_nodes_is_found_by_a_checkpoint_from_elsewhere() {
    run(async {
        let (_dir, path, events) = noted().await;
        attack(
            &path,
            "DELETE FROM audit WHERE seq > 700;
             DELETE FROM audit_node WHERE tenant = 'acme' AND (idx + 1) << level > 700",
        )
        .await;
        assert_eq!(broken(&path, &[]).await, None, "nothing in the file tells");
        assert_eq!(broken(&path, &[head(&events, 650)]).await, None, "it covers none of what is gone");
        let found = broken(&path, &[head(&events, 650), head(&events, 1_100)]).await;
        assert_eq!(found, Some(Broken::Truncated { seq: 701, size: 1_100 }));
        attack(
            &path,
            "DELETE FROM audit WHERE tenant = 'globex'; DELETE FROM audit_node WHERE tenant = 'globex'",
        )
        .await;
        let anchors = [(of::tenant("globex"), Head { size: 3, ..head(&events, 1) })];
        let reports = verify_audit(&path, None, &anchors, &opened).await.unwrap();
        assert_eq!(
            reports[1].broken,
            Some(Broken::Truncated { seq: 1, size: 3 }),
            "of a trail without a row"
        );
    });
}

/// Writes the trail anew from the event `from` on, as if `eve` had never been there.
async fn rewrite(path: &Path, events: &[AuditEvent<'static>], from: u64) -> Vec<AuditEvent<'static>> {
    let (mut forged, mut before, mut tree) = (events.to_vec(), genesis(), Tree::default());
    let mut sql = "BEGIN; DELETE FROM audit_node WHERE tenant = 'acme';".to_owned();
    for event in &mut forged {
        if event.seq == from {
            event.entry.actor = "nobody".into();
        }
        event.hash = link(&before, &acme(), event.seq, event.at, &event.entry);
        before = event.hash;
        tree.push(leaf(&event.hash));
        let (actor, hash) = (&*event.entry.actor, event.hash);
        sql += &format!(
            "UPDATE audit SET actor = '{actor}', hash = x'{hash}' WHERE tenant = 'acme' AND seq = {};",
            event.seq
        );
    }
    for level in 0..11_u8 {
        for index in 0..EVENTS >> level {
            let hash = tree.node(export_core::ports::NodeId { level, index }).unwrap();
            sql += &format!("INSERT INTO audit_node VALUES ('acme', {level}, {index}, x'{hash}');");
        }
    }
    attack(path, &(sql + "COMMIT")).await;
    forged
}

#[test]
fn a_trail_that_is_written_anew_is_found_by_a_checkpoint_from_elsewhere() {
    run(async {
        let (_dir, path, events) = noted().await;
        let forged = rewrite(&path, &events, 601).await;
        let told = report(&path, &[]).await;
        assert_eq!(told.broken, None, "nothing in the file tells");
        assert_eq!(told.checked.root, Some(head(&forged, 1_203).root));
        assert_eq!(broken(&path, &[head(&events, 600)]).await, None, "it covers none of what was changed");
        let found = broken(&path, &[head(&events, 1_000), head(&events, 600), head(&events, 800)]).await;
        assert_eq!(found, Some(Broken::RootMismatch { seq: 800, sound: 600 }));
    });
}

#[test]
fn a_checkpoint_counts_as_it_was_signed() {
    run(async {
        let (_dir, path, events) = noted().await;
        let jobs = open(&path).await;
        let head = |events: &[AuditEvent<'_>]| head(events, 800);
        let signed = head(&events);
        let at = of::second(1).wall;
        let kept = Checkpoint { size: 800, root: signed.root, at, note: note_of(signed) };
        jobs.keep_checkpoint(&acme(), kept).await.unwrap();
        jobs.close().await;
        let forged = head(&rewrite(&path, &events, 601).await);
        let mismatch = Some(Broken::RootMismatch { seq: 800, sound: 0 });
        assert_eq!(broken(&path, &[]).await, mismatch, "one in the file is enough, if it is left there");
        attack(&path, &format!("UPDATE audit_checkpoint SET root = x'{}'", forged.root)).await;
        assert_eq!(broken(&path, &[]).await.map(Broken::seq), Some(800), "its note says another root");
        attack(&path, "UPDATE audit_checkpoint SET note = 'not signed'").await;
        let told = report(&path, &[]).await;
        assert_eq!((told.broken, told.signed, told.unsigned), (None, 0, 1), "nobody has signed that");
        assert_eq!(broken(&path, &[signed]).await.map(Broken::code), Some("root_mismatch"));
    });
}

#[test]
fn a_copy_is_checked_and_stays_as_it_is() {
    run(async {
        let (dir, path, _) = noted().await;
        let copy = dir.path().join("copy.db");
        std::fs::copy(&path, &copy).unwrap();
        let before = std::fs::read(&copy).unwrap();
        let told = report(&copy, &[]).await;
        assert_eq!((told.broken, told.checked.last), (None, EVENTS));
        assert_eq!(std::fs::read(&copy).unwrap(), before);
        let missing = verify_audit(&dir.path().join("none.db"), None, &[], &opened).await.unwrap_err();
        assert_eq!(missing.kind, ErrorKind::Unavailable, "{missing}");
        std::fs::write(&copy, "this is no database, and long enough to be looked at ".repeat(100)).unwrap();
        let error = verify_audit(&copy, None, &[], &opened).await.unwrap_err();
        assert_eq!(error.kind, ErrorKind::Corrupt, "{error}");
    });
}
