//! Cases of `list`, `typical_duration`, `depth`, `hints` and `check`.

use std::time::Duration;

use export_core::catalogue::{ExportType, Format};
use export_core::export::Status;
use export_core::ports::{Inserted, JobFilter, QueueDepth, Recorded};
use futures::{FutureExt as _, StreamExt as _};

use super::{Jobs, Store, acme, globex, queue, take};
use crate::corpus::job as of;

/// How long a hint may take before the case gives up: it guards against a hang, and measures nothing.
const PATIENCE: Duration = Duration::from_secs(20);

/// The numbers of the jobs on one page; a job's number is the second in which it was created.
async fn page(jobs: &dyn Jobs, filter: &JobFilter, limit: usize) -> (Vec<i64>, bool) {
    let page = jobs.list(&acme(), filter, limit).await.unwrap();
    let start = of::second(0).wall.as_millis();
    (page.jobs.iter().map(|job| (job.created_at.as_millis() - start) / 1_000).collect(), page.more)
}

/// Up to `limit` jobs of the tenant, newest first.
pub async fn a_list_shows_the_newest_first(jobs: Store) {
    assert_eq!(page(&*jobs, &JobFilter::default(), 10).await, (vec![], false));
    for number in [2, 0, 3, 1] {
        queue(&*jobs, &acme(), number).await;
    }
    queue(&*jobs, &globex(), 9).await;
    assert_eq!(page(&*jobs, &JobFilter::default(), 10).await, (vec![3, 2, 1, 0], false));
    let listed = jobs.list(&acme(), &JobFilter::default(), 10).await.unwrap().jobs;
    for job in listed {
        assert_eq!(jobs.get(&acme(), job.id).await.unwrap(), Some(job));
    }
}

/// The completed job of the tenant with this sealed bundle, or none. A bundle of another tenant is none.
pub async fn a_sealed_bundle_is_found_by_its_tenant(jobs: Store) {
    let bundle = of::bundle(7);
    assert_eq!(jobs.find_bundle(&acme(), bundle.bundle_id).await.unwrap(), None);
    for number in 0..2 {
        queue(&*jobs, &acme(), number).await;
        let lease = take(&*jobs, 1, of::second(1)).await.lease;
        let mut outcome = of::outcome(of::second(2).wall);
        outcome.bundle = (number == 1).then(|| Box::new(bundle.clone()));
        jobs.record(&lease, Recorded::Complete(outcome), of::second(2))
            .await
            .unwrap()
            .expect("the lease is held");
    }
    let found = jobs.find_bundle(&acme(), bundle.bundle_id).await.unwrap().expect("it was sealed");
    assert_eq!(found.outcome().and_then(|outcome| outcome.bundle.clone()), Some(Box::new(bundle.clone())));
    assert_eq!(jobs.find_bundle(&globex(), bundle.bundle_id).await.unwrap(), None);
    assert_eq!(jobs.find_bundle(&acme(), of::bundle(8).bundle_id).await.unwrap(), None);
}

/// Created before this export, the last one of the page before; whether there are older ones.
pub async fn a_list_has_pages(jobs: Store) {
    for number in 0..5 {
        queue(&*jobs, &acme(), number).await;
    }
    let before = |number: u32| JobFilter {
        before: Some(of::export_id(number, of::second(u64::from(number)).wall)),
        ..JobFilter::default()
    };
    assert_eq!(page(&*jobs, &JobFilter::default(), 2).await, (vec![4, 3], true));
    assert_eq!(page(&*jobs, &before(3), 2).await, (vec![2, 1], true));
    assert_eq!(page(&*jobs, &before(1), 2).await, (vec![0], false));
    assert_eq!(page(&*jobs, &before(0), 2).await, (vec![], false));
    assert_eq!(page(&*jobs, &JobFilter::default(), 5).await, (vec![4, 3, 2, 1, 0], false));
}

