//! What the lock guards.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use export_core::audit::AuditEntry;
use export_core::catalogue::{ExportType, Format};
use export_core::digest::Digest;
use export_core::export::{EventKind, ExportEvent, Progress, Status};
use export_core::id::{ExportId, TenantId};
use export_core::job::{Job, JobEvent, JobState, Lease, RetryPolicy};
use export_core::ports::{
    CancelOutcome, Claim, Claimed, Insert, Inserted, QueueDepth, Recorded, Renewal, RetryOutcome,
};
use export_core::time::{Now, Timestamp};

use super::super::MemoryAudit;

/// Jobs, what was told of them, and whose turn it is.
pub(super) struct Queue {
    max_running: usize,
    max_queued: usize,
    policy: RetryPolicy,
    trail: Arc<MemoryAudit>,
    pub(super) jobs: BTreeMap<ExportId, Job>,
    pub(super) events: Vec<(TenantId, u64, ExportEvent)>,
    keys: BTreeMap<(TenantId, String), (Digest, ExportId)>,
    /// How many turns a tenant has had; one that was idle starts at the clock.
    turns: BTreeMap<TenantId, u64>,
    clock: u64,
}

impl Queue {
    pub(super) const fn new(
        max_running: usize,
        max_queued: usize,
        policy: RetryPolicy,
        trail: Arc<MemoryAudit>,
    ) -> Self {
        Self {
            max_running,
            max_queued,
            policy,
            trail,
            jobs: BTreeMap::new(),
            events: Vec::new(),
            keys: BTreeMap::new(),
            turns: BTreeMap::new(),
            clock: 0,
        }
    }

    pub(super) fn of(&self, tenant: &TenantId, id: ExportId) -> Option<&Job> {
        self.jobs.get(&id).filter(|job| job.tenant == *tenant)
    }

    pub(super) fn insert(&mut self, insert: Insert, now: Now) -> Inserted {
        let tenant = insert.job.tenant.clone();
        let key = insert.idempotency.map(|(key, request)| ((tenant.clone(), key), request));
        if let Some(known) = key.as_ref().and_then(|(key, request)| self.recall(key, request)) {
            return known;
        }
        if self.count(&tenant, Status::Queued) >= self.max_queued {
            return Inserted::QueueFull;
        }
        let job = Job::queued(insert.job, now);
        if let Some((key, request)) = key {
            self.keys.insert(key, (request, job.id));
        }
        self.keep(job.clone(), Some(EventKind::Queued), now);
        self.trail.note(&job.tenant, AuditEntry::requested(&job), now);
        Inserted::New(job)
    }

    pub(super) fn recall(&self, key: &(TenantId, String), request: &Digest) -> Option<Inserted> {
        let (before, id) = self.keys.get(key)?;
        let same = before == request;
        Some(if same { Inserted::Duplicate(self.jobs[id].clone()) } else { Inserted::KeyReused })
    }

    pub(super) fn claim_one(&mut self, claim: Claim, now: Now) -> Option<Claimed> {
        let ready = self.jobs.values().filter(|job| is_ready(job, now.wall));
        let free = ready.filter(|job| self.count(&job.tenant, Status::Processing) < self.max_running);
        let next = free.min_by_key(|job| (self.turns.get(&job.tenant), &job.tenant, job.created_at, job.id));
        let mut job = next?.clone();
        self.clock = *self.turns.get(&job.tenant).unwrap_or(&0);
        self.turns.insert(job.tenant.clone(), self.clock + 1);
        let told = job.apply(claim_of(claim), self.policy, now).expect("a queued job can be claimed");
        self.keep(job.clone(), told, now);
        let JobState::Processing { lease } = job.state else { unreachable!("it was claimed") };
        Some(Claimed { job, lease })
    }

    pub(super) fn renew(&mut self, lease: &Lease, length: Duration, progress: Progress, now: Now) -> Renewal {
        let Some(mut job) = self.held(lease) else { return Renewal::Lost };
        let told = job.renew(length, progress, now);
        self.keep(job.clone(), told, now);
        let JobState::Processing { lease } = job.state else { unreachable!("it is held") };
        if job.cancel_requested { Renewal::CancelRequested(lease) } else { Renewal::Held(lease) }
    }

    pub(super) fn record(&mut self, lease: &Lease, what: Recorded, now: Now) -> Option<Job> {
        let event = match what {
            Recorded::Complete(outcome) => JobEvent::Complete(outcome),
            Recorded::Fail(failure) => JobEvent::Fail(failure),
            Recorded::Release => JobEvent::Release,
        };
        let job = self.apply(self.held(lease)?, event, now)?;
        self.note_end(&job, now);
        Some(job)
    }

