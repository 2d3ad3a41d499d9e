//! Reads events from a place on, and waits for more.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use export_core::error::PortError;
use export_core::export::ExportEvent;
use export_core::id::{ExportId, TenantId};
use export_core::ports::{EventFilter, JobReader};
use futures::StreamExt as _;
use futures::stream::BoxStream;
use tokio::time::{Interval, MissedTickBehavior};

/// How long an event may wait when no hint tells of it.
const POLL: Duration = Duration::from_secs(1);
/// The most events in memory for one client: more are read when these are sent.
const BATCH: usize = 100;

/// The events of a tenant, or of one export, behind a place.
pub(super) struct Tail {
    reader: Arc<dyn JobReader>,
    tenant: TenantId,
    export: Option<ExportId>,
    after: u64,
    pending: VecDeque<ExportEvent>,
    /// There may be events that were not read.
    behind: bool,
    hints: BoxStream<'static, ()>,
    poll: Interval,
}

impl Tail {
    pub(super) fn new(
        reader: Arc<dyn JobReader>,
        tenant: TenantId,
        export: Option<ExportId>,
        after: u64,
    ) -> Self {
        let hints = reader.hints();
        let mut poll = tokio::time::interval(POLL);
        poll.set_missed_tick_behavior(MissedTickBehavior::Delay);
        Self { reader, tenant, export, after, pending: VecDeque::new(), behind: true, hints, poll }
    }

    /// The next event, as soon as there is one. Nothing is lost if this is dropped while it waits.
    pub(super) async fn next(&mut self) -> Result<ExportEvent, PortError> {
        loop {
            if let Some(event) = self.pending.pop_front() {
                return Ok(event);
            }
            if !self.behind {
                tokio::select! {
                    Some(()) = self.hints.next() => {}
                    _ = self.poll.tick() => {}
                }
                self.behind = true;
            }
            self.read().await?;
        }
    }

    /// Reads what is there.
    pub(super) async fn read(&mut self) -> Result<(), PortError> {
        let filter =
            EventFilter { tenant: &self.tenant, export: self.export, after: self.after, limit: BATCH };
        let events = self.reader.events(filter).await?;
        self.behind = events.len() >= BATCH;
        if let Some(last) = events.last() {
            self.after = last.id.parse().map_err(|_| {
                let message = format!("an event has the id `{}`, which is no number", last.id);
                PortError::new(export_core::error::ErrorKind::Corrupt, "job store: events", message)
            })?;
        }
        self.pending.extend(events);
        Ok(())
    }

    /// Whether all that was there at the last look has been given out.
    pub(super) fn is_drained(&self) -> bool {
        self.pending.is_empty() && !self.behind
    }
}
