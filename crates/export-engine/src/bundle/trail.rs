//! The audit events that belong into a bundle: of the scope's range of dates, or else of the export itself.

use std::io::Write as _;
use std::path::Path;

use export_core::audit::{AuditEvent, FlatEvent};
use export_core::code::Code;
use export_core::error::PortError;
use export_core::ports::{AuditFilter, AuditSource, Flow};
use export_seal::manifest::EntryType;
use futures::StreamExt as _;

use super::contents::{Bytes, Entry};
use super::{create, scratch};
use crate::render::Order;
use crate::trail::range;
use crate::{AttemptPulse, Fault};

const PATH: &str = "audit/events.ndjson";
/// Events of one export that are asked for at a time; it has a handful.
const AT_ONCE: usize = 500;

/// Writes the events below `folder`, one a line, oldest first; none if there are none.
pub(super) async fn write(
    order: &Order,
    trail: &dyn AuditSource,
    folder: &Path,
    pulse: &AttemptPulse,
) -> Result<Option<Entry>, Fault> {
    let mut out = create(folder, PATH)?;
    let mut count = 0_u64;
    let mut line = |event: &AuditEvent<'_>| {
        count += 1;
        serde_json::to_writer(&mut out, &FlatEvent::from(event)).map_err(std::io::Error::from)?;
        out.write_all(b"\n")
    };
    if order.scope.date_range.is_some() {
        let range = range(&order.scope, order.snapshot.facts().taken_at);
        let reading = trail.events(&order.tenant, range);
        let mut events = pulse.until_stopped(reading).await.map_err(Fault::of_source)?;
        loop {
            let flow = pulse.until_stopped(async { events.next().await.transpose() }).await;
            match flow.map_err(Fault::of_source)? {
                Some(Flow::Item(event)) => line(&event).map_err(scratch)?,
                Some(Flow::Warning(_) | Flow::Document(_)) => {}
                Some(Flow::End { .. }) => break,
                None => {
                    return Err(Fault::new(Code::SourceUnavailable, "the audit trail ended in the middle"));
                }
            }
        }
    } else {
        let events = of_export(order, trail, pulse).await.map_err(Fault::of_source)?;
        events.iter().try_for_each(&mut line).map_err(scratch)?;
    }
    let (_, size, sha256) = out.finish().map_err(scratch)?;
    Ok((count > 0).then(|| Entry {
        path: PATH.to_owned(),
        media_type: "application/x-ndjson".to_owned(),
        size,
        sha256,
        kind: EntryType::AuditEvent,
        id: None,
        bytes: Bytes::Spooled(folder.join(PATH)),
    }))
}

/// What was done with the export so far.
async fn of_export(
    order: &Order,
    trail: &dyn AuditSource,
    pulse: &AttemptPulse,
) -> Result<Vec<AuditEvent<'static>>, PortError> {
    let target = Some(order.export_id.to_string());
    let mut filter = AuditFilter { target, ..AuditFilter::default() };
    let mut events = Vec::new();
    loop {
        let page = pulse.until_stopped(trail.page(&order.tenant, &filter, AT_ONCE)).await?;
        filter.older_than = page.events.last().map(|event| event.seq);
        events.extend(page.events);
        if !page.more {
            events.reverse();
            return Ok(events);
        }
    }
}
