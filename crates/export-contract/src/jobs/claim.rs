//! Cases of `claim`.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use export_core::code::Code;
use export_core::export::{EventKind, Status};
use export_core::id::TenantId;
use export_core::job::{JobState, Lease};
use futures::future::join_all;

use super::{Jobs, MAX_RUNNING, Store, acme, globex, look, queue, take, told};
use crate::corpus::job as of;

/// A job that was given to a worker is `processing`, and the lease is the right to write to it.
pub async fn a_claimed_job_is_processing_under_its_lease(jobs: Store) {
    let queued = queue(&*jobs, &acme(), 1).await;
    let now = of::second(10);
    let claimed = take(&*jobs, 3, now).await;
    let until = now.plus(of::LEASE).tick;
    assert_eq!(claimed.lease, Lease { job: queued.id, worker: of::worker(3), fence: 1, until });
    assert_eq!(claimed.job.state, JobState::Processing { lease: claimed.lease });
    assert_eq!((claimed.job.attempt, claimed.job.fence), (1, 1));
    assert_eq!(look(&*jobs, &queued).await, claimed.job);
    assert_eq!(told(&*jobs, &queued).await, [EventKind::Queued, EventKind::Started]);
}

/// Gives up to `limit` jobs.
pub async fn no_more_jobs_are_given_than_there_are_or_were_asked_for(jobs: Store) {
    let now = of::second(10);
    assert_eq!(jobs.claim(of::claim(1, 5), now).await.unwrap(), []);
    for number in 0..5 {
        queue(&*jobs, &acme(), number).await;
    }
    assert_eq!(jobs.claim(of::claim(1, 0), now).await.unwrap(), []);
    assert_eq!(jobs.claim(of::claim(1, 3), now).await.unwrap().len(), 3);
    assert_eq!(jobs.claim(of::claim(1, 3), now).await.unwrap().len(), 2);
    assert_eq!(jobs.claim(of::claim(1, 3), now).await.unwrap(), []);
}

/// Gives jobs each to one caller only: eight workers at the same time, forty tenants with five jobs each.
pub async fn each_job_is_given_to_one_caller_only(jobs: Store) {
    for number in 0..200 {
        queue(&*jobs, &of::tenant(&format!("tenant-{}", number % 40)), number).await;
    }
    let workers = (0..8).map(|worker| {
        let jobs = Arc::clone(&jobs);
        tokio::spawn(async move {
            let mut given = Vec::new();
            loop {
                let claimed =
                    jobs.claim(of::claim(worker, 1 + usize::from(worker % 3)), of::second(300)).await;
                let claimed = claimed.unwrap();
                if claimed.is_empty() {
                    return given;
                }
                for one in claimed {
                    assert_eq!(one.lease.worker, of::worker(worker));
                    given.push(one.job.id);
                }
            }
        })
    });
    let given = join_all(workers).await.into_iter().map(|given| given.unwrap());
    let mut given: Vec<_> = given.flatten().collect();
    assert_eq!(given.len(), 200, "each job is given exactly once");
    given.sort();
    given.dedup();
    assert_eq!(given.len(), 200, "a job was given twice");
}

/// Within a tenant the oldest comes first.
pub async fn the_oldest_job_of_a_tenant_comes_first(jobs: Store) {
    for number in [3, 1, 4, 0, 2] {
        queue(&*jobs, &acme(), number).await;
    }
    for number in 0..5 {
        let claimed = take(&*jobs, 1, of::second(10)).await;
        assert_eq!(claimed.job.created_at, of::second(number).wall);
    }
}

/// Gives jobs whose time has come.
pub async fn jobs_wait_until_their_time_has_come(jobs: Store) {
    let job = queue(&*jobs, &acme(), 1).await;
    let claimed = take(&*jobs, 1, of::second(2)).await;
    let failed = jobs.record(&claimed.lease, of::fail(Code::RenderCrash), of::second(3)).await.unwrap();
    let JobState::Queued { not_before, .. } = failed.expect("the lease is held").state else {
        panic!("a crash is tried again")
    };
    let wait = Duration::from_millis(
        u64::try_from(not_before.as_millis() - of::second(3).wall.as_millis()).unwrap(),
    );
    assert!(!wait.is_zero(), "the case needs a job whose pause is not zero");
    let early = of::second(3).plus(wait - Duration::from_millis(1));
    assert_eq!(jobs.claim(of::claim(1, 1), early).await.unwrap(), []);
    let again = take(&*jobs, 2, of::second(3).plus(wait)).await;
    assert_eq!((again.job.id, again.job.attempt, again.lease.fence), (job.id, 2, 2));
}

