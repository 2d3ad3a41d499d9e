//! The Export Center server: REST, events, and a worker inside.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use clap::Parser;
use export_boot::{
    BootError, Config, SystemClock, assemble, find_config_file, install_tls, start_logs, start_metrics,
    stop_signal,
};
use export_core::time::Clock as _;
use export_engine::run_worker;
use tokio::net::TcpListener;

mod wiring;

/// Serves exports over REST, with their events over WebSocket and server-sent events.
///
/// Without any configuration it keeps an SQLite database, artifacts and keys under ./data, works on the jobs itself, reads
/// the demo library, and prints a development token.
#[derive(Parser)]
#[command(
    name = "export-server",
    version,
    after_help = "\
Examples:
  export-server                                  everything under ./data, on 127.0.0.1:8080
  export-server --data /srv/exports --listen 127.0.0.1:9000
  EXPORT_SOURCES__LIBRARY__URL=file:///srv/scans export-server
  export-server --config export.toml --check-config

Every key of the configuration file is also an environment variable, EXPORT_SECTION__KEY."
)]
struct Arguments {
    /// Configuration file (TOML); also EXPORT_CONFIG
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Folder for the database, artifacts and keys; also EXPORT_DATA_DIR
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Address to listen on; also EXPORT_SERVER__LISTEN
    #[arg(long, value_name = "ADDRESS:PORT")]
    listen: Option<String>,
    /// Leave the jobs to export-worker
    #[arg(long)]
    no_worker: bool,
    /// Say what is wrong with the configuration, and exit
    #[arg(long)]
    check_config: bool,
}

fn main() -> ExitCode {
    if let Some(done) = export_boot::serve_as_child() {
        return done;
    }
    let arguments = Arguments::parse();
    match start(arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tell(&format!("export-server: {error}"));
            ExitCode::FAILURE
        }
    }
}

fn start(arguments: Arguments) -> Result<(), BootError> {
    install_tls();
    let file = find_config_file(arguments.config);
    let mut config = Config::load(file.as_deref(), arguments.data.as_deref())?;
    if let Some(listen) = arguments.listen {
        config.server.listen = listen;
        config.check()?;
    }
    if arguments.check_config {
        config.notes().iter().for_each(|note| tell(&format!("export-server: {note}")));
        tell("export-server: the configuration is valid");
        return Ok(());
    }
    start_logs(&config.log)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let runtime =
        runtime.map_err(|error| BootError::new(format!("the runtime cannot be started: {error}")))?;
    runtime.block_on(serve(config, !arguments.no_worker))
}

async fn serve(mut config: Config, with_worker: bool) -> Result<(), BootError> {
    let stop = stop_signal()?;
    let recorder = start_metrics()?;
    let listener = TcpListener::bind(&config.server.listen).await;
    let listener = listener.map_err(|error| {
        BootError::new(format!(
            "server.listen {}: {error}; choose another address with --listen",
            config.server.listen
        ))
    })?;
    // Port 0 asks the system for a free one; links must name the one it gave.
    let address = listener.local_addr().map_err(|error| BootError::new(format!("server.listen: {error}")))?;
    config.server.listen = address.to_string();
    let assembly = assemble(&config).await?;
    assembly.sweep().await;
    greet(&config, &assembly, address)?;
    let working = with_worker
        .then(|| tokio::spawn(run_worker(Arc::clone(&assembly.engine), assembly.worker, stop.clone())));
    let router = wiring::router(&assembly, recorder, stop.clone());
    let served = export_http::serve(listener, router, stop.clone()).await;
    stop.cancel();
    if let Some(working) = working
        && let Err(error) = working.await
    {
        tracing::error!(%error, "the worker panicked");
    }
    assembly.close().await;
    served.map_err(|error| BootError::new(format!("the server stopped: {error}")))
}

fn greet(config: &Config, assembly: &export_boot::Assembly, address: SocketAddr) -> Result<(), BootError> {
    let tenant = "demo".parse().map_err(|error| BootError::new(format!("the demo tenant: {error}")))?;
    let scopes = export_boot::DevelopmentTokens::SCOPES;
    let now = SystemClock::new().now().wall;
    let token =
        assembly.tokens.issue("developer", &[tenant], scopes, now, Duration::from_secs(12 * 3_600))?;
    tell(&format!(
        "Export Center {} on http://{address}, data in {}\n\
         Development token for tenant `demo`, good for 12 hours:\n\n  {token}\n\n\
         Try it in another shell:\n  export EXPORT_URL=http://{address} EXPORT_TOKEN=...\n  exportctl submit --scan payments-api-2026-11-20 --format pdf --watch\n",
        env!("CARGO_PKG_VERSION"),
        config.data_dir.display(),
    ));
    Ok(())
}

#[expect(clippy::print_stderr, reason = "what a person at the terminal is told is no log")]
fn tell(text: &str) {
    eprintln!("{text}");
}
