//! The ports in memory, and engines and workers over them.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::time::Duration;

use export_contract::{ManualClock, MemoryArtifacts, MemoryJobs, MemorySources, MemoryTemplates, corpus};
use export_core::id::{ExportId, TenantId};
use export_core::job::{Job, RetryPolicy};
use export_core::ports::{JobReader as _, Renderer};
use export_core::time::{Clock as _, Now};
use export_engine::{
    Caller, Engine, Entropy, Limits, Parts, Sources, Submitted, WorkerSettings, Writers, run_worker,
};
use tempfile::TempDir;
use tokio::task::JoinHandle;
use tokio_util::sync::{CancellationToken, DropGuard};

use super::{LOOK, Lines, PATIENCE};

/// Leases by the manual clock: they run out only when a test says so.
pub(crate) const LEASE: Duration = Duration::from_millis(600);
/// A request for all that the bench has.
pub(crate) const REQUEST: &str =
    r#"{"type":"scan_report","format":"json","scope":{"scan_ids":["scan-0","scan-1","scan-2"]}}"#;

/// Everything that outlives an engine.
pub(crate) struct Bench {
    pub(crate) tenant: TenantId,
    pub(crate) jobs: Arc<MemoryJobs>,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) shelf: Arc<MemoryArtifacts>,
    pub(crate) sources: Arc<MemorySources>,
    pub(crate) rows: u64,
    scratch: TempDir,
    numbers: Arc<Numbers>,
}

impl Bench {
    /// A bench whose three scans have so many findings together, and whose failed attempts wait for nothing.
    pub(crate) fn new(rows: u64) -> Self {
        let policy = RetryPolicy { attempts: 5, crashes: 8, base: Duration::ZERO, cap: Duration::ZERO };
        let tenant = corpus::job::tenant("acme");
        let known = (0..rows).map(corpus::intelligence).collect();
        let sources = MemorySources::of(&tenant, &corpus::records(rows)).with_intelligence(&tenant, known);
        Self {
            jobs: Arc::new(MemoryJobs::new(8, 100, policy)),
            clock: Arc::new(ManualClock::new(Now::at(corpus::AT))),
            shelf: Arc::default(),
            sources: Arc::new(sources),
            rows,
            scratch: tempfile::tempdir().unwrap(),
            numbers: Arc::default(),
            tenant,
        }
    }

    /// The ports as they are, without any fault, and a renderer that works.
    pub(crate) fn parts(&self) -> Parts {
        Parts {
            jobs: self.jobs.clone(),
            reader: self.jobs.clone(),
            artifacts: self.shelf.clone(),
            audit: self.jobs.trail(),
            templates: Arc::new(MemoryTemplates::new(self.jobs.trail())),
            sources: Sources {
                scans: self.sources.clone(),
                verdicts: self.sources.clone(),
                vex: self.sources.clone(),
                sboms: self.sources.clone(),
                attestations: self.sources.clone(),
                intelligence: self.sources.clone(),
                audit: self.jobs.trail(),
            },
            writers: renderers(Lines::default()),
            clock: self.clock.clone(),
            entropy: self.numbers.clone(),
        }
    }

    /// The same ports with another renderer.
    pub(crate) fn rendering(&self, renderer: Lines) -> Parts {
        Parts { writers: renderers(renderer), ..self.parts() }
    }

    pub(crate) fn limits(&self) -> Limits {
        Limits {
            scratch: self.scratch.path().to_owned(),
            snapshot_bytes: 1 << 30,
            render: PATIENCE,
            retention_days: 30,
        }
    }

    pub(crate) fn scratch(&self) -> &Path {
        self.scratch.path()
    }

    /// Submits [`REQUEST`] through ports without faults.
    pub(crate) async fn submit(&self) -> Job {
        let engine = Engine::new(self.parts(), self.limits());
        let Submitted { job, replayed, .. } = engine.submit(self.caller(), REQUEST.as_bytes()).await.unwrap();
        assert!(!replayed);
        job
    }

    pub(crate) fn caller(&self) -> Caller {
        Caller {
            tenant: self.tenant.clone(),
            subject: "ann@example.org".to_owned(),
            traceparent: None,
            idempotency_key: None,
        }
    }

