//! How jobs are worked on.

use std::path::PathBuf;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::Config;

/// How jobs are worked on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WorkerConfig {
    /// Exports at a time; the number of cores if absent.
    pub concurrency: Option<usize>,
    /// Where snapshots lie while an export runs; the system's if absent.
    pub scratch_dir: Option<PathBuf>,
    /// For how long a job is held without a heartbeat.
    #[serde(with = "humantime_serde")]
    pub lease: Duration,
    /// How long running exports may go on after a stop.
    #[serde(with = "humantime_serde")]
    pub grace: Duration,
    /// Bytes of scratch that one export may take.
    pub snapshot_bytes: u64,
    /// How long one artifact may be rendered.
    #[serde(with = "humantime_serde")]
    pub render_timeout: Duration,
    /// Where a worker of its own serves `/healthz`, `/readyz` and `/metrics`; nowhere if absent.
    pub listen: Option<String>,
}

impl Default for WorkerConfig {
    fn default() -> Self {
        Self {
            concurrency: None,
            scratch_dir: None,
            lease: Duration::from_secs(30),
            grace: Duration::from_secs(25),
            snapshot_bytes: 64 << 30,
            render_timeout: Duration::from_secs(300),
            listen: None,
        }
    }
}

impl Config {
    /// Where snapshots lie while an export runs.
    #[must_use]
    pub fn scratch_dir(&self) -> PathBuf {
        self.worker.scratch_dir.clone().unwrap_or_else(|| {
            #[expect(clippy::disallowed_methods, reason = "this is the configuration that the others ask")]
            let system = std::env::temp_dir();
            system.join(format!("export-center-{}", rustix::process::getuid().as_raw()))
        })
    }

    /// Exports at a time.
    #[must_use]
    pub fn concurrency(&self) -> usize {
        let cores = || std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        self.worker.concurrency.unwrap_or_else(cores)
    }
}
