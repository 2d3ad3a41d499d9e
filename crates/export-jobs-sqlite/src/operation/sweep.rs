//! `requeue_expired`: takes expired leases, and throws away what nobody needs any more.

use std::time::Duration;

use async_trait::async_trait;
use export_core::error::PortError;
use export_core::id::base32;
use export_core::job::{JobEvent, JobState};
use export_core::time::Now;

use super::audit::note_end;
use super::user::apply;
use crate::error::while_doing;
use crate::row::{self, saturating};
use crate::writer::{Operation, Tx};

const NAME: &str = "job store: requeue expired";

/// How long keys and progress events are kept behind the end of their export.
const KEPT: Duration = Duration::from_secs(24 * 60 * 60);

pub(crate) struct Sweep {
    pub(crate) now: Now,
}

#[async_trait]
impl Operation for Sweep {
    type Output = u64;
    const NAME: &'static str = NAME;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<u64, PortError> {
        let taken = take_expired(tx, self.now).await?;
        forget(tx, self.now).await?;
        Ok(taken)
    }
}

async fn take_expired(tx: &mut Tx<'_>, now: Now) -> Result<u64, PortError> {
    let documents: Vec<String> = sqlx::query_scalar(
        "SELECT doc FROM job WHERE status = 'processing' AND (lease_boot <> ?1 OR lease_until <= ?2)",
    )
    .bind(base32(now.tick.boot))
    .bind(saturating(now.tick.millis))
    .fetch_all(&mut *tx.db)
    .await
    .map_err(while_doing(NAME))?;
    let mut taken = 0;
    for document in documents {
        let job = row::parse(&document)?;
        // The columns only narrow the search; whether a lease has expired is for the core to say.
        let expired = matches!(&job.state, JobState::Processing { lease } if lease.is_expired(now.tick));
        if expired && let Some(job) = apply(tx, &job, JobEvent::Expire, now).await? {
            note_end(tx, &job, now).await?;
            taken += 1;
        }
    }
    Ok(taken)
}

/// Deletes a thousand rows of each kind at most, so that no writer waits long; the next sweep goes on.
async fn forget(tx: &mut Tx<'_>, now: Now) -> Result<(), PortError> {
    let kept = i64::try_from(KEPT.as_millis()).expect("a day is a small number of milliseconds");
    for statement in [
        "DELETE FROM event WHERE seq IN (
             SELECT event.seq FROM event JOIN job ON job.id = event.export_id
             WHERE event.kind = 'export.progress' AND event.at < ?1 AND job.ended_at < ?1 LIMIT 1000)",
        "DELETE FROM idempotency WHERE (tenant, key) IN (
             SELECT idempotency.tenant, key FROM idempotency JOIN job ON job.id = export_id
             WHERE idempotency.created_at < ?1 AND job.ended_at < ?1 LIMIT 1000)",
    ] {
        let statement = sqlx::query(statement).bind(now.wall.as_millis().saturating_sub(kept));
        statement.execute(&mut *tx.db).await.map_err(while_doing(NAME))?;
    }
    Ok(())
}
