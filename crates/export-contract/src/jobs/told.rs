//! Cases of events: what is told, in which order, and how one resumes.

use std::sync::Arc;

use export_core::code::Code;
use export_core::export::{EventKind, ExportEvent, Status};
use export_core::job::Job;
use export_core::ports::{CancelOutcome, EventFilter, Recorded, Renewal};

use super::{Store, acme, all_events, globex, queue, take, told};
use crate::corpus::job as of;

fn number_of(event: &ExportEvent) -> u64 {
    event.id.parse().unwrap_or_else(|_| panic!("the id {:?} of an event is a decimal number", event.id))
}

fn of_job(job: &Job, kind: EventKind, event: &ExportEvent) -> ExportEvent {
    job.to_event(number_of(event), kind, event.at)
}

/// Every change is one transaction with its event, and events come in the order in which they happened.
pub async fn every_change_is_told_once_in_order(jobs: Store) {
    let mut expected = Vec::new();
    let queued = queue(&*jobs, &acme(), 1).await;
    expected.push((EventKind::Queued, queued.clone()));
    let claimed = take(&*jobs, 1, of::second(10)).await;
    expected.push((EventKind::Started, claimed.job));
    let again = jobs.record(&claimed.lease, of::fail(Code::RenderCrash), of::second(11)).await.unwrap();
    expected.push((EventKind::Queued, again.expect("the lease is held")));
    let claimed = take(&*jobs, 1, of::second(20)).await;
    expected.push((EventKind::Started, claimed.job));
    let released = jobs.record(&claimed.lease, Recorded::Release, of::second(21)).await.unwrap();
    expected.push((EventKind::Queued, released.expect("the lease is held")));
    let claimed = take(&*jobs, 1, of::second(22)).await;
    expected.push((EventKind::Started, claimed.job));
    let end = of::complete(of::second(23).wall);
    let ended = jobs.record(&claimed.lease, end, of::second(23)).await.unwrap();
    expected.push((EventKind::Completed, ended.expect("the lease is held")));

    let events = all_events(&*jobs, &acme()).await;
    assert_eq!(events.len(), expected.len());
    for (event, (kind, job)) in events.iter().zip(&expected) {
        assert_eq!(*event, of_job(job, *kind, event));
    }
    assert!(events.is_sorted_by(|a, b| number_of(a) < number_of(b)), "ids grow: {events:?}");
    assert_eq!(
        events.iter().map(|event| event.at).collect::<Vec<_>>(),
        [1, 10, 11, 20, 21, 22, 23].map(|s| of::second(s).wall)
    );
    assert_eq!(jobs.last_event(&acme()).await.unwrap(), number_of(&events[6]));
    assert_eq!(jobs.last_event(&globex()).await.unwrap(), 0);
}

/// Progress that differs is told as an event.
pub async fn progress_is_told_if_it_differs(jobs: Store) {
    let job = queue(&*jobs, &acme(), 1).await;
    let lease = take(&*jobs, 1, of::second(10)).await.lease;
    for (second, rows) in [(11, 1), (12, 1), (13, 2), (14, 2), (15, 1)] {
        let renewal = jobs.renew(&lease, of::LEASE, of::progress(rows), of::second(second)).await.unwrap();
        assert!(matches!(renewal, Renewal::Held(_)));
    }
    let events = all_events(&*jobs, &acme()).await;
    let progress: Vec<_> = events.iter().filter(|event| event.event == EventKind::Progress).collect();
    assert_eq!(progress.len(), 3, "{events:?}");
    for (event, (second, rows)) in progress.iter().zip([(11, 1), (13, 2), (15, 1)]) {
        assert_eq!((event.export_id, event.status), (job.id, Status::Processing));
        assert_eq!((event.at, event.progress), (of::second(second).wall, Some(of::progress(rows))));
    }
}

/// Calls that change nothing tell nothing.
pub async fn refused_changes_tell_nothing(jobs: Store) {
    let job = queue(&*jobs, &acme(), 1).await;
    let at = of::second(5);
    jobs.insert(of::keyed_insert(2, &acme(), at.wall, "k", "body"), at).await.unwrap();
    let before = all_events(&*jobs, &acme()).await;
    jobs.insert(of::keyed_insert(3, &acme(), at.wall, "k", "body"), at).await.unwrap();
    jobs.insert(of::keyed_insert(4, &acme(), at.wall, "k", "other"), at).await.unwrap();
    jobs.retry(&acme(), job.id, "bob", at).await.unwrap();
    assert_eq!(jobs.cancel(&globex(), job.id, "bob", at).await.unwrap(), CancelOutcome::NotFound);
    assert_eq!(jobs.requeue_expired(at).await.unwrap(), 0);
    assert_eq!(all_events(&*jobs, &acme()).await, before);
}

/// Behind this event; at most so many.
pub async fn events_resume_behind_the_last_one_seen(jobs: Store) {
    for number in 0..10 {
        queue(&*jobs, &acme(), number).await;
        queue(&*jobs, &globex(), number + 100).await;
    }
    let everything = all_events(&*jobs, &acme()).await;
    assert_eq!(everything.len(), 10, "and none of another tenant");
    let (mut seen, mut after) = (Vec::new(), 0);
    loop {
        let filter = EventFilter { tenant: &acme(), export: None, after, limit: 3 };
        let next = jobs.events(filter).await.unwrap();
        assert!(next.len() <= 3);
        let Some(last) = next.last() else { break };
        after = number_of(last);
        seen.extend(next);
    }
    assert_eq!(seen, everything);
    assert_eq!(jobs.last_event(&acme()).await.unwrap(), after);
}

/// Of this export only; not even that if it is another tenant's.
pub async fn events_of_one_export_are_its_own(jobs: Store) {
    let (first, second) = (queue(&*jobs, &acme(), 1).await, queue(&*jobs, &acme(), 2).await);
    take(&*jobs, 1, of::second(10)).await;
    assert_eq!(told(&*jobs, &first).await, [EventKind::Queued, EventKind::Started]);
    assert_eq!(told(&*jobs, &second).await, [EventKind::Queued]);
    let foreign = EventFilter { tenant: &globex(), export: Some(first.id), after: 0, limit: 10 };
    assert_eq!(jobs.events(foreign).await.unwrap(), []);
}

/// Events without gaps: whoever always reads behind the last one that was seen misses none, whoever writes meanwhile.
pub async fn an_event_that_is_read_is_never_followed_by_an_older_one(jobs: Store) {
    let writers: Vec<_> = (0..4)
        .map(|writer| {
            let jobs = Arc::clone(&jobs);
            tokio::spawn(async move {
                for number in 0..25 {
                    queue(&*jobs, &acme(), writer * 25 + number).await;
                }
            })
        })
        .collect();
    let (mut seen, mut after) = (Vec::new(), 0);
    loop {
        let written = writers.iter().all(tokio::task::JoinHandle::is_finished);
        let filter = EventFilter { tenant: &acme(), export: None, after, limit: 7 };
        let next = jobs.events(filter).await.unwrap();
        if let Some(last) = next.last() {
            after = number_of(last);
        } else if written {
            break;
        }
        seen.extend(next);
        tokio::task::yield_now().await;
    }
    for writer in writers {
        writer.await.unwrap();
    }
    assert_eq!(seen.len(), 100, "an event was skipped or read twice");
    assert_eq!(seen, all_events(&*jobs, &acme()).await);
}