/// A tenant has no more jobs running than it may, also if several workers ask; a job that ends makes room.
pub async fn a_tenant_has_no_more_running_than_it_may(jobs: Store) {
    for number in 0..30 {
        queue(&*jobs, &acme(), number).await;
    }
    let calls = (0..8).map(|worker| {
        let jobs = Arc::clone(&jobs);
        tokio::spawn(async move { jobs.claim(of::claim(worker, 5), of::second(50)).await.unwrap() })
    });
    let given: Vec<_> = join_all(calls).await.into_iter().flat_map(|given| given.unwrap()).collect();
    assert_eq!(given.len(), MAX_RUNNING);
    jobs.record(&given[0].lease, of::complete(of::second(51).wall), of::second(51)).await.unwrap();
    assert_eq!(jobs.claim(of::claim(1, 5), of::second(52)).await.unwrap().len(), 1);
    let other = queue(&*jobs, &globex(), 31).await;
    assert_eq!(take(&*jobs, 1, of::second(53)).await.job.id, other.id);
}

/// Tenants take turns, whatever the length of their queues: a hundred jobs do not hold up one that comes later.
pub async fn tenants_take_turns_whatever_the_length_of_their_queues(jobs: Store) {
    for number in 0..100 {
        queue(&*jobs, &acme(), number).await;
    }
    queue(&*jobs, &globex(), 100).await;
    let given = jobs.claim(of::claim(1, 2), of::second(200)).await.unwrap();
    let tenants: Vec<_> = given.iter().map(|one| one.job.tenant.clone()).collect();
    assert!(tenants.contains(&globex()), "the first two were given to {tenants:?}");
}

/// Tenants take turns, also from one claim to the next.
pub async fn tenants_take_turns_over_many_claims(jobs: Store) {
    let tenants = ["a", "b", "c"].map(of::tenant);
    for number in 0..60 {
        // The first tenant queues two thirds of all jobs.
        let tenant = &tenants[[0, 0, 0, 0, 1, 2][number as usize % 6]];
        queue(&*jobs, tenant, number).await;
    }
    let given = serve(&*jobs, 30).await;
    for (tenant, count) in &given {
        assert_eq!(*count, 10, "{tenant} of {given:?}");
    }
}

/// Tenants take turns among those that wait: neither does a busy past cost anything later, nor does idleness save up.
pub async fn turns_of_the_past_are_not_held_against_anybody(jobs: Store) {
    for number in 0..50 {
        queue(&*jobs, &acme(), number).await;
    }
    assert_eq!(serve(&*jobs, 50).await, BTreeMap::from([(acme(), 50)]));
    for number in 100..150 {
        queue(&*jobs, &acme(), number).await;
        queue(&*jobs, &globex(), number + 100).await;
    }
    let given = serve(&*jobs, 20).await;
    let of = |tenant: &TenantId| given.get(tenant).copied().unwrap_or(0);
    assert!(of(&acme()).abs_diff(of(&globex())) <= 1, "{given:?}");
}

/// Claims and completes jobs one after the other, and counts whose they were.
async fn serve(jobs: &dyn Jobs, count: usize) -> BTreeMap<TenantId, usize> {
    let mut given = BTreeMap::new();
    for _ in 0..count {
        let claimed = take(jobs, 1, of::second(1_000)).await;
        let end = of::complete(of::second(1_000).wall);
        let ended = jobs.record(&claimed.lease, end, of::second(1_000)).await.unwrap();
        assert_eq!(ended.map(|job| job.status()), Some(Status::Completed));
        *given.entry(claimed.job.tenant).or_default() += 1;
    }
    given
}
