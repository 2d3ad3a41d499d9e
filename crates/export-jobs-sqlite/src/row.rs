//! Jobs and events as rows.

use export_core::error::{ErrorKind, PortError};
use export_core::export::{EventKind, Status};
use export_core::id::{ExportId, TenantId, base32};
use export_core::job::{Job, JobState, Lease};
use export_core::time::Now;
use sqlx::SqliteConnection;
use sqlx::types::Text;

use crate::error::while_doing;
use crate::writer::Tx;

const READ: &str = "job store: read a job";
const WRITE: &str = "job store: write a job";

/// The columns of a job's state, which its document has too.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct StateColumns {
    pub(crate) not_before: Option<i64>,
    pub(crate) worker: Option<String>,
    pub(crate) lease_boot: Option<String>,
    pub(crate) lease_until: Option<i64>,
    pub(crate) ended_at: Option<i64>,
    pub(crate) duration: Option<i64>,
}

impl StateColumns {
    pub(crate) fn of(job: &Job) -> Self {
        match &job.state {
            JobState::Queued { not_before, .. } => {
                Self { not_before: Some(not_before.as_millis()), ..Self::default() }
            }
            JobState::Processing { lease } => Self {
                worker: Some(lease.worker.to_string()),
                lease_boot: Some(base32(lease.until.boot)),
                lease_until: Some(saturating(lease.until.millis)),
                ..Self::default()
            },
            JobState::Completed { outcome } => {
                let ended_at = outcome.completed_at.as_millis();
                let duration = ended_at.saturating_sub(job.created_at.as_millis()).max(0);
                Self { ended_at: Some(ended_at), duration: Some(duration), ..Self::default() }
            }
            JobState::Failed { at, .. } => Self { ended_at: Some(at.as_millis()), ..Self::default() },
        }
    }
}

/// A number as SQLite holds it. Fences and ticks never come near the end of its range.
pub(crate) fn saturating(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// Reads a job's document.
pub(crate) fn parse(document: &str) -> Result<Job, PortError> {
    serde_json::from_str(document)
        .map_err(|error| PortError::new(ErrorKind::Corrupt, READ, error.to_string()).because(error))
}

/// The job with this id.
pub(crate) async fn load(db: &mut SqliteConnection, id: ExportId) -> Result<Option<Job>, PortError> {
    let query = sqlx::query_scalar::<_, String>("SELECT doc FROM job WHERE id = ?1").bind(Text(id));
    let document = query.fetch_optional(db).await.map_err(while_doing(READ))?;
    document.as_deref().map(parse).transpose()
}

/// The tenant's job with this id.
pub(crate) async fn load_of(
    db: &mut SqliteConnection,
    tenant: &TenantId,
    id: ExportId,
) -> Result<Option<Job>, PortError> {
    Ok(load(db, id).await?.filter(|job| job.tenant == *tenant))
}

/// Writes a job that is new.
pub(crate) async fn insert(tx: &mut Tx<'_>, job: &Job, now: Now) -> Result<(), PortError> {
    count(tx, job, None).await?;
    let state = StateColumns::of(job);
    sqlx::query(
        "INSERT INTO job (id, tenant, type, format, status, created_at, not_before, fence, doc)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
    )
    .bind(Text(job.id))
    .bind(job.tenant.as_str())
    .bind(job.request.kind.as_str())
    .bind(job.request.format.as_str())
    .bind(job.status().as_str())
    .bind(job.created_at.as_millis())
    .bind(state.not_before)
    .bind(saturating(job.fence))
    .bind(document(job)?)
    .execute(&mut *tx.db)
    .await
    .map_err(while_doing(WRITE))?;
    tell(tx, job, EventKind::Queued, now).await
}

/// A job that has changed.
pub(crate) struct Change<'a> {
    /// Where it stood.
    pub(crate) before: Status,
    /// The job now.
    pub(crate) job: &'a Job,
    /// What is told of it.
    pub(crate) told: Option<EventKind>,
}

/// Writes a change with its event. With a lease, only if the job is `processing` under it: false if it is not. A job
/// that is not `processing` has no worker; a CHECK of the schema sees to that.
pub(crate) async fn update(
    tx: &mut Tx<'_>,
    change: &Change<'_>,
    lease: Option<&Lease>,
    now: Now,
) -> Result<bool, PortError> {
    let job = change.job;
    let state = StateColumns::of(job);
    let written = sqlx::query(
        "UPDATE job SET status = ?2, not_before = ?3, fence = ?4, worker = ?5, lease_boot = ?6, lease_until = ?7,
                        ended_at = ?8, duration = ?9, doc = ?10
         WHERE id = ?1 AND (?11 IS NULL OR (worker = ?11 AND fence = ?12))",
    )
    .bind(Text(job.id))
    .bind(job.status().as_str())
    .bind(state.not_before)
    .bind(saturating(job.fence))
    .bind(state.worker)
    .bind(state.lease_boot)
    .bind(state.lease_until)
    .bind(state.ended_at)
    .bind(state.duration)
    .bind(document(job)?)
    .bind(lease.map(|lease| lease.worker.to_string()))
    .bind(lease.map(|lease| saturating(lease.fence)))
    .execute(&mut *tx.db)
    .await
    .map_err(while_doing(WRITE))?;
    if written.rows_affected() == 0 {
        return Ok(false);
    }
    count(tx, job, Some(change.before)).await?;
    if let Some(kind) = change.told {
        tell(tx, job, kind, now).await?;
    }
    tx.changed = true;
    Ok(true)
}

/// Keeps the tenant's counters. A tenant that had nothing queued starts at the turn of whoever is served now, so that
/// idleness saves nothing up.
async fn count(tx: &mut Tx<'_>, job: &Job, before: Option<Status>) -> Result<(), PortError> {
    let change = |status| i64::from(job.status() == status) - i64::from(before == Some(status));
    let (queued, running) = (change(Status::Queued), change(Status::Processing));
    if (queued, running) == (0, 0) {
        return Ok(());
    }
    sqlx::query(
        "UPDATE tenant_queue SET
             turn = iif(queued = 0 AND ?2 > 0, max(turn, (SELECT turn FROM turn_clock)), turn),
             queued = queued + ?2, running = running + ?3
         WHERE tenant = ?1",
    )
    .bind(job.tenant.as_str())
    .bind(queued)
    .bind(running)
    .execute(&mut *tx.db)
    .await
    .map_err(while_doing(WRITE))?;
    Ok(())
}

async fn tell(tx: &mut Tx<'_>, job: &Job, kind: EventKind, now: Now) -> Result<(), PortError> {
    // The id is the row's, which is known only then; readers put it in.
    let body = serde_json::to_string(&job.to_event(0, kind, now.wall)).map_err(not_serialised)?;
    sqlx::query("INSERT INTO event (tenant, export_id, kind, at, body) VALUES (?1, ?2, ?3, ?4, ?5)")
        .bind(job.tenant.as_str())
        .bind(Text(job.id))
        .bind(kind.as_str())
        .bind(now.wall.as_millis())
        .bind(body)
        .execute(&mut *tx.db)
        .await
        .map_err(while_doing("job store: write an event"))?;
    tx.changed = true;
    Ok(())
}

fn document(job: &Job) -> Result<String, PortError> {
    serde_json::to_string(job).map_err(not_serialised)
}

fn not_serialised(error: serde_json::Error) -> PortError {
    PortError::new(ErrorKind::Internal, WRITE, error.to_string()).because(error)
}
