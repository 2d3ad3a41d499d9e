//! One attempt: gather, render, store, record, under a lease.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use export_core::code::Code;
use export_core::digest::Digest;
use export_core::error::PortError;
use export_core::export::Stage;
use export_core::id::ExportId;
use export_core::job::{Failure, Job, Lease, Outcome};
use export_core::manifest::{BundleClaim, Generator, MANIFEST_NAME, Manifest, SnapshotRecord};
use export_core::ports::{Claimed, Recorded, Renewal, Snapshot, SnapshotFacts};
use export_core::template::is_custom;
use export_core::time::Timestamp;
use futures::FutureExt as _;
use tokio_util::task::AbortOnDropHandle;
use tracing::Instrument as _;

use crate::baseline::{Comparison, compare};
use crate::produce::{Fresh, Place, produce};
use crate::pulse::Stop;
use crate::render::{Order, Output};
use crate::store::Uploads;
use crate::{AttemptPulse, Engine, Entropy, Fault, Traceparent, Wanted, gather, heartbeat, metrics, trace};

/// Runs one claimed job to its end, and records what became of it. Never fails: what goes wrong is recorded.
pub(crate) async fn run(engine: Arc<Engine>, claimed: Claimed, lease: Duration, pulse: Arc<AttemptPulse>) {
    let trace = claimed.job.traceparent.as_deref().and_then(|text| text.parse::<Traceparent>().ok());
    let span = tracing::info_span!(
        "export-request",
        trace_id = trace.map(|it| it.trace_id()),
        tenant = %claimed.job.tenant,
        export_id = %claimed.job.id,
        attempt = claimed.job.attempt,
        fence = claimed.lease.fence
    );
    trace::within(trace, under_lease(&engine, claimed, lease, pulse)).instrument(span).await;
}

async fn under_lease(engine: &Engine, claimed: Claimed, length: Duration, pulse: Arc<AttemptPulse>) {
    let Claimed { job, lease } = claimed;
    // Ends with this function, however that ends: a heartbeat that outlived its attempt would hold the job for ever.
    let _beating = AbortOnDropHandle::new(tokio::spawn(heartbeat::keep(
        Arc::clone(&engine.parts.jobs),
        Arc::clone(&engine.parts.clock),
        lease,
        length,
        Arc::clone(&pulse),
    )));
    let attempt = Attempt { engine, job: &job, lease: &lease, length, pulse: &pulse };
    let store = Arc::clone(&engine.parts.artifacts);
    let mut uploads = Uploads::new(store, job.prefix(lease.fence), Arc::clone(&pulse));
    tracing::info!("attempt started");
    let produced = AssertUnwindSafe(attempt.produce(&mut uploads)).catch_unwind().await;
    let produced = produced.unwrap_or_else(|_| Err(Fault::new(Code::Internal, "a step panicked")));
    attempt.record(produced, &mut uploads).await;
}

struct Attempt<'a> {
    engine: &'a Engine,
    job: &'a Job,
    lease: &'a Lease,
    length: Duration,
    pulse: &'a Arc<AttemptPulse>,
}

