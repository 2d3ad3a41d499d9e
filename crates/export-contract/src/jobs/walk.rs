//! Random walks: a store and the pure [`Job`] go the same way, step by step.

use std::collections::BTreeMap;
use std::time::Duration;

use export_core::code::Code;
use export_core::export::{EventKind, Status};
use export_core::id::{ExportId, TenantId};
use export_core::job::{Job, JobEvent, JobState, Lease};
use export_core::ports::{CancelOutcome, Inserted, Recorded, Renewal, RetryOutcome};
use export_core::time::{Now, Timestamp};

use super::{Jobs, MAX_QUEUED, MAX_RUNNING, POLICY, Store, all_events};
use crate::corpus::{Draw, job as of};

/// One step of a walk. Numbers choose among what there is, whatever that is by then.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Queue a job of one of three tenants.
    Insert(u8),
    /// Claim up to so many jobs for one of four workers.
    Claim(u8, u8),
    /// Renew one of the leases that were ever given, with so much progress.
    Renew(u8, u8),
    /// End the attempt of one of the leases that were ever given, in one of five ways.
    Record(u8, u8),
    /// Cancel one of the jobs.
    Cancel(u8),
    /// Retry one of the jobs.
    Retry(u8),
    /// Let so many seconds pass.
    Wait(u8),
    /// Take expired leases.
    Expire,
    /// Boot the machine.
    Reboot,
}

impl Step {
    /// The step that four numbers choose.
    #[must_use]
    pub const fn of(choice: u8, a: u8, b: u8) -> Self {
        match choice % 16 {
            0..=3 => Self::Insert(a),
            4..=6 => Self::Claim(a, b % 5),
            7 => Self::Renew(a, b),
            8..=10 => Self::Record(a, b),
            11 => Self::Cancel(a),
            12 => Self::Retry(a),
            13 => Self::Wait(a),
            14 => Self::Expire,
            _ => {
                if a.is_multiple_of(8) {
                    Self::Reboot
                } else {
                    Self::Wait(a)
                }
            }
        }
    }
}

/// Every change goes through [`Job::apply`].
pub async fn random_walks_agree_with_the_pure_job(jobs: Store) {
    let mut draw = Draw::new(20_261_123);
    let byte = |draw: &mut Draw| u8::try_from(draw.below(256)).unwrap();
    let steps: Vec<_> =
        (0..400).map(|_| Step::of(byte(&mut draw), byte(&mut draw), byte(&mut draw))).collect();
    walk(&*jobs, &steps).await;
}

/// Walks `steps` from an empty store, and panics where the store leaves the way of the pure job.
pub async fn walk(jobs: &dyn Jobs, steps: &[Step]) {
    let mut walker =
        Walker { jobs, model: BTreeMap::new(), leases: vec![], told: vec![], now: of::second(0) };
    for step in steps {
        walker.step(*step).await;
    }
    walker.compare().await;
}

/// Who cancels and retries.
const WHO: &str = "ann@example.org";

struct Walker<'a> {
    jobs: &'a dyn Jobs,
    model: BTreeMap<ExportId, Job>,
    leases: Vec<Lease>,
    told: Vec<(TenantId, EventKind, ExportId)>,
    now: Now,
}

fn tenants() -> [TenantId; 3] {
    ["a", "b", "c"].map(of::tenant)
}

