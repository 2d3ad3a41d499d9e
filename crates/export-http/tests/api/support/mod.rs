//! A server on a loopback port, and what surrounds it.

pub(crate) mod fakes;
pub(crate) mod shapes;

use std::sync::Arc;
use std::time::Duration;

use export_artifacts::{HmacLinks, LinkKey};
use export_contract::{
    Faulty, MemoryArtifacts, MemoryAudit, MemoryJobs, MemorySigner, MemorySources, MemoryTemplates, When,
    corpus,
};
use export_core::id::TenantId;
use export_core::job::{RetryPolicy, WorkerId};
use export_core::ports::{JobReader, JobStore};
use export_engine::{Engine, Limits, Parts, SealLog, Sealing, Sources, WorkerSettings, Writers, run_worker};
use export_http::{Api, HttpSettings, Readiness};
use export_pack::ZipPackager;
use reqwest::{Method, RequestBuilder, Response};
use serde_json::Value;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use url::Url;

use self::fakes::{Gate, RepeatableEntropy, SteppedClock, Tokens, Trial, renderers};

/// The most exports that a tenant may have queued here.
pub(crate) const MAX_QUEUED: usize = 8;
/// A request that the worker completes.
pub(crate) const JSON: &str = r#"{"type":"scan_report","format":"json","scope":{"scan_ids":["scan-0"]}}"#;
/// A request whose rendering waits for the gate.
pub(crate) const GATED: &str = r#"{"type":"scan_report","format":"pdf","scope":{"scan_ids":["scan-0"]}}"#;
/// A request whose rendering fails.
pub(crate) const FAILING: &str = r#"{"type":"scan_report","format":"sarif","scope":{"scan_ids":["scan-0"]}}"#;
/// A request whose artifact is large.
pub(crate) const LARGE: &str =
    r#"{"type":"vulnerability_report","format":"csv","scope":{"scan_ids":["scan-0"]}}"#;

pub(crate) struct World {
    public: Url,
    pub(crate) base: Url,
    pub(crate) http: reqwest::Client,
    pub(crate) jobs: Arc<MemoryJobs>,
    /// What the server has instead of `jobs`: it can be made to fail.
    pub(crate) job_store: Arc<Faulty<MemoryJobs>>,
    pub(crate) artifacts: MemoryArtifacts,
    /// What the server has instead of `artifacts`: it can be made to fail.
    pub(crate) artifact_store: Arc<Faulty<MemoryArtifacts>>,
    pub(crate) clock: Arc<SteppedClock>,
    pub(crate) tokens: Arc<Tokens>,
    pub(crate) gate: Arc<Gate>,
    /// What the server notes in; it can be made to fail.
    pub(crate) trail: Arc<Faulty<MemoryAudit>>,
    pub(crate) engine: Arc<Engine>,
    pub(crate) stop: CancellationToken,
    _scratch: tempfile::TempDir,
}

impl World {
    /// A server without a worker: exports stay queued.
    pub(crate) async fn idle() -> Self {
        Self::with(|_| {}).await
    }

    /// A server with a worker inside.
    pub(crate) async fn working() -> Self {
        let world = Self::idle().await;
        world.work();
        world
    }

    pub(crate) async fn with(change: impl FnOnce(&mut HttpSettings)) -> Self {
        Self::published(None, change).await
    }