    /// Starts a worker over `parts`.
    pub(crate) fn worker(&self, parts: Parts) -> Worker {
        self.worker_with(parts, self.limits(), PATIENCE)
    }

    /// Starts a worker that has one thread for everything: a [`Gate::freezing`](super::Gate::freezing) freezes it whole,
    /// with its heartbeat, as a process is frozen.
    pub(crate) fn lone_worker(&self, parts: Parts) -> Worker {
        let (working, stop) = self.work(parts, self.limits(), PATIENCE);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        Worker { task: tokio::task::spawn_blocking(move || runtime.block_on(working)), stop }
    }

    /// Starts a worker with these limits that lets its attempts go on for `grace` when it is stopped.
    pub(crate) fn worker_with(&self, parts: Parts, limits: Limits, grace: Duration) -> Worker {
        let (working, stop) = self.work(parts, limits, grace);
        Worker { task: tokio::spawn(working), stop }
    }

    fn work(
        &self,
        parts: Parts,
        limits: Limits,
        grace: Duration,
    ) -> (impl Future<Output = ()> + Send + 'static, DropGuard) {
        let mut id = [0; 16];
        self.numbers.fill(&mut id);
        let id = export_core::job::WorkerId::new(id);
        let settings = WorkerSettings { id, concurrency: 1, lease: LEASE, grace };
        let stop = CancellationToken::new();
        let engine = Arc::new(Engine::new(parts, limits));
        (run_worker(engine, settings, stop.clone()), stop.drop_guard())
    }

    pub(crate) async fn job(&self, id: ExportId) -> Job {
        self.jobs.get(&self.tenant, id).await.unwrap().expect("it was submitted")
    }

    /// The job once `is` holds for it.
    pub(crate) async fn job_when(&self, id: ExportId, is: impl Fn(&Job) -> bool) -> Job {
        let waiting = async {
            loop {
                let job = self.job(id).await;
                if is(&job) {
                    return job;
                }
                tokio::time::sleep(LOOK).await;
            }
        };
        let found = tokio::time::timeout(PATIENCE, waiting).await;
        let Ok(found) = found else { panic!("it never came so far: {:?}", self.job(id).await) };
        found
    }

    /// The job once it has ended.
    pub(crate) async fn ended(&self, id: ExportId) -> Job {
        self.job_when(id, |job| job.status().is_ended()).await
    }

    /// The same; leases that nobody ends run out meanwhile.
    pub(crate) async fn ended_at_last(&self, id: ExportId) -> Job {
        let later = async {
            loop {
                tokio::time::sleep(Duration::from_millis(300)).await;
                self.clock.advance(LEASE);
            }
        };
        tokio::select! {
            job = self.ended(id) => job,
            () = later => unreachable!("time goes on for ever"),
        }
    }

    /// Lets the lease of `job` run out: its worker is taken for dead.
    pub(crate) async fn expire(&self) {
        use export_core::ports::JobStore as _;
        // Taken first, so that no heartbeat can come in between.
        let later = self.clock.now().plus(LEASE);
        assert_eq!(self.jobs.requeue_expired(later).await.unwrap(), 1);
        self.clock.advance(LEASE);
    }
}

fn renderers(renderer: Lines) -> Writers {
    let renderer: Arc<dyn Renderer> = Arc::new(renderer);
    Writers::new(vec![renderer], vec![])
}

/// A worker that stops with the test.
pub(crate) struct Worker {
    task: JoinHandle<()>,
    stop: DropGuard,
}

impl Worker {
    /// Asks it to stop, at once; what is returned waits until it has.
    pub(crate) fn stop(self) -> impl Future<Output = ()> {
        drop(self.stop);
        async {
            let ended = tokio::time::timeout(PATIENCE, self.task).await;
            ended.expect("a worker that is stopped ends").expect("it did not panic");
        }
    }
}

/// Bytes that differ from call to call, and not from run to run.
#[derive(Default)]
struct Numbers(AtomicU8);

impl Entropy for Numbers {
    fn fill(&self, bytes: &mut [u8]) {
        bytes.fill(self.0.fetch_add(1, Ordering::Relaxed) + 1);
    }
}
