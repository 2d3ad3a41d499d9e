//! Takes jobs from workers that have died.

use std::sync::Arc;
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use crate::Engine;

/// Requeues expired leases until `stop`. Any number of processes may do so; each lease is taken once.
pub(crate) async fn run(engine: Arc<Engine>, lease: Duration, stop: CancellationToken) {
    let interval = (lease / 6).clamp(Duration::from_millis(100), Duration::from_secs(5));
    loop {
        match engine.parts.jobs.requeue_expired(engine.parts.clock.now()).await {
            Ok(0) => {}
            Ok(count) => tracing::warn!(count, "jobs were taken from workers that stopped answering"),
            Err(error) => tracing::warn!(%error, "expired leases could not be looked for"),
        }
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(interval) => {}
        }
    }
}
