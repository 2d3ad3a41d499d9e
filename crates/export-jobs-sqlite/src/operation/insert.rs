//! `insert`: a job, its key and its event, or nothing.

use async_trait::async_trait;
use export_core::audit::AuditEntry;
use export_core::digest::Digest;
use export_core::error::{ErrorKind, PortError};
use export_core::id::{ExportId, TenantId};
use export_core::job::Job;
use export_core::ports::{Insert, Inserted};
use export_core::time::Now;
use sqlx::SqliteConnection;
use sqlx::types::Text;

use super::audit::note;
use crate::error::while_doing;
use crate::row;
use crate::writer::{Operation, Tx};

const NAME: &str = "job store: insert";

pub(crate) struct InsertJob {
    pub(crate) insert: Insert,
    pub(crate) now: Now,
}

#[async_trait]
impl Operation for InsertJob {
    type Output = Inserted;
    const NAME: &'static str = NAME;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Inserted, PortError> {
        let new = &self.insert.job;
        if let Some((key, request)) = &self.insert.idempotency
            && let Some(known) = recall(tx.db, &new.tenant, key, request).await?
        {
            return Ok(known);
        }
        if queued(tx, &new.tenant).await? >= i64::from(tx.limits.max_queued_per_tenant) {
            return Ok(Inserted::QueueFull);
        }
        let job = Job::queued(new.clone(), self.now);
        row::insert(tx, &job, self.now).await?;
        note(tx, &job.tenant, &AuditEntry::requested(&job), self.now).await?;
        if let Some((key, request)) = &self.insert.idempotency {
            keep_key(tx, &job, key, request).await?;
        }
        Ok(Inserted::New(job))
    }
}

/// What became of the request that had this key before.
pub(crate) async fn recall(
    db: &mut SqliteConnection,
    tenant: &TenantId,
    key: &str,
    request: &Digest,
) -> Result<Option<Inserted>, PortError> {
    let known: Option<(Vec<u8>, Text<ExportId>)> =
        sqlx::query_as("SELECT request, export_id FROM idempotency WHERE tenant = ?1 AND key = ?2")
            .bind(tenant.as_str())
            .bind(key)
            .fetch_optional(&mut *db)
            .await
            .map_err(while_doing(NAME))?;
    let Some((before, Text(id))) = known else { return Ok(None) };
    if before != request.as_bytes() {
        return Ok(Some(Inserted::KeyReused));
    }
    let job = row::load(db, id).await?;
    let gone = || PortError::new(ErrorKind::Corrupt, NAME, "a key has no job").at(key);
    Ok(Some(Inserted::Duplicate(job.ok_or_else(gone)?)))
}

/// How many jobs the tenant has queued; makes its row if this is its first job.
async fn queued(tx: &mut Tx<'_>, tenant: &TenantId) -> Result<i64, PortError> {
    sqlx::query("INSERT INTO tenant_queue (tenant) VALUES (?1) ON CONFLICT DO NOTHING")
        .bind(tenant.as_str())
        .execute(&mut *tx.db)
        .await
        .map_err(while_doing(NAME))?;
    sqlx::query_scalar("SELECT queued FROM tenant_queue WHERE tenant = ?1")
        .bind(tenant.as_str())
        .fetch_one(&mut *tx.db)
        .await
        .map_err(while_doing(NAME))
}

async fn keep_key(tx: &mut Tx<'_>, job: &Job, key: &str, request: &Digest) -> Result<(), PortError> {
    sqlx::query(
        "INSERT INTO idempotency (tenant, key, request, export_id, created_at) VALUES (?1, ?2, ?3, ?4, ?5)",
    )
    .bind(job.tenant.as_str())
    .bind(key)
    .bind(&request.as_bytes()[..])
    .bind(Text(job.id))
    .bind(job.created_at.as_millis())
    .execute(&mut *tx.db)
    .await
    .map(drop)
    .map_err(while_doing(NAME))
}
