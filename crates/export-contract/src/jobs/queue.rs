//! Cases of `insert`.

use std::sync::Arc;

use export_core::digest::Digest;
use export_core::export::{EventKind, Status};
use export_core::job::Job;
use export_core::ports::Inserted;
use futures::future::join_all;

use super::{MAX_QUEUED, Store, acme, globex, look, queue, take, told};
use crate::corpus::job as of;

/// It is queued, as [`Job::queued`] makes it, and that is told.
pub async fn a_new_job_is_queued_as_given(jobs: Store) {
    let (insert, now) = (of::insert(1, &acme(), of::second(1).wall), of::second(1));
    let expected = Job::queued(insert.job.clone(), now);
    assert_eq!(jobs.insert(insert, now).await.unwrap(), Inserted::New(expected.clone()));
    assert_eq!(jobs.get(&acme(), expected.id).await.unwrap(), Some(expected.clone()));
    assert_eq!(told(&*jobs, &expected).await, [EventKind::Queued]);
}

/// Every change is durable as a whole: nothing of a job is lost on its way through its states.
pub async fn a_job_comes_back_with_everything_it_holds(jobs: Store) {
    for number in 0..16 {
        let queued = queue(&*jobs, &acme(), number).await;
        assert_eq!(look(&*jobs, &queued).await, queued);
        let claimed = take(&*jobs, 1, of::second(100)).await;
        assert_eq!(look(&*jobs, &queued).await, claimed.job);
        let ended = jobs.record(&claimed.lease, of::complete(of::second(101).wall), of::second(101)).await;
        assert_eq!(Some(look(&*jobs, &queued).await), ended.unwrap());
    }
}

/// The same key with the same request was here before: nothing is queued.
pub async fn the_same_key_and_request_queue_once(jobs: Store) {
    let at = of::second(1);
    let first = jobs.insert(of::keyed_insert(1, &acme(), at.wall, "k", "body"), at).await.unwrap();
    let Inserted::New(job) = first else { panic!("{first:?}") };
    let second = jobs.insert(of::keyed_insert(2, &acme(), at.wall, "k", "body"), at).await.unwrap();
    assert_eq!(second, Inserted::Duplicate(job.clone()));
    let other = jobs.insert(of::keyed_insert(3, &acme(), at.wall, "K", "body"), at).await.unwrap();
    assert!(matches!(other, Inserted::New(_)), "keys differ by case: {other:?}");
    assert_eq!(jobs.depth().await.unwrap().queued, 2);
    assert_eq!(told(&*jobs, &job).await, [EventKind::Queued]);
}

/// This is its job as it stands now.
pub async fn a_duplicate_shows_the_job_as_it_stands_now(jobs: Store) {
    let insert = |number| of::keyed_insert(number, &acme(), of::second(1).wall, "k", "body");
    jobs.insert(insert(1), of::second(1)).await.unwrap();
    let claimed = take(&*jobs, 1, of::second(2)).await;
    let again = jobs.insert(insert(2), of::second(3)).await.unwrap();
    assert_eq!(again, Inserted::Duplicate(claimed.job));
    let ended = jobs.record(&claimed.lease, of::complete(of::second(4).wall), of::second(4)).await.unwrap();
    let again = jobs.insert(insert(3), of::second(5)).await.unwrap();
    assert_eq!(again, Inserted::Duplicate(ended.expect("the lease is held")));
}

/// Of several calls with the same tenant and key: another tenant's key is another one.
pub async fn a_key_of_another_tenant_is_another_key(jobs: Store) {
    for (number, tenant) in [(1, acme()), (2, globex())] {
        let insert = of::keyed_insert(number, &tenant, of::second(1).wall, "k", "body");
        let inserted = jobs.insert(insert, of::second(1)).await.unwrap();
        assert!(matches!(inserted, Inserted::New(_)), "{tenant}: {inserted:?}");
    }
}

