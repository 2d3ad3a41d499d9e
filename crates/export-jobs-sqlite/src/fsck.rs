//! What must be true of the file at any time.

use std::collections::BTreeMap;

use export_core::error::PortError;
use export_core::export::{EventKind, Status};
use export_core::job::Job;
use futures::TryStreamExt as _;
use sqlx::sqlite::SqliteRow;
use sqlx::{Row as _, SqliteConnection};

use crate::error::while_doing;
use crate::row::{self, StateColumns};
use crate::store::SqliteJobs;
use crate::verify::{tenants, verify_trail};

const NAME: &str = "job store: fsck";

impl SqliteJobs {
    /// Everything in the file that contradicts itself, in words; empty if all is well. Reads the whole file, in one
    /// transaction, so that it may run beside writers.
    ///
    /// * SQLite finds its own structures and all references whole.
    /// * A tenant's counters are the numbers of its jobs.
    /// * A job's columns are those of its document: `processing` if and only if there is a lease.
    /// * A job's events are a way through its states that ends where it stands: one end between two beginnings.
    /// * A tenant's trail is whole: its chain, its tree, and the checkpoints that are kept of it.
    /// * No version of a template is newer than the last one that was given.
    ///
    /// # Errors
    /// `Unavailable` if the file cannot be read.
    pub async fn fsck(&self) -> Result<Vec<String>, PortError> {
        let mut db = self.readers.begin().await.map_err(while_doing(NAME))?;
        let mut problems = Vec::new();
        structures(&mut db, &mut problems).await?;
        documents(&mut db, &mut problems).await?;
        events(&mut db, &mut problems).await?;
        trails(&mut db, &mut problems).await?;
        templates(&mut db, &mut problems).await?;
        Ok(problems)
    }
}

async fn structures(db: &mut SqliteConnection, problems: &mut Vec<String>) -> Result<(), PortError> {
    let lines: Vec<String> =
        sqlx::query_scalar("PRAGMA integrity_check").fetch_all(&mut *db).await.map_err(while_doing(NAME))?;
    problems.extend(lines.into_iter().filter(|line| line != "ok"));
    let references: i64 = sqlx::query_scalar("SELECT count(*) FROM pragma_foreign_key_check")
        .fetch_one(&mut *db)
        .await
        .map_err(while_doing(NAME))?;
    if references > 0 {
        problems.push(format!("{references} rows name something that is not there"));
    }
    Ok(())
}

async fn documents(db: &mut SqliteConnection, problems: &mut Vec<String>) -> Result<(), PortError> {
    let mut counts: BTreeMap<String, (i64, i64)> = BTreeMap::new();
    let mut rows = sqlx::query("SELECT * FROM job").fetch(&mut *db);
    while let Some(found) = rows.try_next().await.map_err(while_doing(NAME))? {
        let row = Row::of(&found).map_err(while_doing(NAME))?;
        let job = match row::parse(&row.document) {
            Ok(job) => job,
            Err(error) => {
                problems.push(format!("{}: {error}", row.id));
                continue;
            }
        };
        let (queued, running) = counts.entry(row.tenant.clone()).or_default();
        *queued += i64::from(job.status() == Status::Queued);
        *running += i64::from(job.status() == Status::Processing);
        problems.extend(row.contradicts(&job));
    }
    drop(rows);
    counters(db, &counts, problems).await
}

/// A row of `job`.
struct Row {
    id: String,
    tenant: String,
    fixed: (String, String, i64),
    status: String,
    state: StateColumns,
    document: String,
}

impl Row {
    fn of(row: &SqliteRow) -> Result<Self, sqlx::Error> {
        Ok(Self {
            id: row.try_get("id")?,
            tenant: row.try_get("tenant")?,
            fixed: (row.try_get("type")?, row.try_get("format")?, row.try_get("created_at")?),
            status: row.try_get("status")?,
            state: StateColumns {
                not_before: row.try_get("not_before")?,
                worker: row.try_get("worker")?,
                lease_boot: row.try_get("lease_boot")?,
                lease_until: row.try_get("lease_until")?,
                ended_at: row.try_get("ended_at")?,
                duration: row.try_get("duration")?,
            },
            document: row.try_get("doc")?,
        })
    }

