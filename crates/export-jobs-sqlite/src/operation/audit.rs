//! Noting what was done, in the transaction that does it.

use async_trait::async_trait;
use export_core::audit::AuditEntry;
use export_core::error::{ErrorKind, PortError};
use export_core::id::TenantId;
use export_core::job::Job;
use export_core::time::Now;

use crate::error::while_doing;
use crate::writer::{Operation, Tx};

const NAME: &str = "audit trail: append";

/// An entry about something that is no change in this store.
pub(crate) struct Append {
    pub(crate) tenant: TenantId,
    pub(crate) entry: AuditEntry<'static>,
    pub(crate) now: Now,
}

#[async_trait]
impl Operation for Append {
    type Output = u64;
    const NAME: &'static str = NAME;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<u64, PortError> {
        note(tx, &self.tenant, &self.entry, self.now).await
    }
}

/// Notes the end of `job`, if it has come to one.
pub(crate) async fn note_end(tx: &mut Tx<'_>, job: &Job, now: Now) -> Result<(), PortError> {
    let Some(entry) = AuditEntry::ended(job) else { return Ok(()) };
    note(tx, &job.tenant, &entry, now).await.map(drop)
}

/// Appends `entry` to the trail of `tenant`; its place there.
pub(crate) async fn note(
    tx: &mut Tx<'_>,
    tenant: &TenantId,
    entry: &AuditEntry<'_>,
    now: Now,
) -> Result<u64, PortError> {
    let detail = serde_json::to_string(&entry.detail)
        .map_err(|error| PortError::new(ErrorKind::Internal, NAME, error.to_string()).because(error))?;
    let seq: i64 = sqlx::query_scalar(
        "INSERT INTO audit (tenant, seq, at, actor, action, target, detail)
         SELECT ?1, coalesce(max(seq), 0) + 1, ?2, ?3, ?4, ?5, ?6 FROM audit WHERE tenant = ?1
         RETURNING seq",
    )
    .bind(tenant.as_str())
    .bind(now.wall.as_millis())
    .bind(entry.actor.as_str())
    .bind(entry.action.as_str())
    .bind(entry.target.as_str())
    .bind(detail)
    .fetch_one(&mut *tx.db)
    .await
    .map_err(while_doing(NAME))?;
    u64::try_from(seq).map_err(|_| PortError::new(ErrorKind::Corrupt, NAME, "a place below zero"))
}