impl Walker<'_> {
    async fn step(&mut self, step: Step) {
        // Each step takes a moment, so that the order of jobs is clear.
        self.now = self.now.plus(Duration::from_millis(1));
        match step {
            Step::Insert(tenant) => self.insert(&tenants()[usize::from(tenant) % 3]).await,
            Step::Claim(worker, limit) => self.claim(worker % 4, usize::from(limit)).await,
            Step::Renew(lease, rows) => {
                if let Some(lease) = self.lease(lease) {
                    self.renew(lease, u64::from(rows % 4)).await;
                }
            }
            Step::Record(lease, what) => {
                if let Some(lease) = self.lease(lease) {
                    self.record(lease, what).await;
                }
            }
            Step::Cancel(job) => self.cancel(job).await,
            Step::Retry(job) => self.retry(job).await,
            Step::Wait(seconds) => self.now = self.now.plus(Duration::from_secs(u64::from(seconds))),
            Step::Expire => self.expire().await,
            Step::Reboot => (self.now.tick.boot, self.now.tick.millis) = (self.now.tick.boot + 1, 0),
        }
    }

    async fn insert(&mut self, tenant: &TenantId) {
        let number = u32::try_from(self.model.len()).unwrap();
        let insert = of::insert(number, tenant, self.now.wall);
        let full = self.count(tenant, Status::Queued) >= MAX_QUEUED;
        let job = Job::queued(insert.job.clone(), self.now);
        let inserted = self.jobs.insert(insert, self.now).await.unwrap();
        assert_eq!(inserted, if full { Inserted::QueueFull } else { Inserted::New(job.clone()) });
        if !full {
            self.note(job, Some(EventKind::Queued));
        }
    }

    async fn claim(&mut self, worker: u8, limit: usize) {
        let expected = self.claimable().min(limit);
        let claimed = self.jobs.claim(of::claim(worker, limit), self.now).await.unwrap();
        assert_eq!(claimed.len(), expected, "so many jobs could be given");
        for one in claimed {
            let oldest = self.ready(&one.job.tenant).min_by_key(|job| (job.created_at, job.id));
            assert_eq!(oldest.map(|job| job.id), Some(one.job.id), "the oldest of the tenant");
            let claim = JobEvent::Claim { worker: of::worker(worker), lease: of::LEASE };
            self.apply(one.job.id, claim).expect("a job that is given was queued");
            assert_eq!(one.job, self.model[&one.job.id]);
            assert_eq!(JobState::Processing { lease: one.lease }, one.job.state);
            self.leases.push(one.lease);
        }
    }

    async fn renew(&mut self, lease: Lease, rows: u64) {
        let progress = of::progress(rows);
        let renewal = self.jobs.renew(&lease, of::LEASE, progress, self.now).await.unwrap();
        let mut job = self.model[&lease.job].clone();
        if !job.is_held_by(&lease) {
            assert_eq!(renewal, Renewal::Lost);
            return;
        }
        let told = job.renew(of::LEASE, progress, self.now);
        let JobState::Processing { lease } = job.state else { unreachable!("it is held") };
        let held = if job.cancel_requested { Renewal::CancelRequested } else { Renewal::Held };
        assert_eq!(renewal, held(lease));
        self.note(job, told);
    }

    async fn record(&mut self, lease: Lease, what: u8) {
        let (what, event) = ending(what, self.now.wall);
        let recorded = self.jobs.record(&lease, what, self.now).await.unwrap();
        let held = self.model[&lease.job].is_held_by(&lease);
        assert_eq!(recorded, if held { self.apply(lease.job, event) } else { None });
    }

    async fn cancel(&mut self, job: u8) {
        let Some(job) = self.job(job) else { return };
        let cancelled = self.jobs.cancel(&job.tenant, job.id, WHO, self.now).await.unwrap();
        let expected = self.apply(job.id, JobEvent::Cancel);
        assert_eq!(cancelled, expected.map_or(CancelOutcome::AlreadyEnded(job), CancelOutcome::Accepted));
    }

    async fn retry(&mut self, job: u8) {
        let Some(job) = self.job(job) else { return };
        let retried = self.jobs.retry(&job.tenant, job.id, WHO, self.now).await.unwrap();
        let expected = self.apply(job.id, JobEvent::Retry);
        assert_eq!(retried, expected.map_or(RetryOutcome::NotFailed(job), RetryOutcome::Queued));
    }

    async fn expire(&mut self) {
        let now = self.now.tick;
        let expired =
            |job: &&Job| matches!(&job.state, JobState::Processing { lease } if lease.is_expired(now));
        let ids: Vec<_> = self.model.values().filter(expired).map(|job| job.id).collect();
        let taken = self.jobs.requeue_expired(self.now).await.unwrap();
        assert_eq!(taken, ids.len() as u64);
        // Which of them is told first is the store's choice.
        let mut order: Vec<(u64, ExportId)> = Vec::new();
        for id in ids {
            let job = &self.model[&id];
            let of_job = all_events(self.jobs, &job.tenant).await;
            let last = of_job.iter().rev().find(|event| event.export_id == id).expect("it was told");
            order.push((last.id.parse().unwrap(), id));
        }
        order.sort_unstable();
        for (_, id) in order {
            self.apply(id, JobEvent::Expire).expect("a processing job can expire");
        }
    }

    /// Applies `event` to the model; the changed job, none if it was refused.
    fn apply(&mut self, id: ExportId, event: JobEvent) -> Option<Job> {
        let mut job = self.model[&id].clone();
        let told = job.apply(event, POLICY, self.now).ok()?;
        self.note(job.clone(), told);
        Some(job)
    }

    fn note(&mut self, job: Job, told: Option<EventKind>) {
        self.told.extend(told.map(|kind| (job.tenant.clone(), kind, job.id)));
        self.model.insert(job.id, job);
    }

    /// At the end, everything that can be read agrees.
    async fn compare(&self) {
        for job in self.model.values() {
            assert_eq!(self.jobs.get(&job.tenant, job.id).await.unwrap().as_ref(), Some(job));
        }
        for tenant in tenants() {
            let told = all_events(self.jobs, &tenant).await;
            let told: Vec<_> = told.into_iter().map(|event| (event.event, event.export_id)).collect();
            let of_tenant = self.told.iter().filter(|(owner, _, _)| *owner == tenant);
            assert_eq!(told, of_tenant.map(|(_, kind, id)| (*kind, *id)).collect::<Vec<_>>());
        }
        let depth = self.jobs.depth().await.unwrap();
        let count = |status| self.model.values().filter(|job| job.status() == status).count() as u64;
        assert_eq!((depth.queued, depth.processing), (count(Status::Queued), count(Status::Processing)));
    }

    fn lease(&self, choice: u8) -> Option<Lease> {
        // The youngest leases are the ones that may still be held.
        let young = &self.leases[self.leases.len().saturating_sub(12)..];
        (!young.is_empty()).then(|| young[usize::from(choice) % young.len()])
    }

    fn job(&self, choice: u8) -> Option<Job> {
        let index = usize::from(choice) % self.model.len().max(1);
        self.model.values().nth(index).cloned()
    }

    fn ready<'a>(&'a self, tenant: &'a TenantId) -> impl Iterator<Item = &'a Job> {
        let is_ready = |job: &&Job| matches!(job.state, JobState::Queued { not_before, .. } if not_before <= self.now.wall);
        self.model.values().filter(move |job| job.tenant == *tenant).filter(is_ready)
    }

    fn count(&self, tenant: &TenantId, status: Status) -> usize {
        self.model.values().filter(|job| job.tenant == *tenant && job.status() == status).count()
    }

    fn claimable(&self) -> usize {
        let of_tenant = |tenant: &TenantId| {
            let room = MAX_RUNNING.saturating_sub(self.count(tenant, Status::Processing));
            self.ready(tenant).count().min(room)
        };
        tenants().iter().map(of_tenant).sum()
    }
}

fn ending(choice: u8, at: Timestamp) -> (Recorded, JobEvent) {
    let what = match choice % 5 {
        0 | 1 => of::complete(at),
        2 => of::fail(Code::StorageUnavailable),
        3 => of::fail(Code::TemplateError),
        _ => Recorded::Release,
    };
    let event = match what.clone() {
        Recorded::Complete(outcome) => JobEvent::Complete(outcome),
        Recorded::Fail(failure) => JobEvent::Fail(failure),
        Recorded::Release => JobEvent::Release,
    };
    (what, event)
}
