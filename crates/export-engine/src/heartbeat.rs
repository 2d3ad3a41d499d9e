//! Keeps a lease while its attempt runs, and tells the attempt when to stop.

use std::sync::Arc;
use std::time::Duration;

use export_core::export::Progress;
use export_core::job::Lease;
use export_core::ports::{JobStore, Renewal};
use export_core::time::Clock;

use crate::AttemptPulse;
use crate::pulse::Stop;

/// The longest time for which progress stays untold.
const TELL: Duration = Duration::from_millis(500);

/// Renews `lease` until the attempt ends: every third of its length, and sooner if there is progress to tell.
///
/// A worker that cannot renew for 0.8 of the length stops by itself, before others may take the job.
pub(crate) async fn keep(
    jobs: Arc<dyn JobStore>,
    clock: Arc<dyn Clock>,
    lease: Lease,
    length: Duration,
    pulse: Arc<AttemptPulse>,
) {
    let (beat, patience) = (length / 3, length.mul_f64(0.8));
    let mut renewed = clock.now().tick.millis;
    let mut told = Progress::default();
    loop {
        tokio::time::sleep(TELL.min(beat)).await;
        let now = clock.now();
        let progress = pulse.progress();
        let waited = Duration::from_millis(now.tick.millis.saturating_sub(renewed));
        if waited < beat && progress == told {
            continue;
        }
        // A call that hangs must not outlast the lease.
        let limit = beat.min(patience.saturating_sub(waited));
        match tokio::time::timeout(limit, jobs.renew(&lease, length, progress, now)).await {
            Ok(Ok(Renewal::Held(_))) => (renewed, told) = (now.tick.millis, progress),
            Ok(Ok(Renewal::CancelRequested(_))) => {
                (renewed, told) = (now.tick.millis, progress);
                pulse.stop(Stop::Cancelled);
            }
            Ok(Ok(Renewal::Lost)) => return pulse.stop(Stop::Lost),
            Ok(Err(error)) => tracing::warn!(%error, "the lease was not renewed"),
            Err(_) => tracing::warn!("the job store did not answer in time"),
        }
        let waited = clock.now().tick.millis.saturating_sub(renewed);
        if Duration::from_millis(waited) >= patience {
            return pulse.stop(Stop::Lost);
        }
    }
}
