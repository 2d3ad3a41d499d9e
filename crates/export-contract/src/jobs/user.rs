//! Cases of `cancel` and `retry`.

use std::sync::Arc;

use export_core::code::Code;
use export_core::export::{EventKind, Status};
use export_core::id::ExportId;
use export_core::job::Job;
use export_core::ports::{CancelOutcome, Recorded, Renewal, RetryOutcome};

use super::{Jobs, Store, acme, globex, look, queue, take, told};
use crate::corpus::job as of;

async fn cancel(jobs: &dyn Jobs, job: &Job) -> CancelOutcome {
    jobs.cancel(&job.tenant, job.id, "bob", of::second(30)).await.unwrap()
}

async fn retry(jobs: &dyn Jobs, job: &Job) -> RetryOutcome {
    jobs.retry(&job.tenant, job.id, "eve", of::second(50)).await.unwrap()
}

fn unknown() -> ExportId {
    of::export_id(999, of::second(0).wall)
}

/// Cancels a job at once while it is queued.
pub async fn a_queued_job_is_cancelled_at_once(jobs: Store) {
    let job = queue(&*jobs, &acme(), 1).await;
    let CancelOutcome::Accepted(cancelled) = cancel(&*jobs, &job).await else { panic!("it is queued") };
    assert_eq!((cancelled.status(), cancelled.failure().unwrap().code), (Status::Failed, Code::Cancelled));
    assert_eq!(look(&*jobs, &job).await, cancelled);
    assert_eq!(told(&*jobs, &job).await, [EventKind::Queued, EventKind::Failed]);
    assert_eq!(jobs.claim(of::claim(1, 1), of::second(31)).await.unwrap(), []);
}

/// Cancels a job through its worker while it is processing: the lease holds, and a user wants the job cancelled.
pub async fn a_running_job_is_cancelled_through_its_worker(jobs: Store) {
    let job = queue(&*jobs, &acme(), 1).await;
    let lease = take(&*jobs, 1, of::second(10)).await.lease;
    for _ in 0..2 {
        let CancelOutcome::Accepted(asked) = cancel(&*jobs, &job).await else { panic!("it is processing") };
        assert_eq!((asked.status(), asked.cancel_requested), (Status::Processing, true));
    }
    let renewal = jobs.renew(&lease, of::LEASE, of::progress(1), of::second(31)).await.unwrap();
    assert!(matches!(renewal, Renewal::CancelRequested(same) if same.is_same(&lease)), "{renewal:?}");
    let ended = jobs.record(&lease, of::fail(Code::Cancelled), of::second(32)).await.unwrap();
    assert_eq!(ended.unwrap().failure().unwrap().code, Code::Cancelled);
    assert_eq!(cancel(&*jobs, &job).await, CancelOutcome::AlreadyEnded(look(&*jobs, &job).await));
}

/// None if a cancel was accepted and the attempt is to be completed: nothing has changed then.
pub async fn a_cancelled_attempt_cannot_complete(jobs: Store) {
    let job = queue(&*jobs, &acme(), 1).await;
    let lease = take(&*jobs, 1, of::second(10)).await.lease;
    cancel(&*jobs, &job).await;
    let before = look(&*jobs, &job).await;
    let refused = jobs.record(&lease, of::complete(of::second(31).wall), of::second(31)).await.unwrap();
    assert_eq!(refused, None);
    assert_eq!(look(&*jobs, &job).await, before);
    assert_eq!(told(&*jobs, &job).await, [EventKind::Queued, EventKind::Started]);
    let ended = jobs.record(&lease, Recorded::Release, of::second(32)).await.unwrap();
    assert_eq!(ended.unwrap().failure().unwrap().code, Code::Cancelled, "the lease still holds");
}

/// It had ended already.
pub async fn a_job_that_has_ended_cannot_be_cancelled(jobs: Store) {
    let job = queue(&*jobs, &acme(), 1).await;
    let lease = take(&*jobs, 1, of::second(10)).await.lease;
    let ended =
        jobs.record(&lease, of::complete(of::second(20).wall), of::second(20)).await.unwrap().unwrap();
    assert_eq!(cancel(&*jobs, &job).await, CancelOutcome::AlreadyEnded(ended.clone()));
    assert_eq!(look(&*jobs, &job).await, ended);
    assert_eq!(
        jobs.cancel(&acme(), unknown(), "bob", of::second(30)).await.unwrap(),
        CancelOutcome::NotFound
    );
}

