//! Cases of `renew`, `record` and `requeue_expired`: what a lease allows, and when it is lost.

use std::time::Duration;

use export_core::code::Code;
use export_core::export::{EventKind, Progress, Status};
use export_core::job::{JobState, Lease};
use export_core::ports::{Claimed, Recorded, Renewal};
use export_core::time::{Now, Tick};

use super::{Jobs, POLICY, Store, acme, look, queue, take, told};
use crate::corpus::job as of;

/// A job that worker 1 has taken at second 10.
async fn taken(jobs: &dyn Jobs) -> Claimed {
    queue(jobs, &acme(), 1).await;
    take(jobs, 1, of::second(10)).await
}

async fn renew(jobs: &dyn Jobs, lease: &Lease, now: Now) -> Renewal {
    jobs.renew(lease, of::LEASE, of::progress(5), now).await.unwrap()
}

/// Everything that a lease can be used for changes nothing: neither the job nor what is told of it.
async fn assert_lost(jobs: &dyn Jobs, lease: &Lease, now: Now) {
    let job =
        jobs.get(&acme(), of::export_id(1, of::second(1).wall)).await.unwrap().expect("the job is there");
    let told_before = told(jobs, &job).await;
    assert_eq!(renew(jobs, lease, now).await, Renewal::Lost, "{lease:?}");
    let endings = [
        of::complete(now.wall),
        of::fail(Code::TemplateError),
        of::fail(Code::RenderCrash),
        Recorded::Release,
    ];
    for what in endings {
        assert_eq!(jobs.record(lease, what.clone(), now).await.unwrap(), None, "{what:?} with {lease:?}");
    }
    assert_eq!(look(jobs, &job).await, job, "a lost lease has changed the job");
    assert_eq!(told(jobs, &job).await, told_before, "a lost lease has told something");
}

/// Prolongs a lease by `length` from now on.
pub async fn a_renewed_lease_holds_from_now_on(jobs: Store) {
    let claimed = taken(&*jobs).await;
    let now = of::second(25);
    let Renewal::Held(renewed) = renew(&*jobs, &claimed.lease, now).await else { panic!("it is held") };
    assert_eq!(renewed, Lease { until: now.plus(of::LEASE).tick, ..claimed.lease });
    assert_eq!(look(&*jobs, &claimed.job).await.state, JobState::Processing { lease: renewed });
    assert_eq!(jobs.requeue_expired(of::second(41)).await.unwrap(), 0, "the old end no longer counts");
    assert_eq!(jobs.requeue_expired(of::second(55)).await.unwrap(), 1);
}

/// Notes the progress.
pub async fn a_renewal_notes_the_progress(jobs: Store) {
    let claimed = taken(&*jobs).await;
    renew(&*jobs, &claimed.lease, of::second(11)).await;
    assert_eq!(look(&*jobs, &claimed.job).await.progress, of::progress(5));
}

/// Until others take the job away, a lease holds, whatever clocks say.
pub async fn a_lease_holds_until_it_is_taken(jobs: Store) {
    let claimed = taken(&*jobs).await;
    let late = of::second(10_000);
    assert!(matches!(renew(&*jobs, &claimed.lease, late).await, Renewal::Held(_)));
    let ended = jobs.record(&claimed.lease, of::complete(late.wall), of::second(90_000)).await.unwrap();
    assert_eq!(ended.map(|job| job.status()), Some(Status::Completed));
}

/// Takes every job whose lease has expired from its worker; the number of them.
pub async fn an_expired_lease_is_taken_and_no_other(jobs: Store) {
    for number in 0..3 {
        queue(&*jobs, &acme(), number).await;
    }
    let (first, second) = (take(&*jobs, 1, of::second(10)).await, take(&*jobs, 2, of::second(10)).await);
    let third = take(&*jobs, 3, of::second(20)).await;
    let end = of::second(10).plus(of::LEASE);
    assert_eq!(jobs.requeue_expired(of::second(39)).await.unwrap(), 0);
    assert_eq!(jobs.requeue_expired(end).await.unwrap(), 2);
    assert_eq!(jobs.requeue_expired(end).await.unwrap(), 0, "they are taken once");
    for taken in [&first, &second] {
        let job = look(&*jobs, &taken.job).await;
        assert_eq!((job.status(), job.attempt, job.fence), (Status::Queued, 1, 1));
        assert_eq!(job.failure().map(|failure| failure.code), Some(Code::LeaseExpired));
        assert_eq!(told(&*jobs, &job).await, [EventKind::Queued, EventKind::Started, EventKind::Queued]);
    }
    assert_eq!(look(&*jobs, &third.job).await, third.job);
}

/// Ticks of two boots cannot be compared: a lease of an earlier boot has expired.
pub async fn a_lease_of_another_boot_has_expired(jobs: Store) {
    let claimed = taken(&*jobs).await;
    let now = of::second(11);
    for boot in [u128::MAX, 1 << 64, 7] {
        let rebooted = Now { tick: Tick { boot, millis: 0 }, ..now };
        let expired = jobs.requeue_expired(rebooted).await.unwrap();
        assert_eq!(expired, u64::from(boot == u128::MAX), "boot {boot}");
    }
    assert_lost(&*jobs, &claimed.lease, now).await;
}

