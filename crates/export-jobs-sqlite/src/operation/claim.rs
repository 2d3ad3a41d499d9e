//! `claim`: the oldest job of the tenant whose turn it is.

use async_trait::async_trait;
use export_core::error::{ErrorKind, PortError};
use export_core::export::Status;
use export_core::job::{Job, JobEvent, JobState};
use export_core::ports::{Claim, Claimed};
use export_core::time::Now;

use crate::error::while_doing;
use crate::row::{self, Change};
use crate::writer::{Operation, Tx};

const NAME: &str = "job store: claim";

pub(crate) struct ClaimJobs {
    pub(crate) claim: Claim,
    pub(crate) now: Now,
}

#[async_trait]
impl Operation for ClaimJobs {
    type Output = Vec<Claimed>;
    const NAME: &'static str = NAME;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Vec<Claimed>, PortError> {
        let mut claimed = Vec::new();
        while claimed.len() < self.claim.limit {
            let Some(job) = next(tx, self.now).await? else { break };
            claimed.push(self.give(tx, job).await?);
        }
        Ok(claimed)
    }
}

impl ClaimJobs {
    async fn give(&self, tx: &mut Tx<'_>, mut job: Job) -> Result<Claimed, PortError> {
        let event = JobEvent::Claim { worker: self.claim.worker, lease: self.claim.lease };
        let contradiction = |what: String| PortError::new(ErrorKind::Corrupt, NAME, what);
        let told = job.apply(event, tx.policy, self.now).map_err(|it| contradiction(it.to_string()))?;
        let JobState::Processing { lease } = job.state else {
            return Err(contradiction(format!("{} was claimed and is not processing", job.id)));
        };
        take_turn(tx, &job).await?;
        row::update(tx, &Change { before: Status::Queued, job: &job, told }, None, self.now).await?;
        Ok(Claimed { job, lease })
    }
}

/// The next job: of the tenants with a job whose time has come and with room to run it, the one with the fewest turns.
async fn next(tx: &mut Tx<'_>, now: Now) -> Result<Option<Job>, PortError> {
    let document: Option<String> = sqlx::query_scalar(
        "SELECT job.doc FROM tenant_queue AS queue JOIN job ON job.id = (
             SELECT id FROM job WHERE tenant = queue.tenant AND status = 'queued' AND not_before <= ?1
             ORDER BY created_at, id LIMIT 1)
         WHERE queue.queued > 0 AND queue.running < ?2
         ORDER BY queue.turn, queue.tenant LIMIT 1",
    )
    .bind(now.wall.as_millis())
    .bind(i64::from(tx.limits.max_running_per_tenant))
    .fetch_optional(&mut *tx.db)
    .await
    .map_err(while_doing(NAME))?;
    document.as_deref().map(row::parse).transpose()
}

/// Sets the clock to the tenant's turn, and counts that turn.
async fn take_turn(tx: &mut Tx<'_>, job: &Job) -> Result<(), PortError> {
    for statement in [
        "UPDATE turn_clock SET turn = (SELECT turn FROM tenant_queue WHERE tenant = ?1)",
        "UPDATE tenant_queue SET turn = turn + 1 WHERE tenant = ?1",
    ] {
        let statement = sqlx::query(statement).bind(job.tenant.as_str());
        statement.execute(&mut *tx.db).await.map_err(while_doing(NAME))?;
    }
    Ok(())
}
