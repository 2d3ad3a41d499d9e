//! The worker loop: take a permit, claim a job, run an attempt.

use std::sync::Arc;
use std::time::Duration;

use export_core::job::WorkerId;
use export_core::ports::Claim;
use futures::StreamExt as _;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::pulse::Stop;
use crate::{AttemptPulse, Engine, attempt, keeper, reaper};

/// How a worker works.
#[derive(Debug, Clone, Copy)]
pub struct WorkerSettings {
    /// Its name in leases: random, for as long as the process lives.
    pub id: WorkerId,
    /// Attempts at a time.
    pub concurrency: usize,
    /// For how long a job is held without a heartbeat.
    pub lease: Duration,
    /// How long attempts may go on after a stop.
    pub grace: Duration,
}

/// How long a job may wait when no hint tells of it.
const POLL: Duration = Duration::from_secs(1);

/// Works until `stop`. Attempts that run then may end within the grace time; the others are given back.
pub async fn run_worker(engine: Arc<Engine>, settings: WorkerSettings, stop: CancellationToken) {
    let reaping = tokio::spawn(reaper::run(Arc::clone(&engine), settings.lease, stop.clone()));
    let keeping = tokio::spawn(keeper::run(Arc::clone(&engine), stop.clone()));
    let mut hints = engine.parts.reader.hints().fuse();
    let mut running = JoinSet::new();
    let mut pulses: Vec<Arc<AttemptPulse>> = Vec::new();
    while !stop.is_cancelled() {
        let free = settings.concurrency.saturating_sub(running.len());
        for claimed in claim(&engine, &settings, free).await {
            let pulse = Arc::new(AttemptPulse::default());
            pulses.push(Arc::clone(&pulse));
            running.spawn(attempt::run(Arc::clone(&engine), claimed, settings.lease, pulse));
        }
        tokio::select! {
            () = stop.cancelled() => {}
            Some(ended) = running.join_next(), if !running.is_empty() => log_panic(ended),
            Some(()) = hints.next() => {}
            () = tokio::time::sleep(POLL) => {}
        }
        pulses.retain(|pulse| Arc::strong_count(pulse) > 1);
    }
    drain(running, &pulses, settings.grace).await;
    reaping.abort();
    keeping.abort();
}

async fn claim(engine: &Engine, settings: &WorkerSettings, limit: usize) -> Vec<export_core::ports::Claimed> {
    if limit == 0 {
        return Vec::new();
    }
    let claim = Claim { worker: settings.id, limit, lease: settings.lease };
    engine.parts.jobs.claim(claim, engine.parts.clock.now()).await.unwrap_or_else(|error| {
        tracing::warn!(%error, "no job could be claimed");
        Vec::new()
    })
}

async fn drain(mut running: JoinSet<()>, pulses: &[Arc<AttemptPulse>], grace: Duration) {
    if running.is_empty() {
        return;
    }
    tracing::info!(attempts = running.len(), "waiting for running attempts to end");
    let all_ended = async {
        while let Some(ended) = running.join_next().await {
            log_panic(ended);
        }
    };
    if tokio::time::timeout(grace, all_ended).await.is_ok() {
        return;
    }
    tracing::info!(attempts = running.len(), "giving back attempts that did not end in time");
    pulses.iter().for_each(|pulse| pulse.stop(Stop::Shutdown));
    while let Some(ended) = running.join_next().await {
        log_panic(ended);
    }
}

/// A panic ends its attempt only; the lease runs out, and the job is tried again.
fn log_panic(ended: Result<(), tokio::task::JoinError>) {
    if let Err(error) = ended {
        tracing::error!(%error, "an attempt panicked");
    }
}