/// Attempts are counted when claimed, so that a job that kills its worker runs out of them too.
pub async fn a_job_whose_workers_die_runs_out_of_attempts(jobs: Store) {
    let job = queue(&*jobs, &acme(), 1).await;
    for attempt in 1..=u64::from(POLICY.crashes) {
        let claimed = take(&*jobs, 1, of::second(attempt * 1_000)).await;
        assert_eq!(u64::from(claimed.job.attempt), attempt);
        assert_eq!(jobs.requeue_expired(of::second(attempt * 1_000 + 30)).await.unwrap(), 1);
    }
    let job = look(&*jobs, &job).await;
    assert_eq!((job.status(), job.failure().unwrap().code), (Status::Failed, Code::LeaseExpired));
    assert_eq!(jobs.claim(of::claim(1, 1), of::second(90_000)).await.unwrap(), []);
}

/// The job belongs to nobody: stop, and write nothing more.
pub async fn a_lease_is_lost_once_it_was_taken(jobs: Store) {
    let claimed = taken(&*jobs).await;
    jobs.requeue_expired(of::second(40)).await.unwrap();
    assert_lost(&*jobs, &claimed.lease, of::second(41)).await;
}

/// The job belongs to somebody else, or to the same worker under a later lease.
pub async fn a_lease_is_lost_at_the_next_claim(jobs: Store) {
    let mut stale = taken(&*jobs).await.lease;
    for (worker, start) in [(2, 100), (1, 200), (1, 300)] {
        jobs.record(&stale, Recorded::Release, of::second(start)).await.unwrap().expect("it is held");
        let fresh = take(&*jobs, worker, of::second(start + 1)).await.lease;
        assert_eq!(fresh.fence, stale.fence + 1);
        assert_lost(&*jobs, &stale, of::second(start + 2)).await;
        stale = fresh;
    }
}

/// Calls change nothing unless the job is `processing` under that very lease: job, worker and fence.
pub async fn a_lease_of_another_worker_fence_or_job_is_none(jobs: Store) {
    let held = taken(&*jobs).await.lease;
    let others = [
        Lease { worker: of::worker(2), ..held },
        Lease { fence: held.fence + 1, ..held },
        Lease { fence: held.fence - 1, ..held },
        Lease { fence: u64::MAX, ..held },
        Lease { job: of::export_id(99, of::second(1).wall), ..held },
    ];
    for other in others {
        assert_lost(&*jobs, &other, of::second(11)).await;
    }
    assert!(matches!(renew(&*jobs, &held, of::second(12)).await, Renewal::Held(_)));
}

/// It is complete.
pub async fn an_attempt_ends_complete(jobs: Store) {
    let claimed = taken(&*jobs).await;
    let now = of::second(20);
    let ended = jobs.record(&claimed.lease, of::complete(now.wall), now).await.unwrap();
    let ended = ended.expect("the lease is held");
    assert_eq!(ended.state, JobState::Completed { outcome: of::outcome(now.wall) });
    assert_eq!(look(&*jobs, &ended).await, ended);
    assert_eq!(told(&*jobs, &ended).await, [EventKind::Queued, EventKind::Started, EventKind::Completed]);
    assert_lost(&*jobs, &claimed.lease, now).await;
}

/// It has failed, and the policy allows another attempt: it is queued, and says why.
pub async fn an_attempt_fails_and_is_tried_again_later(jobs: Store) {
    let claimed = taken(&*jobs).await;
    let now = of::second(20);
    let queued = jobs.record(&claimed.lease, of::fail(Code::StorageUnavailable), now).await.unwrap();
    let queued = queued.expect("the lease is held");
    let JobState::Queued { not_before, last_failure: Some(failure) } = &queued.state else {
        panic!("{:?}", queued.state)
    };
    assert_eq!(failure.code, Code::StorageUnavailable);
    assert!(*not_before >= now.wall && *not_before <= now.wall.plus(Duration::from_secs(2)));
    assert_eq!((queued.progress, queued.attempt), (Progress::default(), 1));
    assert_eq!(told(&*jobs, &queued).await, [EventKind::Queued, EventKind::Started, EventKind::Queued]);
    assert_lost(&*jobs, &claimed.lease, now).await;
}

/// It has failed, and the same attempt would fail again.
pub async fn an_attempt_fails_for_good(jobs: Store) {
    let claimed = taken(&*jobs).await;
    let ended = jobs.record(&claimed.lease, of::fail(Code::TemplateError), of::second(20)).await.unwrap();
    let ended = ended.expect("the lease is held");
    assert_eq!((ended.status(), ended.failure().unwrap().code), (Status::Failed, Code::TemplateError));
    assert_eq!(told(&*jobs, &ended).await, [EventKind::Queued, EventKind::Started, EventKind::Failed]);
    assert_lost(&*jobs, &claimed.lease, of::second(21)).await;
}

/// It is given back unharmed: at once for the next worker, with the attempt but not the fence given back.
pub async fn an_attempt_is_released_unharmed(jobs: Store) {
    let claimed = taken(&*jobs).await;
    let released = jobs.record(&claimed.lease, Recorded::Release, of::second(20)).await.unwrap();
    let released = released.expect("the lease is held");
    assert_eq!((released.status(), released.attempt, released.fence), (Status::Queued, 0, 1));
    let again = take(&*jobs, 2, of::second(20)).await;
    assert_eq!((again.job.attempt, again.lease.fence), (1, 2));
    assert_lost(&*jobs, &claimed.lease, of::second(21)).await;
}

/// Whether it was noted may be unknown, and the same call may be made again: it is noted once.
pub async fn an_attempt_ends_once(jobs: Store) {
    let claimed = taken(&*jobs).await;
    let end = || jobs.record(&claimed.lease, of::complete(of::second(20).wall), of::second(20));
    let ended = end().await.unwrap().expect("the lease is held");
    assert_eq!(end().await.unwrap(), None);
    assert_eq!(look(&*jobs, &ended).await, ended);
    assert_eq!(told(&*jobs, &ended).await.len(), 3);
}