impl Attempt<'_> {
    /// Everything up to the manifest. The job's row decides whether it counts.
    async fn produce(&self, uploads: &mut Uploads) -> Result<Outcome, Fault> {
        let (parts, limits) = (&self.engine.parts, &self.engine.limits);
        let earlier: Vec<String> = (1..self.lease.fence).map(|fence| self.job.prefix(fence)).collect();
        uploads.sweep_earlier(&earlier).await?;
        let taken_at = parts.clock.now().wall;
        let request = &self.job.request;
        let wanted = Wanted::by(&request.scope, std::slice::from_ref(request));
        let snapshot = gather(&parts.sources, &self.job.tenant, wanted, limits, taken_at, self.pulse)
            .instrument(tracing::info_span!("data-gather"))
            .await?;
        let with = request.options.baseline.as_ref().map(|baseline| Comparison { baseline, wanted });
        let whose = (&self.job.tenant, taken_at);
        let snapshot = compare(snapshot, with, &parts.sources, whose, (limits, self.pulse)).await?;
        let folder = tempfile::Builder::new().prefix("export-render-").tempdir_in(&limits.scratch);
        let folder = folder.map_err(|error| Fault::of_scratch("make a scratch folder", error))?;
        let order = self.order(snapshot).await?;
        let (now, random) = (|| parts.clock.now(), |_: &Digest| random(&*parts.entropy));
        let fresh = Fresh { now: &now, random: &random };
        let place = Place { folder: folder.path(), limits, fresh, pulse: self.pulse };
        let output = produce(&order, request, &parts.writers, place).await?;
        let facts = order.snapshot.facts();
        self.pulse.enter(Stage::Store, Some(facts.rows_matched()));
        self.pulse.add(facts.rows_matched());
        for file in &output.files {
            uploads.file(&file.artifact, &file.path).await?;
        }
        self.check_lease().await?;
        self.seal_off(facts, output, uploads).await
    }

    /// With the tenant's own template that the request names; one that has gone is the renderer's to tell of.
    async fn order(&self, snapshot: Arc<dyn Snapshot>) -> Result<Order, Fault> {
        let named = self.job.request.options.template.as_deref().filter(|name| is_custom(name));
        let template = match named {
            Some(name) => {
                let reading = self.engine.parts.templates.get(&self.job.tenant, name, None);
                self.pulse.until_stopped(reading).await.map_err(Fault::of_storage)?
            }
            None => None,
        };
        Ok(Order {
            export_id: self.job.id,
            tenant: self.job.tenant.clone(),
            created_at: self.job.created_at,
            scope: self.job.request.scope.clone(),
            template: template.map(Arc::new),
            snapshot,
        })
    }

    /// A worker that was frozen learns here that it is no longer wanted, before its manifest exists.
    async fn check_lease(&self) -> Result<(), Fault> {
        let parts = &self.engine.parts;
        let renewing = parts.jobs.renew(self.lease, self.length, self.pulse.progress(), parts.clock.now());
        match self.pulse.until_stopped(renewing).await.map_err(Fault::of_storage)? {
            Renewal::Held(_) => Ok(()),
            Renewal::CancelRequested(_) => {
                self.pulse.stop(Stop::Cancelled);
                Err(Fault::new(Code::Cancelled, "the export was cancelled"))
            }
            Renewal::Lost => {
                self.pulse.stop(Stop::Lost);
                Err(Fault::new(Code::LeaseExpired, "another worker has the job"))
            }
        }
    }

    /// Writes the manifest, the last artifact of an attempt.
    async fn seal_off(
        &self,
        facts: &SnapshotFacts,
        output: Output,
        uploads: &mut Uploads,
    ) -> Result<Outcome, Fault> {
        let completed_at = self.engine.parts.clock.now().wall;
        let days =
            self.job.request.options.retention_days.map_or(self.engine.limits.retention_days, Into::into);
        let expires_at = Some(completed_at.plus(Duration::from_secs(u64::from(days) * 86_400)));
        let bundle = output.bundle.clone().map(Box::new);
        let manifest = manifest(self.job, facts, output, completed_at, expires_at);
        let bytes = serde_json::to_vec_pretty(&manifest).map_err(|error| {
            Fault::new(Code::Internal, format!("the manifest cannot be written: {error}"))
        })?;
        let stored = uploads.bytes(MANIFEST_NAME, "application/json", bytes).await?;
        let Manifest { mut artifacts, warnings, .. } = manifest;
        artifacts.push(stored);
        let prefix = self.job.prefix(self.lease.fence);
        Ok(Outcome { completed_at, expires_at, prefix, artifacts, warnings, bundle })
    }

    async fn record(&self, produced: Result<Outcome, Fault>, uploads: &mut Uploads) {
        let what = match (produced, self.pulse.why()) {
            (Ok(outcome), None | Some(Stop::Shutdown | Stop::Deadline)) => {
                return self.complete(outcome, uploads).await;
            }
            (_, Some(Stop::Lost)) => {
                tracing::warn!("the lease was lost; what this attempt wrote is taken back");
                return uploads.take_back().await;
            }
            (_, Some(Stop::Cancelled)) => Recorded::Fail(cancelled()),
            (Err(_), Some(Stop::Shutdown)) => Recorded::Release,
            (Err(fault), None | Some(Stop::Deadline)) => {
                log(&fault);
                Recorded::Fail(fault.to_failure())
            }
        };
        uploads.take_back().await;
        if let Noted::Job(job) = self.note(what).await {
            self.told(&job);
        }
    }

    async fn complete(&self, outcome: Outcome, uploads: &mut Uploads) {
        let took = self.engine.parts.clock.now().wall.as_millis() - self.job.created_at.as_millis();
        let took = Duration::from_millis(u64::try_from(took).unwrap_or(0));
        let size = outcome.artifacts.first().map_or(0, |artifact| artifact.size);
        match self.note(Recorded::Complete(outcome)).await {
            Noted::Job(_) => {
                metrics::completed(self.job.request.kind, self.job.request.format, took, size);
                tracing::info!(took_ms = took.as_millis(), size, "export completed");
            }
            Noted::Refused => {
                // Either another worker has the job, or a cancel came first. The second can still be noted.
                tracing::warn!("the outcome was not wanted any more; what this attempt wrote is taken back");
                uploads.take_back().await;
                if let Noted::Job(job) = self.note(Recorded::Fail(cancelled())).await {
                    self.told(&job);
                }
            }
            Noted::Unknown => tracing::error!("whether the outcome was noted is unknown; the lease decides"),
        }
    }

    /// Notes the end of the attempt; tries again while the store does not answer, for the call may be repeated.
    async fn note(&self, what: Recorded) -> Noted {
        for pause in [50, 200, 1_000, 0] {
            match self.try_note(&what).await {
                Ok(Some(job)) => return Noted::Job(Box::new(job)),
                Ok(None) => return Noted::Refused,
                Err(error) => tracing::warn!(%error, "the end of the attempt was not noted"),
            }
            tokio::time::sleep(Duration::from_millis(pause)).await;
        }
        Noted::Unknown
    }

    /// A refused call may be the repetition of one whose reply was lost: then the job says already what it was told.
    async fn try_note(&self, what: &Recorded) -> Result<Option<Job>, PortError> {
        let parts = &self.engine.parts;
        let job = parts.jobs.record(self.lease, what.clone(), parts.clock.now()).await?;
        if job.is_some() {
            return Ok(job);
        }
        let found = parts.reader.get(&self.job.tenant, self.job.id).await?;
        Ok(found.filter(|job| match what {
            Recorded::Complete(ours) => job.outcome() == Some(ours),
            Recorded::Fail(ours) => job.fence == self.lease.fence && job.failure() == Some(ours),
            Recorded::Release => false,
        }))
    }

    fn told(&self, job: &Job) {
        let Some(failure) = job.failure() else { return };
        if job.status().is_ended() {
            metrics::failed(job.request.kind, failure.code);
            tracing::warn!(code = %failure.code, "export failed");
        } else {
            metrics::retried(job.request.kind, failure.code);
            tracing::info!(code = %failure.code, "the export is tried again");
        }
    }
}