    /// A server whose links lead to `public`, to its own address if there is none.
    pub(crate) async fn published(public: Option<Url>, change: impl FnOnce(&mut HttpSettings)) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base: Url = format!("http://{}", listener.local_addr().unwrap()).parse().unwrap();
        let mut settings = HttpSettings::new([7; 32], Readiness::default());
        change(&mut settings);
        let world = Self::assemble(public.unwrap_or_else(|| base.clone()), base);
        let router = export_http::router(world.api(settings));
        tokio::spawn(export_http::serve(listener, router, world.stop.clone()));
        world
    }

    fn assemble(public: Url, base: Url) -> Self {
        // One provider for the process; a second test finds it installed.
        let _installed_before = rustls::crypto::ring::default_provider().install_default();
        let jobs = Arc::new(MemoryJobs::new(4, MAX_QUEUED, RetryPolicy::default()));
        let (clock, gate) = (Arc::new(SteppedClock::new(corpus::AT)), Arc::new(Gate::default()));
        let artifacts = MemoryArtifacts::default();
        let job_store = Arc::new(Faulty::new(Arc::clone(&jobs)));
        let artifact_store = Arc::new(Faulty::new(Arc::new(artifacts.clone())));
        let trail = Arc::new(Faulty::new(jobs.trail()));
        let scratch = tempfile::tempdir().unwrap();
        let log = SealLog { audit: jobs.trail(), trail: jobs.trail(), ledger: jobs.trail() };
        let sealing = Sealing { signer: Arc::<MemorySigner>::default(), timestamps: None, log: Some(log) };
        let parts = Parts {
            jobs: Arc::clone(&job_store) as Arc<dyn JobStore>,
            reader: Arc::clone(&job_store) as Arc<dyn JobReader>,
            artifacts: Arc::clone(&artifact_store) as _,
            audit: Arc::clone(&trail) as _,
            templates: Arc::new(MemoryTemplates::new(jobs.trail())),
            sources: sources(&trail),
            writers: Writers::new(renderers(&gate), vec![Arc::new(ZipPackager)]).sealing_with(sealing),
            clock: Arc::clone(&clock) as _,
            entropy: Arc::new(RepeatableEntropy::default()),
        };
        let limits = Limits {
            scratch: scratch.path().to_owned(),
            snapshot_bytes: 1 << 24,
            render: Duration::from_secs(60),
            retention_days: 30,
        };
        let engine = Arc::new(Engine::new(parts, limits));
        let (stop, tokens) = (CancellationToken::new(), Arc::new(Tokens::default()));
        let http = reqwest::Client::new();
        Self {
            public,
            base,
            http,
            jobs,
            job_store,
            artifacts,
            artifact_store,
            clock,
            tokens,
            gate,
            trail,
            engine,
            stop,
            _scratch: scratch,
        }
    }

    pub(crate) fn api(&self, settings: HttpSettings) -> Api {
        let key = LinkKey { kid: "k1".to_owned(), secret: [3; 32] };
        let clock = Arc::clone(&self.clock) as _;
        let links = HmacLinks::new(vec![key], self.public.clone(), clock).unwrap();
        Api {
            engine: Arc::clone(&self.engine),
            links: Arc::new(links),
            templates: Arc::new(Trial),
            verifier: Arc::default(),
            auth: Arc::clone(&self.tokens) as _,
            metrics: Arc::new(|| "# metrics\n".to_owned()),
            stop: self.stop.clone(),
            settings,
        }
    }

    pub(crate) fn work(&self) {
        let settings = WorkerSettings {
            id: WorkerId::new([1; 16]),
            concurrency: 4,
            lease: Duration::from_secs(30),
            grace: Duration::ZERO,
        };
        tokio::spawn(run_worker(Arc::clone(&self.engine), settings, self.stop.clone()));
    }

    pub(crate) fn url(&self, path: &str) -> Url {
        self.base.join(path).unwrap()
    }

    /// A request without token and tenant.
    pub(crate) fn bare(&self, method: &str, path: &str) -> RequestBuilder {
        self.http.request(Method::from_bytes(method.as_bytes()).unwrap(), self.url(path))
    }

    /// A request of `tenant` with a token that grants it everything.
    pub(crate) fn of(&self, tenant: &str, method: &str, path: &str) -> RequestBuilder {
        let token = self.tokens.issue("ann", &[tenant], "exports:read exports:write");
        self.bare(method, path).bearer_auth(token).header("x-tenant-id", tenant)
    }

    /// A request of tenant `acme`.
    pub(crate) fn acme(&self, method: &str, path: &str) -> RequestBuilder {
        self.of("acme", method, path)
    }

    pub(crate) async fn get(&self, path: &str) -> Value {
        body(self.acme("GET", path).send().await.unwrap(), 200).await
    }

    /// Submits `request` for acme; the path of the export.
    pub(crate) async fn submit(&self, request: &'static str) -> String {
        let response = self.post(request).await;
        let export = body(response, 202).await;
        format!("/api/v1/exports/{}", export["export_id"].as_str().unwrap())
    }

    pub(crate) async fn post(&self, request: &'static str) -> Response {
        let post = self.acme("POST", "/api/v1/exports").header("content-type", "application/json");
        post.body(request).send().await.unwrap()
    }

    /// Submits `request`, and waits until the export has ended; its path.
    pub(crate) async fn ended(&self, request: &'static str) -> String {
        let path = self.submit(request).await;
        self.until(&path, |export| matches!(export["status"].as_str(), Some("completed" | "failed"))).await;
        path
    }

    /// Waits until the export at `path` is as told.
    pub(crate) async fn until(&self, path: &str, wanted: impl Fn(&Value) -> bool) -> Value {
        loop {
            let export = self.get(path).await;
            if wanted(&export) {
                return export;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }
}

impl Drop for World {
    fn drop(&mut self) {
        self.gate.open();
        self.stop.cancel();
    }
}

fn sources(trail: &Arc<Faulty<MemoryAudit>>) -> Sources {
    let (acme, other) = (tenant("acme"), tenant("other"));
    let sources = MemorySources::of(&acme, &corpus::records(30)).with_scan(&other, corpus::scan(0), vec![]);
    let sources = Arc::new(sources);
    Sources {
        scans: Arc::clone(&sources) as _,
        verdicts: Arc::clone(&sources) as _,
        vex: Arc::clone(&sources) as _,
        sboms: Arc::clone(&sources) as _,
        attestations: Arc::clone(&sources) as _,
        intelligence: sources,
        audit: Arc::clone(trail) as _,
    }
}

pub(crate) fn tenant(name: &str) -> TenantId {
    name.parse().unwrap()
}

/// The JSON body of a response with this status.
pub(crate) async fn body(response: Response, status: u16) -> Value {
    let (found, url) = (response.status().as_u16(), response.url().clone());
    let text = response.text().await.unwrap();
    assert_eq!(found, status, "{url}: {text}");
    serde_json::from_str(&text).unwrap()
}

/// The problem of a refusal with this status and code, which is as the document describes it.
pub(crate) async fn refused(response: Response, status: u16, code: &str) -> Value {
    let media_type = response.headers()["content-type"].to_str().unwrap().to_owned();
    let problem = body(response, status).await;
    assert_eq!(media_type, "application/problem+json");
    assert_eq!((&problem["code"], &problem["status"]), (&code.into(), &status.into()), "{problem}");
    shapes::conforms("Problem", &problem);
    problem
}

/// Lets the next call of a store fail as unavailable.
pub(crate) fn fail_next<T>(store: &Faulty<T>, when: When) {
    store.fail(store.calls().len() as u64 + 1, when);
}

pub(crate) fn header(response: &Response, name: &str) -> String {
    response.headers().get(name).map(|value| value.to_str().unwrap().to_owned()).unwrap_or_default()
}
