//! `renew` and `record`: what the holder of a lease may do. The fence in [`row::update`] decides whether it is one.

use std::time::Duration;

use async_trait::async_trait;
use export_core::error::PortError;
use export_core::export::{Progress, Status};
use export_core::job::{Job, JobEvent, JobState, Lease};
use export_core::ports::{Recorded, Renewal};
use export_core::time::Now;

use super::audit::note_end;
use crate::row::{self, Change};
use crate::writer::{Operation, Tx};

pub(crate) struct Renew {
    pub(crate) lease: Lease,
    pub(crate) length: Duration,
    pub(crate) progress: Progress,
    pub(crate) now: Now,
}

#[async_trait]
impl Operation for Renew {
    type Output = Renewal;
    const NAME: &'static str = "job store: renew";

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Renewal, PortError> {
        let Some(mut job) = row::load(tx.db, self.lease.job).await? else { return Ok(Renewal::Lost) };
        let told = job.renew(self.length, self.progress, self.now);
        let change = Change { before: Status::Processing, job: &job, told };
        if !row::update(tx, &change, Some(&self.lease), self.now).await? {
            return Ok(Renewal::Lost);
        }
        Ok(match job.state {
            JobState::Processing { lease } if job.cancel_requested => Renewal::CancelRequested(lease),
            JobState::Processing { lease } => Renewal::Held(lease),
            JobState::Queued { .. } | JobState::Completed { .. } | JobState::Failed { .. } => Renewal::Lost,
        })
    }
}

pub(crate) struct Record {
    pub(crate) lease: Lease,
    pub(crate) what: Recorded,
    pub(crate) now: Now,
}

#[async_trait]
impl Operation for Record {
    type Output = Option<Job>;
    const NAME: &'static str = "job store: record";

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Option<Job>, PortError> {
        let Some(mut job) = row::load(tx.db, self.lease.job).await? else { return Ok(None) };
        let event = match self.what.clone() {
            Recorded::Complete(outcome) => JobEvent::Complete(outcome),
            Recorded::Fail(failure) => JobEvent::Fail(failure),
            Recorded::Release => JobEvent::Release,
        };
        let before = job.status();
        let Ok(told) = job.apply(event, tx.policy, self.now) else { return Ok(None) };
        let change = Change { before, job: &job, told };
        if !row::update(tx, &change, Some(&self.lease), self.now).await? {
            return Ok(None);
        }
        note_end(tx, &job, self.now).await?;
        Ok(Some(job))
    }
}
