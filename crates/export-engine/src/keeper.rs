//! Signs checkpoints of logs that have grown: after so many events, or so much time.

use std::sync::Arc;
use std::time::Duration;

use export_core::ports::Unsigned;
use export_core::time::Timestamp;
use tokio_util::sync::CancellationToken;

use crate::{Engine, SealLog, Sealing, checkpoint};

/// How often logs are looked at.
const LOOK: Duration = Duration::from_secs(30);
/// Events that no checkpoint covers.
const EVENTS: u64 = 1_000;
/// How long an event may wait for a checkpoint, in milliseconds.
const AGE: i64 = 3_600_000;

/// Signs until `stop`. Any number of processes may do so; of one size, one checkpoint is kept.
pub(crate) async fn run(engine: Arc<Engine>, stop: CancellationToken) {
    let Some(sealing) = engine.parts.writers.sealing() else { return };
    let Some(log) = &sealing.log else { return };
    loop {
        sign_what_is_due(&engine, sealing, log).await;
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(LOOK) => {}
        }
    }
}

async fn sign_what_is_due(engine: &Engine, sealing: &Sealing, log: &SealLog) {
    let now = engine.parts.clock.now();
    let unsigned = match log.ledger.unsigned().await {
        Ok(unsigned) => unsigned,
        Err(error) => return tracing::warn!(%error, "logs that have grown could not be looked for"),
    };
    for grown in unsigned.iter().filter(|grown| is_due(grown, now.wall)) {
        match checkpoint(&*log.ledger, &*sealing.signer, &grown.tenant, now).await {
            Ok(signed) => {
                tracing::info!(tenant = %grown.tenant, size = signed.size, "a checkpoint was signed");
            }
            Err(error) => tracing::warn!(%error, tenant = %grown.tenant, "a checkpoint could not be signed"),
        }
    }
}

/// Whether enough has come since the last checkpoint, or it has waited long enough.
fn is_due(grown: &Unsigned, now: Timestamp) -> bool {
    let covered = grown.last.map_or(0, |(size, _)| size);
    grown.size - covered >= EVENTS || now.as_millis() - grown.since.as_millis() >= AGE
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn after_many_events_or_a_long_time() {
        let since = Timestamp::from_millis(1_795_000_000_000);
        let later = |millis| Timestamp::from_millis(since.as_millis() + millis);
        let grown = |size, last| Unsigned { tenant: "acme".parse().unwrap(), size, last, since };
        for (size, last, now, due) in [
            (1, None, later(0), false),
            (999, None, later(AGE - 1), false),
            (1, None, later(AGE), true),
            (1_000, None, later(0), true),
            (1_500, Some((501, since)), later(0), false),
            (1_501, Some((501, since)), later(0), true),
        ] {
            assert_eq!(is_due(&grown(size, last), now), due, "{size} {last:?}");
        }
    }
}