    pub(super) fn cancel(&mut self, tenant: &TenantId, id: ExportId, by: &str, now: Now) -> CancelOutcome {
        let Some(job) = self.of(tenant, id).cloned() else { return CancelOutcome::NotFound };
        let Some(cancelled) = self.apply(job.clone(), JobEvent::Cancel, now) else {
            return CancelOutcome::AlreadyEnded(job);
        };
        if let Some(entry) = AuditEntry::cancelled(&job, &cancelled, by) {
            self.trail.note(tenant, entry, now);
        }
        CancelOutcome::Accepted(cancelled)
    }

    pub(super) fn retry(&mut self, tenant: &TenantId, id: ExportId, by: &str, now: Now) -> RetryOutcome {
        let Some(job) = self.of(tenant, id).cloned() else { return RetryOutcome::NotFound };
        let Some(queued) = self.apply(job.clone(), JobEvent::Retry, now) else {
            return RetryOutcome::NotFailed(job);
        };
        self.trail.note(tenant, AuditEntry::retried(&queued, by), now);
        RetryOutcome::Queued(queued)
    }

    pub(super) fn requeue_expired(&mut self, now: Now) -> u64 {
        let is_expired =
            |job: &&Job| matches!(&job.state, JobState::Processing { lease } if lease.is_expired(now.tick));
        let expired: Vec<_> = self.jobs.values().filter(is_expired).cloned().collect();
        let count = expired.len() as u64;
        for job in expired {
            let job = self.apply(job, JobEvent::Expire, now).expect("a processing job can expire");
            self.note_end(&job, now);
        }
        count
    }

    pub(super) fn typical_duration(&self, kind: ExportType, format: Format) -> Option<Duration> {
        let of_kind =
            self.jobs.values().filter(|job| (job.request.kind, job.request.format) == (kind, format));
        let mut completed: Vec<_> =
            of_kind.filter_map(|job| Some((job.outcome()?, job.created_at))).collect();
        completed.sort_by_key(|(outcome, _)| std::cmp::Reverse(outcome.completed_at));
        let millis = |(outcome, created): &(_, Timestamp)| {
            let outcome: &&export_core::job::Outcome = outcome;
            u64::try_from(outcome.completed_at.as_millis() - created.as_millis()).unwrap_or(0)
        };
        let mut last: Vec<u64> = completed.iter().take(20).map(millis).collect();
        last.sort_unstable();
        last.get(last.len() / 2).copied().map(Duration::from_millis)
    }

    pub(super) fn depth(&self) -> QueueDepth {
        let with = |status| self.jobs.values().filter(move |job| job.status() == status);
        QueueDepth {
            queued: with(Status::Queued).count() as u64,
            processing: with(Status::Processing).count() as u64,
            oldest_queued: with(Status::Queued).map(|job| job.created_at).min(),
        }
    }

    fn held(&self, lease: &Lease) -> Option<Job> {
        self.jobs.get(&lease.job).filter(|job| job.is_held_by(lease)).cloned()
    }

    /// The job after `event`, none if it was refused.
    fn apply(&mut self, mut job: Job, event: JobEvent, now: Now) -> Option<Job> {
        let told = job.apply(event, self.policy, now).ok()?;
        self.keep(job.clone(), told, now);
        Some(job)
    }

    fn note_end(&self, job: &Job, now: Now) {
        if let Some(entry) = AuditEntry::ended(job) {
            self.trail.note(&job.tenant, entry, now);
        }
    }

    fn keep(&mut self, job: Job, told: Option<EventKind>, now: Now) {
        if job.status() == Status::Queued {
            self.wake(&job.tenant);
        }
        if let Some(kind) = told {
            let id = self.events.len() as u64 + 1;
            self.events.push((job.tenant.clone(), id, job.to_event(id, kind, now.wall)));
        }
        self.jobs.insert(job.id, job);
    }

    /// A tenant that had nothing queued has had as many turns as whoever is served now.
    fn wake(&mut self, tenant: &TenantId) {
        let idle = self.count(tenant, Status::Queued) == 0;
        let turns = self.turns.entry(tenant.clone()).or_default();
        if idle {
            *turns = (*turns).max(self.clock);
        }
    }

    fn count(&self, tenant: &TenantId, status: Status) -> usize {
        self.jobs.values().filter(|job| job.tenant == *tenant && job.status() == status).count()
    }
}

const fn claim_of(claim: Claim) -> JobEvent {
    JobEvent::Claim { worker: claim.worker, lease: claim.lease }
}

fn is_ready(job: &Job, at: Timestamp) -> bool {
    matches!(job.state, JobState::Queued { not_before, .. } if not_before <= at)
}
