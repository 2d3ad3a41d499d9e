//! The Export Center worker: the same loop as inside the server, in a process of its own.

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use clap::Parser;
use export_boot::{
    BootError, Config, assemble, find_config_file, install_tls, start_logs, start_metrics, stop_signal,
};
use export_engine::run_worker;
use export_http::Readiness;
use tokio::net::TcpListener;

/// Takes export jobs and works on them. Any number of workers may share one database and one artifact store.
///
/// A worker uses the same configuration as its server. SIGTERM lets running exports end for a while (worker.grace) and gives
/// the others back; a worker that is killed loses nothing: its jobs go to others as soon as their leases run out.
#[derive(Parser)]
#[command(name = "export-worker", version)]
struct Arguments {
    /// Configuration file (TOML); also EXPORT_CONFIG
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Folder for the database, artifacts and keys; also EXPORT_DATA_DIR
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Say what is wrong with the configuration, and exit
    #[arg(long)]
    check_config: bool,
}

fn main() -> ExitCode {
    if let Some(done) = export_boot::serve_as_child() {
        return done;
    }
    match start(&Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tell(&format!("export-worker: {error}"));
            ExitCode::FAILURE
        }
    }
}

fn start(arguments: &Arguments) -> Result<(), BootError> {
    install_tls();
    let file = find_config_file(arguments.config.clone());
    let config = Config::load(file.as_deref(), arguments.data.as_deref())?;
    if arguments.check_config {
        config.notes().iter().for_each(|note| tell(&format!("export-worker: {note}")));
        tell("export-worker: the configuration is valid");
        return Ok(());
    }
    start_logs(&config.log)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let runtime =
        runtime.map_err(|error| BootError::new(format!("the runtime cannot be started: {error}")))?;
    runtime.block_on(work(config))
}

async fn work(config: Config) -> Result<(), BootError> {
    let stop = stop_signal()?;
    let recorder = start_metrics()?;
    let assembly = assemble(&config).await?;
    assembly.sweep().await;
    if let Some(listen) = &config.worker.listen {
        let listener = TcpListener::bind(listen).await;
        let listener =
            listener.map_err(|error| BootError::new(format!("worker.listen {listen}: {error}")))?;
        let router = export_http::operations(Arc::new(move || recorder.render()), Readiness::default());
        tokio::spawn(export_http::serve(listener, router, stop.clone()));
    }
    tracing::info!(worker = %assembly.worker.id, concurrency = assembly.worker.concurrency, "working");
    run_worker(Arc::clone(&assembly.engine), assembly.worker, stop).await;
    assembly.close().await;
    Ok(())
}

#[expect(clippy::print_stderr, reason = "what a person at the terminal is told is no log")]
fn tell(text: &str) {
    eprintln!("{text}");
}