/// The key was used for another request; nothing was queued.
pub async fn a_key_with_another_request_queues_nothing(jobs: Store) {
    let at = of::second(1);
    jobs.insert(of::keyed_insert(1, &acme(), at.wall, "k", "body"), at).await.unwrap();
    let reused = jobs.insert(of::keyed_insert(2, &acme(), at.wall, "k", "other"), at).await.unwrap();
    assert_eq!(reused, Inserted::KeyReused);
    assert_eq!(jobs.depth().await.unwrap().queued, 1);
    assert_eq!(jobs.get(&acme(), of::export_id(2, at.wall)).await.unwrap(), None);
}

/// What `insert` would say of a key because it was here before, and nothing is queued by asking.
pub async fn a_key_that_was_here_before_is_recalled(jobs: Store) {
    let (at, body, other) = (of::second(1), Digest::of(b"body"), Digest::of(b"other"));
    assert_eq!(jobs.recall(&acme(), "k", &body).await.unwrap(), None);
    jobs.insert(of::keyed_insert(1, &acme(), at.wall, "k", "body"), at).await.unwrap();
    let claimed = take(&*jobs, 1, of::second(2)).await;
    let known = Inserted::Duplicate(claimed.job);
    assert_eq!(jobs.recall(&acme(), "k", &body).await.unwrap(), Some(known));
    assert_eq!(jobs.recall(&acme(), "k", &other).await.unwrap(), Some(Inserted::KeyReused));
    assert_eq!(jobs.recall(&acme(), "K", &body).await.unwrap(), None);
    assert_eq!(jobs.recall(&globex(), "k", &body).await.unwrap(), None);
    assert_eq!(jobs.depth().await.unwrap().queued, 0);
}

/// Of several calls with the same tenant and key, also at the same time, exactly one queues.
pub async fn of_many_calls_with_one_key_one_queues(jobs: Store) {
    for round in 0..5 {
        let calls = (0..50).map(|call| {
            let (jobs, at) = (Arc::clone(&jobs), of::second(1));
            let insert = of::keyed_insert(round * 50 + call, &acme(), at.wall, &format!("k{round}"), "body");
            tokio::spawn(async move { jobs.insert(insert, at).await.unwrap() })
        });
        let results: Vec<_> = join_all(calls).await.into_iter().map(|result| result.unwrap()).collect();
        let new: Vec<_> = results.iter().filter(|result| matches!(result, Inserted::New(_))).collect();
        let [Inserted::New(job)] = new[..] else { panic!("{} of 50 calls have queued", new.len()) };
        let same = |result: &&Inserted| matches!(result, Inserted::Duplicate(other) if other.id == job.id);
        assert_eq!(results.iter().filter(same).count(), 49);
        assert_eq!(jobs.depth().await.unwrap().queued, u64::from(round) + 1);
    }
}

/// The tenant has as many jobs queued as it may; nothing was queued.
pub async fn a_full_queue_takes_no_more(jobs: Store) {
    let most = u32::try_from(MAX_QUEUED).unwrap();
    for number in 0..most {
        queue(&*jobs, &acme(), number).await;
    }
    let one_more = || of::keyed_insert(most, &acme(), of::second(500).wall, "k", "body");
    assert_eq!(jobs.insert(one_more(), of::second(500)).await.unwrap(), Inserted::QueueFull);
    assert_eq!(jobs.depth().await.unwrap().queued, u64::from(most));
    queue(&*jobs, &globex(), most + 1).await;
    take(&*jobs, 1, of::second(500)).await;
    let inserted = jobs.insert(one_more(), of::second(500)).await.unwrap();
    assert!(matches!(inserted, Inserted::New(_)), "the key of a refused job is free again: {inserted:?}");
}

/// A caller that repeats itself learns of its job, however full the queue is by then.
pub async fn a_duplicate_is_found_in_a_full_queue(jobs: Store) {
    let keyed = |number| of::keyed_insert(number, &acme(), of::second(0).wall, "k", "body");
    jobs.insert(keyed(0), of::second(0)).await.unwrap();
    for number in 1..u32::try_from(MAX_QUEUED).unwrap() {
        queue(&*jobs, &acme(), number).await;
    }
    let again = jobs.insert(keyed(1_000), of::second(1)).await.unwrap();
    let Inserted::Duplicate(job) = again else { panic!("{again:?}") };
    assert_eq!((job.id, job.status()), (of::export_id(0, of::second(0).wall), Status::Queued));
}
