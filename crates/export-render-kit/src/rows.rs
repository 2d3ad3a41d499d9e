//! Reads a snapshot's records, keeping the pulse.

use export_core::audit::AuditEvent;
use export_core::code::Code;
use export_core::ports::{Pulse, RecordKind, RenderError, Snapshot};
use export_core::record::{BaselineState, FindingRecord};

/// Records between two beats; [`Pulse::beat`] asks for no more than 1,000.
const BEAT: u64 = 1_000;

/// Calls `visit` with every record, in order, and gives their number.
///
/// # Errors
/// What `visit`, the snapshot or the pulse says; `storage_corrupt` if there are not as many records as the snapshot's
/// totals count.
pub fn for_each_finding(
    from: &dyn Snapshot,
    pulse: &dyn Pulse,
    mut visit: impl FnMut(&FindingRecord<'_>) -> Result<(), RenderError>,
) -> Result<u64, RenderError> {
    pulse.beat(0)?;
    let mut rows = 0;
    let mut cursor = from.findings()?;
    while let Some(record) = cursor.next()? {
        visit(&record)?;
        rows += 1;
        if rows % BEAT == 0 {
            pulse.beat(rows)?;
        }
    }
    pulse.beat(rows)?;
    let counted = from.facts().totals.findings;
    if rows != counted {
        let message = format!("the snapshot gave {rows} records and counts {counted}");
        return Err(RenderError::new(Code::StorageCorrupt, message));
    }
    Ok(rows)
}

/// Calls `visit` with every finding that came, went or changed since the baseline: those of the scope in their order, then
/// those that only the baseline has. Gives their number; nothing without a baseline.
///
/// # Errors
/// As [`for_each_finding`]; `storage_corrupt` too if there are not as many as the snapshot's comparison counts.
pub fn for_each_change(
    from: &dyn Snapshot,
    pulse: &dyn Pulse,
    mut visit: impl FnMut(&FindingRecord<'_>) -> Result<(), RenderError>,
) -> Result<u64, RenderError> {
    let Some(baseline) = &from.facts().baseline else { return Ok(0) };
    let mut rows = 0;
    for_each_finding(from, pulse, |record| {
        if !matches!(record.baseline, Some(BaselineState::New | BaselineState::Updated)) {
            return Ok(());
        }
        rows += 1;
        visit(record)
    })?;
    let mut cursor = from.absent()?;
    while let Some(record) = cursor.next()? {
        visit(&record)?;
        rows += 1;
        if rows % BEAT == 0 {
            pulse.beat(from.facts().totals.findings)?;
        }
    }
    let [new, updated, _, absent] = baseline.by_state;
    let counted = new + updated + absent;
    if rows != counted {
        let message = format!("the snapshot gave {rows} changed records and counts {counted}");
        return Err(RenderError::new(Code::StorageCorrupt, message));
    }
    Ok(rows)
}

/// Calls `visit` with every event of the audit trail, in order, and gives their number.
///
/// # Errors
/// As [`for_each_finding`].
pub fn for_each_event(
    from: &dyn Snapshot,
    pulse: &dyn Pulse,
    mut visit: impl FnMut(&AuditEvent<'_>) -> Result<(), RenderError>,
) -> Result<u64, RenderError> {
    pulse.beat(0)?;
    let mut rows = 0;
    let mut cursor = from.audit()?;
    while let Some(event) = cursor.next()? {
        visit(&event)?;
        rows += 1;
        if rows % BEAT == 0 {
            pulse.beat(rows)?;
        }
    }
    pulse.beat(rows)?;
    let counted = from.facts().records(RecordKind::AuditEvent);
    if rows != counted {
        let message = format!("the snapshot gave {rows} events and counts {counted}");
        return Err(RenderError::new(Code::StorageCorrupt, message));
    }
    Ok(rows)
}
