//! A running system from its configuration.

use std::fs;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use export_artifacts::{HmacLinks, LinkKey, ObjectArtifacts};
use export_core::error::PortError;
use export_core::job::{RetryPolicy, WorkerId};
use export_core::ports::{DownloadLinks, TemplateTrial};
use export_core::time::{Clock, Timestamp};
use export_engine::{Engine, Limits, Parts, SealLog, Sources, WorkerSettings};
use export_jobs_sqlite::{JobLimits, SqliteJobs};
use export_verify::Verifier;

use crate::{
    BootError, Config, DevelopmentTokens, SystemClock, SystemEntropy, branding, keys, open_sources, sealing,
    template_sandbox, timestamp_anchors, writers,
};

/// The most that the manifest, and the statement, of a bundle may have that somebody sends: those of 100,000 files.
const MOST_UPLOADED: u64 = 32 << 20;

/// The parts of a running system.
pub struct Assembly {
    /// The engine with its adapters.
    pub engine: Arc<Engine>,
    /// Makes and reads download links.
    pub links: Arc<dyn DownloadLinks>,
    /// Issues and checks tokens.
    pub tokens: Arc<DevelopmentTokens>,
    /// Tries tenants' templates.
    pub templates: Arc<dyn TemplateTrial>,
    /// Verifies bundles.
    pub verifier: Arc<Verifier>,
    /// Signs what clients get to keep and bring back: cursors.
    pub client_secret: [u8; 32],
    /// How a worker in this process works.
    pub worker: WorkerSettings,
    scratch: PathBuf,
    jobs: SqliteJobs,
    artifacts: Arc<ObjectArtifacts>,
}

/// Puts a system together: folders, keys, database, adapters.
///
/// # Errors
/// The first part that cannot be had, with the setting that names it.
pub async fn assemble(config: &Config) -> Result<Assembly, BootError> {
    keys::private_folder(&config.data_dir)?;
    let scratch = config.scratch_dir();
    scratch_folder(&scratch)?;
    for note in config.notes() {
        tracing::warn!("{note}");
    }
    let clock = SystemClock::new();
    let tokens = Arc::new(DevelopmentTokens::open(&config.data_dir)?);
    let key_file = |name: &str| keys::secret(&config.data_dir.join("keys").join(name));
    let link_key = LinkKey { kid: "k1".to_owned(), secret: key_file("links.key")? };
    let links = HmacLinks::new(vec![link_key], config.public_url()?, Arc::new(clock))
        .map_err(named("server.public_url"))?;
    let artifacts = ObjectArtifacts::files(&config.artifact_folder()?).map_err(named("storage.url"))?;
    let artifacts = Arc::new(artifacts);
    let jobs = SqliteJobs::open(&config.database_file()?, JobLimits::default(), RetryPolicy::default()).await;
    let jobs = jobs.map_err(named("database.url"))?;
    let sandbox = Arc::new(template_sandbox()?);
    let writers = writers(&config.pdf, &branding(config)?, Some(Arc::clone(&sandbox)), &scratch);
    let log = SealLog {
        audit: Arc::new(jobs.clone()),
        trail: Arc::new(jobs.clone()),
        ledger: Arc::new(jobs.clone()),
    };
    let parts = Parts {
        jobs: Arc::new(jobs.clone()),
        reader: Arc::new(jobs.clone()),
        artifacts: Arc::clone(&artifacts) as _,
        audit: Arc::new(jobs.clone()),
        templates: Arc::new(jobs.clone()),
        sources: Sources { audit: Arc::new(jobs.clone()), ..open_sources(config)? },
        writers: writers.sealing_with(sealing(config, Some(log))?),
        clock: Arc::new(clock),
        entropy: Arc::new(SystemEntropy),
    };
    let limits = Limits {
        scratch: scratch.clone(),
        snapshot_bytes: config.worker.snapshot_bytes,
        render: config.worker.render_timeout,
        retention_days: config.retention.days,
    };
    let worker = WorkerSettings {
        id: WorkerId::new(SystemEntropy::bytes()),
        concurrency: config.concurrency(),
        lease: config.worker.lease,
        grace: config.worker.grace,
    };
    Ok(Assembly {
        engine: Arc::new(Engine::new(parts, limits)),
        links: Arc::new(links),
        tokens,
        templates: sandbox,
        verifier: Arc::new(Verifier::new(timestamp_anchors(config)?).with_most(MOST_UPLOADED)),
        client_secret: key_file("cursors.key")?,
        worker,
        scratch,
        jobs,
        artifacts,
    })
}

impl Assembly {
    /// Removes what processes that died left behind: unfinished uploads of a day ago, snapshots that nobody holds.
    pub async fn sweep(&self) {
        const DAY: i64 = 86_400_000;
        let now = SystemClock::new().now().wall.as_millis();
        match self.artifacts.sweep_staging(Timestamp::from_millis(now - DAY)).await {
            Ok(0) => {}
            Ok(count) => tracing::info!(count, "unfinished uploads were removed"),
            Err(error) => tracing::warn!(%error, "unfinished uploads could not be looked for"),
        }
        match export_engine::sweep_scratch(&self.scratch, Timestamp::from_millis(now - 60_000)) {
            Ok(0) => {}
            Ok(count) => tracing::info!(count, "snapshots of processes that died were removed"),
            Err(error) => tracing::warn!(%error, "old snapshots could not be looked for"),
        }
    }

    /// Ends the job store in order. What was accepted is durable already.
    pub async fn close(self) {
        let wait = tokio::time::timeout(Duration::from_secs(5), self.jobs.close());
        if wait.await.is_err() {
            tracing::warn!("the job store did not close in time");
        }
    }
}

fn named(setting: &'static str) -> impl Fn(PortError) -> BootError {
    move |error| BootError::new(format!("{setting}: {error}"))
}

/// Makes the folder for scratch, if it does not exist.
///
/// Snapshots make private folders of their own below it; the browser runs as another user and must be able to pass.
///
/// # Errors
/// If it cannot be made.
pub fn scratch_folder(folder: &Path) -> Result<(), BootError> {
    let made = fs::DirBuilder::new().recursive(true).mode(0o711).create(folder);
    made.map_err(|error| {
        BootError::new(format!("worker.scratch_dir {} cannot be made: {error}", folder.display()))
    })
}