/// A cancel that was accepted wins, and one that comes too late says so: never both, never neither.
pub async fn a_cancel_and_a_completion_at_the_same_time_agree(jobs: Store) {
    for number in 0..40 {
        let job = queue(&*jobs, &acme(), number).await;
        let lease = take(&*jobs, 1, of::second(100)).await.lease;
        let canceller = tokio::spawn({
            let (jobs, job) = (Arc::clone(&jobs), job.clone());
            async move { cancel(&*jobs, &job).await }
        });
        let completed =
            jobs.record(&lease, of::complete(of::second(101).wall), of::second(101)).await.unwrap();
        match (completed, canceller.await.unwrap()) {
            (Some(done), CancelOutcome::AlreadyEnded(_)) => assert_eq!(look(&*jobs, &job).await, done),
            (None, CancelOutcome::Accepted(_)) => {
                assert!(look(&*jobs, &job).await.cancel_requested);
                let failed = jobs.record(&lease, of::fail(Code::Cancelled), of::second(102)).await.unwrap();
                assert_eq!(failed.unwrap().status(), Status::Failed);
            }
            (completed, cancelled) => panic!("completion gave {completed:?}, cancel {cancelled:?}"),
        }
        let ends = [EventKind::Completed, EventKind::Failed];
        assert_eq!(told(&*jobs, &job).await.iter().filter(|kind| ends.contains(kind)).count(), 1);
    }
}

/// Queues a failed job again under the same id, with a new budget of attempts.
pub async fn a_failed_job_is_queued_again_under_its_id(jobs: Store) {
    let job = queue(&*jobs, &acme(), 1).await;
    let lease = take(&*jobs, 1, of::second(10)).await.lease;
    jobs.record(&lease, of::fail(Code::TemplateError), of::second(20)).await.unwrap();
    let RetryOutcome::Queued(again) = retry(&*jobs, &job).await else { panic!("it has failed") };
    assert_eq!((again.id, again.status(), again.attempt, again.fence), (job.id, Status::Queued, 0, 1));
    assert_eq!(look(&*jobs, &job).await, again);
    let kinds = [EventKind::Queued, EventKind::Started, EventKind::Failed, EventKind::Queued];
    assert_eq!(told(&*jobs, &job).await, kinds);
    let claimed = take(&*jobs, 2, of::second(51)).await;
    assert_eq!((claimed.job.id, claimed.job.attempt, claimed.lease.fence), (job.id, 1, 2));
    let stale = jobs.record(&lease, of::complete(of::second(52).wall), of::second(52)).await.unwrap();
    assert_eq!(stale, None, "the lease of the failed attempt is no longer one");
}

/// It has not failed.
pub async fn a_job_that_has_not_failed_is_not_retried(jobs: Store) {
    let job = queue(&*jobs, &acme(), 1).await;
    assert_eq!(retry(&*jobs, &job).await, RetryOutcome::NotFailed(job.clone()));
    let claimed = take(&*jobs, 1, of::second(10)).await;
    assert_eq!(retry(&*jobs, &job).await, RetryOutcome::NotFailed(claimed.job));
    let end = of::complete(of::second(20).wall);
    let ended = jobs.record(&claimed.lease, end, of::second(20)).await.unwrap().unwrap();
    assert_eq!(retry(&*jobs, &job).await, RetryOutcome::NotFailed(ended.clone()));
    assert_eq!(look(&*jobs, &job).await, ended);
    assert_eq!(jobs.retry(&acme(), unknown(), "bob", of::second(50)).await.unwrap(), RetryOutcome::NotFound);
}

/// The tenant has no such job: a job of another tenant is none, for reading and for changing.
pub async fn jobs_of_another_tenant_are_none(jobs: Store) {
    let (job, failed) = (queue(&*jobs, &acme(), 1).await, queue(&*jobs, &acme(), 2).await);
    cancel(&*jobs, &failed).await;
    assert_eq!(jobs.get(&globex(), job.id).await.unwrap(), None);
    assert_eq!(jobs.cancel(&globex(), job.id, "bob", of::second(30)).await.unwrap(), CancelOutcome::NotFound);
    assert_eq!(
        jobs.retry(&globex(), failed.id, "bob", of::second(30)).await.unwrap(),
        RetryOutcome::NotFound
    );
    assert_eq!(look(&*jobs, &job).await, job);
    assert_eq!(look(&*jobs, &failed).await.status(), Status::Failed);
}
