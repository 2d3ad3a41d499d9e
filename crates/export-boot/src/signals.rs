//! From signals to a graceful stop.

use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;

use crate::BootError;

/// A token that is cancelled by the first SIGTERM or SIGINT.
///
/// # Errors
/// If the operating system lets no handler be installed.
pub fn stop_signal() -> Result<CancellationToken, BootError> {
    let failed = |error| BootError::new(format!("signals cannot be handled: {error}"));
    let mut terminate = signal(SignalKind::terminate()).map_err(failed)?;
    let mut interrupt = signal(SignalKind::interrupt()).map_err(failed)?;
    let stop = CancellationToken::new();
    let stopping = stop.clone();
    tokio::spawn(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        tracing::info!("stopping");
        stopping.cancel();
    });
    Ok(stop)
}
