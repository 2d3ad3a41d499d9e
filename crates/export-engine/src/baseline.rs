//! The comparison with an earlier scan: gathered as any other, and put beside.

use std::sync::Arc;

use export_core::id::{ScanId, TenantId};
use export_core::ports::Snapshot;
use export_core::request::{OnSourceError, Scope};
use export_core::time::Timestamp;
use export_snapshot::{ComparedSnapshot, SpooledSnapshot};

use crate::findings::Findings;
use crate::render::within;
use crate::{AttemptPulse, Fault, Limits, Sources, Wanted, gather};

/// The scope of one scan, and nothing else.
pub(crate) fn scope_of(scan: &ScanId) -> Scope {
    Scope { scan_ids: vec![scan.clone()], ..Scope::default() }
}

/// `current`, whose records know how they stand to those findings of the scan `baseline` that it is about; as it is without
/// one.
pub(crate) async fn compare(
    current: SpooledSnapshot,
    baseline: Option<(&ScanId, Findings, OnSourceError)>,
    sources: &Sources,
    (tenant, taken_at): (&TenantId, Timestamp),
    (limits, pulse): (&Limits, &Arc<AttemptPulse>),
) -> Result<Arc<dyn Snapshot>, Fault> {
    let Some((scan, findings, on_error)) = baseline else { return Ok(Arc::new(current)) };
    let scope = scope_of(scan);
    let wanted = Wanted::scan(&scope, findings, on_error);
    let baseline = gather(sources, tenant, wanted, limits, taken_at, pulse).await?;
    let comparing = {
        let pulse = Arc::clone(pulse);
        let compare = move || ComparedSnapshot::new(current, &baseline, &*pulse);
        tokio::task::spawn_blocking(move || compare().map_err(Fault::of_storage))
    };
    Ok(Arc::new(within(limits.render, pulse, comparing).await?))
}