    /// CHECKs compare what is missing here: id, tenant, status and fence.
    fn contradicts(&self, job: &Job) -> Option<String> {
        let request = &job.request;
        let fixed = (request.kind.to_string(), request.format.to_string(), job.created_at.as_millis());
        let agrees = self.fixed == fixed
            && self.status == job.status().as_str()
            && self.state == StateColumns::of(job);
        (!agrees).then(|| {
            format!("{}: its columns are {:?}, its document says {:?}", self.id, self.state, job.state)
        })
    }
}

async fn counters(
    db: &mut SqliteConnection,
    counts: &BTreeMap<String, (i64, i64)>,
    problems: &mut Vec<String>,
) -> Result<(), PortError> {
    let rows: Vec<(String, i64, i64)> = sqlx::query_as("SELECT tenant, queued, running FROM tenant_queue")
        .fetch_all(&mut *db)
        .await
        .map_err(while_doing(NAME))?;
    for (tenant, queued, running) in rows {
        let counted = counts.get(&tenant).copied().unwrap_or_default();
        if counted != (queued, running) {
            problems.push(format!(
                "{tenant}: (queued, running) is counted as {:?}, and is {counted:?}",
                (queued, running)
            ));
        }
    }
    Ok(())
}

async fn events(db: &mut SqliteConnection, problems: &mut Vec<String>) -> Result<(), PortError> {
    let mut rows = sqlx::query_as::<_, (String, String, Option<String>)>(
        "SELECT job.id, job.status, event.kind FROM job LEFT JOIN event ON event.export_id = job.id
         ORDER BY job.id, event.seq",
    )
    .fetch(&mut *db);
    let mut way: Option<Way> = None;
    while let Some((id, status, kind)) = rows.try_next().await.map_err(while_doing(NAME))? {
        if way.as_ref().is_none_or(|way| way.id != id) {
            problems.extend(way.take().and_then(Way::end));
        }
        let way = way.get_or_insert(Way { id, status, last: None });
        problems.extend(way.step(kind.as_deref()));
    }
    problems.extend(way.and_then(Way::end));
    Ok(())
}

async fn trails(db: &mut SqliteConnection, problems: &mut Vec<String>) -> Result<(), PortError> {
    for tenant in tenants(db).await? {
        // Who has signed what is not in the file; the roots alone are compared.
        let report = verify_trail(db, tenant, Vec::new(), &|_, _| None).await?;
        problems.extend(report.broken.map(|broken| format!("{}: its trail: {broken}", report.tenant)));
    }
    Ok(())
}

async fn templates(db: &mut SqliteConnection, problems: &mut Vec<String>) -> Result<(), PortError> {
    let found = sqlx::query_scalar::<_, String>(
        "SELECT template.name || ': it has a version newer than ' || template.version
         FROM template JOIN template_version AS kept ON kept.tenant = template.tenant AND kept.name = template.name
         GROUP BY template.tenant, template.name HAVING max(kept.version) > template.version",
    );
    problems.extend(found.fetch_all(&mut *db).await.map_err(while_doing(NAME))?);
    Ok(())
}

/// The way of one job through its states, as its events tell it.
struct Way {
    id: String,
    status: String,
    last: Option<EventKind>,
}

impl Way {
    fn step(&mut self, kind: Option<&str>) -> Option<String> {
        use EventKind::{Completed, Failed, Progress, Queued, Started};
        let kind = EventKind::ALL.into_iter().find(|known| Some(known.as_str()) == kind);
        let Some(next) = kind else {
            return Some(format!("{}: an event of no known kind, or none", self.id));
        };
        let before = self.last.replace(next);
        let is_way = match (before, next) {
            (None | Some(Failed), Queued)
            | (Some(Queued), Started | Failed)
            | (Some(Started | Progress), Queued | Progress | Completed | Failed) => true,
            (None | Some(Queued | Started | Progress | Completed | Failed), _) => false,
        };
        (!is_way).then(|| format!("{}: {next:?} was told behind {before:?}", self.id))
    }

    fn end(self) -> Option<String> {
        let told = match self.last? {
            EventKind::Queued => Status::Queued,
            EventKind::Started | EventKind::Progress => Status::Processing,
            EventKind::Completed => Status::Completed,
            EventKind::Failed => Status::Failed,
        };
        let differs = told.as_str() != self.status;
        differs.then(|| format!("{}: it is {}, and {told} was told last", self.id, self.status))
    }
}
