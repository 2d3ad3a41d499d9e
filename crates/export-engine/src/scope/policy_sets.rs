//! Which policy sets have decided something, and about which scans.

use std::collections::BTreeSet;

use export_core::error::{ErrorKind, PortError};
use export_core::id::TenantId;
use export_core::ports::{Flow, Resolution, VerdictSource};
use export_core::request::{OnSourceError, Scope};
use export_core::scan::ScanRef;
use futures::StreamExt as _;

/// Adds the policy sets that are missing; leaves scans out that none of them is about, if the scope names no scans otherwise.
/// Verdicts are read no further than needed.
pub(super) async fn narrow(
    verdicts: &dyn VerdictSource,
    tenant: &TenantId,
    scope: &Scope,
    mut resolution: Resolution,
    on_error: OnSourceError,
) -> Result<Resolution, PortError> {
    let stands_for_scans = scope.scan_ids.is_empty() && scope.image_refs.is_empty();
    let mut unseen: BTreeSet<&str> = scope.policy_sets.iter().map(String::as_str).collect();
    let mut scans = Vec::with_capacity(resolution.scans.len());
    for scan in resolution.scans {
        let is_needed = stands_for_scans || !unseen.is_empty();
        let decides = is_needed && decide(verdicts, (tenant, &scan), scope, &mut unseen, on_error).await?;
        if decides || !stands_for_scans {
            scans.push(scan);
        }
    }
    let is_missing = |set: &&String| unseen.contains(set.as_str());
    resolution.missing.policy_sets = scope.policy_sets.iter().filter(is_missing).cloned().collect();
    Ok(Resolution { scans, ..resolution })
}

/// Whether one of the scope's sets decided something about the scan; takes those that did out of `unseen`.
async fn decide(
    verdicts: &dyn VerdictSource,
    (tenant, scan): (&TenantId, &ScanRef),
    scope: &Scope,
    unseen: &mut BTreeSet<&str>,
    on_error: OnSourceError,
) -> Result<bool, PortError> {
    let mut flows = verdicts.verdicts(tenant, scan, on_error).await?;
    let mut decides = false;
    loop {
        let flow = flows.next().await.transpose()?;
        match flow {
            Some(Flow::Item(verdict)) => {
                let set = verdict.policy_set.as_str();
                unseen.remove(set);
                decides |= scope.policy_sets.iter().any(|wanted| wanted == set);
                if decides && unseen.is_empty() {
                    return Ok(true);
                }
            }
            Some(Flow::Warning(_) | Flow::Document(_)) => {}
            Some(Flow::End { .. }) => return Ok(decides),
            None => {
                let message = "the source of verdicts was cut off";
                return Err(PortError::new(ErrorKind::Unavailable, "scope: policy sets", message));
            }
        }
    }
}
