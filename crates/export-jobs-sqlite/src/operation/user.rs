//! `cancel` and `retry`: what a tenant may do to its jobs.

use async_trait::async_trait;
use export_core::audit::AuditEntry;
use export_core::error::PortError;
use export_core::id::{ExportId, TenantId};
use export_core::job::{Job, JobEvent};
use export_core::ports::{CancelOutcome, RetryOutcome};
use export_core::time::Now;

use super::audit::note;
use crate::row::{self, Change};
use crate::writer::{Operation, Tx};

pub(crate) struct Cancel {
    pub(crate) tenant: TenantId,
    pub(crate) id: ExportId,
    pub(crate) by: String,
    pub(crate) now: Now,
}

#[async_trait]
impl Operation for Cancel {
    type Output = CancelOutcome;
    const NAME: &'static str = "job store: cancel";

    async fn run(&self, tx: &mut Tx<'_>) -> Result<CancelOutcome, PortError> {
        let job = row::load_of(tx.db, &self.tenant, self.id).await?;
        let Some(job) = job else { return Ok(CancelOutcome::NotFound) };
        let Some(changed) = apply(tx, &job, JobEvent::Cancel, self.now).await? else {
            return Ok(CancelOutcome::AlreadyEnded(job));
        };
        if let Some(entry) = AuditEntry::cancelled(&job, &changed, &self.by) {
            note(tx, &self.tenant, &entry, self.now).await?;
        }
        Ok(CancelOutcome::Accepted(changed))
    }
}

pub(crate) struct Retry {
    pub(crate) tenant: TenantId,
    pub(crate) id: ExportId,
    pub(crate) by: String,
    pub(crate) now: Now,
}

#[async_trait]
impl Operation for Retry {
    type Output = RetryOutcome;
    const NAME: &'static str = "job store: retry";

    async fn run(&self, tx: &mut Tx<'_>) -> Result<RetryOutcome, PortError> {
        let job = row::load_of(tx.db, &self.tenant, self.id).await?;
        let Some(job) = job else { return Ok(RetryOutcome::NotFound) };
        let Some(changed) = apply(tx, &job, JobEvent::Retry, self.now).await? else {
            return Ok(RetryOutcome::NotFailed(job));
        };
        note(tx, &self.tenant, &AuditEntry::retried(&changed, &self.by), self.now).await?;
        Ok(RetryOutcome::Queued(changed))
    }
}

/// The job after `event`, none if it was refused.
pub(super) async fn apply(
    tx: &mut Tx<'_>,
    job: &Job,
    event: JobEvent,
    now: Now,
) -> Result<Option<Job>, PortError> {
    let mut changed = job.clone();
    let Ok(told) = changed.apply(event, tx.policy, now) else { return Ok(None) };
    row::update(tx, &Change { before: job.status(), job: &changed, told }, None, now).await?;
    Ok(Some(changed))
}
