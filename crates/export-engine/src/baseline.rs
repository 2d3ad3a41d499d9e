//! The comparison with earlier scans: found once, gathered as any other, and put beside.

use std::fmt;
use std::sync::Arc;

use export_core::error::PortError;
use export_core::id::{ScanId, TenantId};
use export_core::ports::{ScanSource, ScanTotals, Snapshot};
use export_core::request::{Baseline, DateRange, OnSourceError, Scope};
use export_core::scan::ScanRef;
use export_core::time::{DateBound, Timestamp};
use export_core::warning::{Warning, WarningCode};
use export_snapshot::{ComparedSnapshot, SpooledSnapshot};
use serde::Serialize;

use crate::render::within;
use crate::{AttemptPulse, Fault, Limits, Sources, Wanted, gather};

/// Scans that a warning names.
const NAMED: usize = 5;

/// What a baseline stands for and no source has, by kind: a part of `scope.missing`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub(crate) struct Lacking {
    /// The scan that was named.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) baseline_scan_id: Vec<ScanId>,
    /// Scans of the scope, none of which has a scan before it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) baseline: Vec<ScanId>,
}

impl fmt::Display for Lacking {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let [scan, ..] = self.baseline_scan_id.as_slice() {
            return write!(f, "No source has the baseline {scan}");
        }
        let names = listed(&self.baseline);
        write!(
            f,
            "Nothing to compare with: no source has an earlier scan than {names}, of the same image by the same tool, that is \
             not in the scope itself; name one as baseline_scan_id, or leave it out"
        )
    }
}

/// The first scans by name, and how many more there are.
fn listed(scans: &[ScanId]) -> String {
    let names: Vec<&str> = scans.iter().take(NAMED).map(ScanId::as_str).collect();
    let more = scans.len() - names.len();
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    format!("{}{more}", names.join(", "))
}

/// The scans that `asked` stands for, beside `scope`, the scans that the export is about: what comes back is the same
/// whenever it is read again.
///
/// One scan with one before it is as if that had been named.
///
/// # Errors
/// What the source says.
pub(crate) async fn settle(
    scans: &dyn ScanSource,
    tenant: &TenantId,
    asked: &Baseline,
    scope: &[ScanRef],
    on_error: OnSourceError,
) -> Result<Result<Baseline, Lacking>, PortError> {
    match asked {
        Baseline::Scan(_) => {
            let found = scans.resolve(tenant, &scope_of(asked.scans()), on_error).await?;
            let baseline_scan_id = found.missing.scan_ids;
            let lacking = Lacking { baseline_scan_id, ..Lacking::default() };
            Ok(if lacking.baseline_scan_id.is_empty() { Ok(asked.clone()) } else { Err(lacking) })
        }
        Baseline::Before(_) => Ok(Ok(asked.clone())),
        Baseline::Previous => {
            let earlier = earlier_scans(scans, tenant, scope).await?;
            Ok(before(scope, &earlier))
        }
    }
}

/// All scans that may be before one of `scope`, which are in the scope themselves or not.
async fn earlier_scans(
    scans: &dyn ScanSource,
    tenant: &TenantId,
    scope: &[ScanRef],
) -> Result<Vec<ScanRef>, PortError> {
    let Some(latest) = scope.iter().filter_map(|scan| scan.created_at).max() else { return Ok(Vec::new()) };
    let start = DateBound::At(Timestamp::from_millis(0));
    let range = DateRange { start, end: DateBound::At(latest) };
    let in_range = Scope { date_range: Some(range), ..Scope::default() };
    // What cannot be read is no scan to compare with, whatever the export does about its own.
    Ok(scans.resolve(tenant, &in_range, OnSourceError::Warn).await?.scans)
}

/// The scan before each of `scope`, each once.
fn before(scope: &[ScanRef], earlier: &[ScanRef]) -> Result<Baseline, Lacking> {
    let outside: Vec<&ScanRef> =
        earlier.iter().filter(|scan| scope.iter().all(|it| it.id != scan.id)).collect();
    let mut found: Vec<ScanId> = Vec::new();
    for scan in scope {
        if let Some(previous) = previous(scan, &outside)
            && !found.contains(&previous.id)
        {
            found.push(previous.id.clone());
        }
    }
    match (scope, found.as_slice()) {
        ([], _) => Ok(Baseline::Before(found)),
        (_, []) => {
            Err(Lacking { baseline: scope.iter().map(|it| it.id.clone()).collect(), ..Lacking::default() })
        }
        ([_], [one]) => Ok(Baseline::Scan(one.clone())),
        _ => Ok(Baseline::Before(found)),
    }
}

