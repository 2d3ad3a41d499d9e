//! `cancel` and `retry`: what a tenant may do to its jobs.

use async_trait::async_trait;
use export_core::error::PortError;
use export_core::id::{ExportId, TenantId};
use export_core::job::{Job, JobEvent};
use export_core::ports::{CancelOutcome, RetryOutcome};
use export_core::time::Now;

use crate::row::{self, Change};
use crate::writer::{Operation, Tx};

pub(crate) struct Cancel {
    pub(crate) tenant: TenantId,
    pub(crate) id: ExportId,
    pub(crate) now: Now,
}

#[async_trait]
impl Operation for Cancel {
    type Output = CancelOutcome;
    const NAME: &'static str = "job store: cancel";

    async fn run(&self, tx: &mut Tx<'_>) -> Result<CancelOutcome, PortError> {
        let job = row::load_of(tx.db, &self.tenant, self.id).await?;
        let Some(job) = job else { return Ok(CancelOutcome::NotFound) };
        let changed = apply(tx, &job, JobEvent::Cancel, self.now).await?;
        Ok(changed.map_or(CancelOutcome::AlreadyEnded(job), CancelOutcome::Accepted))
    }
}

pub(crate) struct Retry {
    pub(crate) tenant: TenantId,
    pub(crate) id: ExportId,
    pub(crate) now: Now,
}

#[async_trait]
impl Operation for Retry {
    type Output = RetryOutcome;
    const NAME: &'static str = "job store: retry";

    async fn run(&self, tx: &mut Tx<'_>) -> Result<RetryOutcome, PortError> {
        let job = row::load_of(tx.db, &self.tenant, self.id).await?;
        let Some(job) = job else { return Ok(RetryOutcome::NotFound) };
        let changed = apply(tx, &job, JobEvent::Retry, self.now).await?;
        Ok(changed.map_or(RetryOutcome::NotFailed(job), RetryOutcome::Queued))
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