/// Which jobs a list shows; an absent member does not restrict, and those that are there all do.
pub async fn a_list_has_what_its_filter_names(jobs: Store) {
    for number in 0..24 {
        queue(&*jobs, &acme(), number).await;
    }
    for _ in 0..3 {
        take(&*jobs, 1, of::second(50)).await;
    }
    let everything = jobs.list(&acme(), &JobFilter::default(), 100).await.unwrap().jobs;
    let (kind, format) = (ExportType::VulnerabilityReport, Format::Pdf);
    let (after, before) = (of::second(3).wall, of::second(19).wall);
    let none = JobFilter::default;
    let filters = [
        JobFilter { kind: Some(kind), ..none() },
        JobFilter { format: Some(format), ..none() },
        JobFilter { status: Some(Status::Processing), ..none() },
        JobFilter { status: Some(Status::Queued), ..none() },
        JobFilter { status: Some(Status::Completed), ..none() },
        JobFilter { created_after: Some(after), ..none() },
        JobFilter { created_before: Some(before), ..none() },
        JobFilter {
            kind: Some(kind),
            status: Some(Status::Queued),
            created_after: Some(after),
            created_before: Some(before),
            before: Some(of::export_id(20, of::second(20).wall)),
            ..none()
        },
    ];
    for filter in filters {
        let mut expected = everything.clone();
        expected.retain(|job| filter.kind.is_none_or(|kind| job.request.kind == kind));
        expected.retain(|job| filter.format.is_none_or(|format| job.request.format == format));
        expected.retain(|job| filter.status.is_none_or(|status| job.status() == status));
        expected.retain(|job| filter.created_after.is_none_or(|start| job.created_at >= start));
        expected.retain(|job| filter.created_before.is_none_or(|end| job.created_at < end));
        expected.retain(|job| filter.before.is_none_or(|before| job.id < before));
        let shown = jobs.list(&acme(), &filter, 100).await.unwrap();
        assert_eq!((shown.jobs, shown.more), (expected, false), "{filter:?}");
    }
}

/// The median of the last 20 completed ones of this type and format, from creation to completion.
pub async fn typical_durations_are_the_median_of_the_last_twenty(jobs: Store) {
    let job = of::new_job(0, &acme(), of::second(0).wall);
    let (kind, format) = (job.request.kind, job.request.format);
    assert_eq!(jobs.typical_duration(kind, format).await.unwrap(), None);
    // Each thousandth second a job is created. The first fifteen take 900 seconds, the others 1 to 20.
    for round in 0..35_u32 {
        let created = of::second(u64::from(round) * 1_000);
        let mut insert = of::insert(round, &acme(), created.wall);
        insert.job.request = job.request.clone();
        assert!(matches!(jobs.insert(insert, created).await.unwrap(), Inserted::New(_)));
        let lease = take(&*jobs, 1, created).await.lease;
        let seconds = if round < 15 { 900 } else { u64::from(round) - 14 };
        let end = created.plus(Duration::from_secs(seconds));
        jobs.record(&lease, of::complete(end.wall), end).await.unwrap().expect("the lease is held");
    }
    let typical = jobs.typical_duration(kind, format).await.unwrap().expect("there are thirty-five");
    let middle = Duration::from_secs(10)..=Duration::from_secs(11);
    assert!(middle.contains(&typical), "{typical:?} is not in the middle of 1 to 20 seconds");
    assert_eq!(jobs.typical_duration(ExportType::AuditLog, Format::Csv).await.unwrap(), None);
}

/// How much waits and runs, over all tenants, and when the oldest waiting job was created.
pub async fn depth_counts_what_waits_and_runs(jobs: Store) {
    assert_eq!(jobs.depth().await.unwrap(), QueueDepth::default());
    for number in 0..3 {
        queue(&*jobs, &acme(), number).await;
    }
    queue(&*jobs, &globex(), 3).await;
    let depth = |queued, processing, oldest: Option<u64>| QueueDepth {
        queued,
        processing,
        oldest_queued: oldest.map(|second| of::second(second).wall),
    };
    assert_eq!(jobs.depth().await.unwrap(), depth(4, 0, Some(0)));
    let leases: Vec<_> = jobs.claim(of::claim(1, 10), of::second(10)).await.unwrap();
    assert_eq!(jobs.depth().await.unwrap(), depth(0, 4, None));
    jobs.record(&leases[0].lease, of::complete(of::second(11).wall), of::second(11)).await.unwrap();
    assert_eq!(jobs.depth().await.unwrap(), depth(0, 3, None));
    assert_eq!(jobs.requeue_expired(of::second(1_000)).await.unwrap(), 3);
    let waiting = jobs.depth().await.unwrap();
    assert_eq!((waiting.queued, waiting.processing), (3, 0));
}

/// Hints that something has changed.
pub async fn a_change_gives_a_hint(jobs: Store) {
    let mut hints = jobs.hints();
    for number in 0..3 {
        queue(&*jobs, &acme(), number).await;
        let hint = tokio::time::timeout(PATIENCE, hints.next()).await;
        assert_eq!(hint.expect("a hint comes"), Some(()), "hints end only with the store");
    }
}

/// Workers wake up by hints and claim: if that gave a hint too, they would never sleep.
pub async fn a_claim_that_gives_nothing_gives_no_hint(jobs: Store) {
    let mut hints = jobs.hints();
    assert_eq!(jobs.claim(of::claim(1, 5), of::second(1)).await.unwrap(), []);
    assert_eq!(jobs.requeue_expired(of::second(1)).await.unwrap(), 0);
    assert_eq!(hints.next().now_or_never(), None);
}

/// Succeeds if the store can be read and written.
pub async fn a_store_that_works_passes_its_check(jobs: Store) {
    jobs.check().await.unwrap();
    queue(&*jobs, &acme(), 1).await;
    jobs.check().await.unwrap();
}