/// The newest scan before `scan`; one of the same tag before those of others, for tags may be scanned in turns.
fn previous<'s>(scan: &ScanRef, earlier: &[&'s ScanRef]) -> Option<&'s ScanRef> {
    let earlier = earlier.iter().filter(|it| precedes(it, scan));
    earlier.max_by_key(|it| (it.image == scan.image, it.created_at, &it.id)).copied()
}

/// Whether `earlier` is an earlier scan of the same repository by the same tool, whatever its version: what two tools find
/// differs without anything having changed.
fn precedes(earlier: &ScanRef, later: &ScanRef) -> bool {
    let (Some(before), Some(at)) = (earlier.created_at, later.created_at) else { return false };
    let same_artifact = if later.image.is_empty() {
        later.image_digest.is_some() && earlier.image_digest == later.image_digest
    } else {
        earlier.repository() == later.repository()
    };
    before < at && same_artifact && tool_of(earlier).eq_ignore_ascii_case(tool_of(later))
}

/// The tool without its version.
fn tool_of(scan: &ScanRef) -> &str {
    scan.tool.split_whitespace().next().unwrap_or_default()
}

/// The scope of some scans, and nothing else.
fn scope_of(scans: &[ScanId]) -> Scope {
    Scope { scan_ids: scans.to_vec(), ..Scope::default() }
}

/// What is compared.
pub(crate) struct Comparison<'a> {
    /// With what; settled.
    pub(crate) baseline: &'a Baseline,
    /// What the export needs of its own scans.
    pub(crate) wanted: Wanted<'a>,
}

/// `current`, whose records know how they stand to those findings of the baseline that it is about; as it is without one.
pub(crate) async fn compare(
    current: SpooledSnapshot,
    with: Option<Comparison<'_>>,
    sources: &Sources,
    (tenant, taken_at): (&TenantId, Timestamp),
    (limits, pulse): (&Limits, &Arc<AttemptPulse>),
) -> Result<Arc<dyn Snapshot>, Fault> {
    let Some(Comparison { baseline, wanted }) = with else { return Ok(Arc::new(current)) };
    // None where the scope has no scan either.
    if baseline.scans().is_empty() {
        return Ok(Arc::new(current));
    }
    let scope = scope_of(baseline.scans());
    let wanted = wanted.of_scans(&scope);
    let earlier = gather(sources, tenant, wanted, limits, taken_at, pulse).await?;
    let mut warnings: Vec<Warning> = unread(&earlier).cloned().collect();
    if earlier.facts().scans.is_empty() {
        return Ok(Arc::new(current.warned(warnings)));
    }
    if let Baseline::Before(_) = baseline {
        warnings.extend(unmatched(&current, &earlier));
    }
    let comparing = {
        let pulse = Arc::clone(pulse);
        let compare = move || ComparedSnapshot::new(current, &earlier, &*pulse);
        tokio::task::spawn_blocking(move || compare().map_err(Fault::of_storage))
    };
    let compared = within(limits.render, pulse, comparing).await?;
    Ok(Arc::new(compared.warned(warnings)))
}

/// What could not be read of the baseline, where the request lets that be left out.
fn unread(earlier: &SpooledSnapshot) -> impl Iterator<Item = &Warning> {
    earlier.facts().warnings.iter().filter(|warning| warning.code == WarningCode::SourceRefused)
}

/// Names the scans of the scope that have none before them.
fn unmatched(current: &SpooledSnapshot, earlier: &SpooledSnapshot) -> Option<Warning> {
    let (scans, earlier) = (&current.facts().scans, &earlier.facts().scans);
    let has_none = |it: &&ScanTotals| !earlier.iter().any(|before| precedes(&before.scan, &it.scan));
    let alone: Vec<ScanId> = scans.iter().filter(has_none).map(|it| it.scan.id.clone()).collect();
    if alone.is_empty() {
        return None;
    }
    let message = format!(
        "No source has a scan before {}, of the same image by the same tool: all their findings count as introduced.",
        listed(&alone)
    );
    Some(Warning::new(WarningCode::BaselineMissing, message))
}

#[cfg(test)]
mod tests;
