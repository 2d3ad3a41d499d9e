//! Logs to standard error, metrics to whoever scrapes them.

use std::io::IsTerminal as _;

use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::format::FmtSpan;

use crate::BootError;
use crate::config::{LogConfig, LogFormat};

/// Sends logs to standard error, as `config` says.
///
/// # Errors
/// If the filter cannot be read, or logs were started before.
pub fn start_logs(config: &LogConfig) -> Result<(), BootError> {
    let filter = EnvFilter::try_new(&config.filter)
        .map_err(|error| BootError::new(format!("log.filter `{}` cannot be read: {error}", config.filter)))?;
    let spans = if config.spans { FmtSpan::CLOSE } else { FmtSpan::NONE };
    let logs = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal())
        .with_span_events(spans);
    let started = match config.format {
        LogFormat::Text => logs.with_target(false).try_init(),
        LogFormat::Json => logs.json().flatten_event(true).try_init(),
    };
    started.map_err(|error| BootError::new(format!("logs cannot be started: {error}")))
}

/// Renders the metrics of the process.
#[derive(Clone)]
pub struct Recorder(PrometheusHandle);

impl Recorder {
    /// All metrics in Prometheus' text format.
    #[must_use]
    pub fn render(&self) -> String {
        self.0.run_upkeep();
        self.0.render()
    }
}

/// Records metrics from here on.
///
/// # Errors
/// If metrics were started before.
pub fn start_metrics() -> Result<Recorder, BootError> {
    const SECONDS: [f64; 12] = [0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 120.0, 300.0, 1_800.0];
    const BYTES: [f64; 8] = [1e4, 1e5, 1e6, 1e7, 1e8, 5e8, 1e9, 2e9];
    let failed = |error| BootError::new(format!("metrics cannot be started: {error}"));
    let suffix = |name: &str| metrics_exporter_prometheus::Matcher::Suffix(name.to_owned());
    let handle = PrometheusBuilder::new()
        .set_buckets_for_metric(suffix("_seconds"), &SECONDS)
        .and_then(|builder| builder.set_buckets_for_metric(suffix("_bytes"), &BYTES))
        .and_then(PrometheusBuilder::install_recorder)
        .map_err(failed)?;
    export_engine::describe_metrics();
    Ok(Recorder(handle))
}