enum Noted {
    Job(Box<Job>),
    Refused,
    Unknown,
}

fn manifest(
    job: &Job,
    facts: &SnapshotFacts,
    output: Output,
    completed_at: Timestamp,
    expires_at: Option<Timestamp>,
) -> Manifest {
    let mut warnings = facts.warnings.clone();
    warnings.extend(output.warnings);
    Manifest {
        export_id: job.id,
        tenant: job.tenant.clone(),
        kind: job.request.kind,
        format: job.request.format,
        created_at: job.created_at,
        completed_at,
        expires_at,
        request: job.request.clone(),
        snapshot: SnapshotRecord {
            taken_at: facts.taken_at,
            rows_matched: facts.rows_matched(),
            digest: facts.digest,
            sources: facts.sources.clone(),
        },
        generator: Generator::this(),
        template: output.template,
        artifacts: output.files.into_iter().map(|file| file.artifact).collect(),
        warnings,
        bundle: output.bundle.map(|record| BundleClaim {
            bundle_id: record.bundle_id,
            merkle_root: format!("sha256:{}", record.merkle_root),
        }),
    }
}

fn random(entropy: &dyn Entropy) -> [u8; 10] {
    let mut bytes = [0; 10];
    entropy.fill(&mut bytes);
    bytes
}

fn cancelled() -> Failure {
    Failure::new(Code::Cancelled, "the export was cancelled")
}

fn log(fault: &Fault) {
    let cause = std::error::Error::source(fault).map(ToString::to_string);
    tracing::warn!(code = %fault.code, cause, "attempt failed: {fault}");
}

/// The id of an export that no server knows: for conversions without a job store.
pub(crate) fn unlisted_id(at: Timestamp) -> ExportId {
    ExportId::new(at, &[0; 10])
}
