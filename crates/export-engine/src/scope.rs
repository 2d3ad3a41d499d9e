//! Which scans a request stands for.

mod policy_sets;

use export_core::catalogue::ExportType;
use export_core::error::PortError;
use export_core::id::TenantId;
use export_core::ports::{Missing, Resolution, ScanSource};
use export_core::request::{OnSourceError, Scope};
use export_core::scan::ScanRef;

use crate::Sources;

/// Whether an export tells how things went, and not how they stand: an image is then all its scans.
pub(crate) const fn is_history(kind: ExportType) -> bool {
    match kind {
        ExportType::ScanSummary => true,
        ExportType::ScanReport
        | ExportType::Sbom
        | ExportType::VulnerabilityReport
        | ExportType::PolicyCompliance
        | ExportType::AiCodeGuardReport
        | ExportType::EvidenceBundle
        | ExportType::AuditLog => false,
    }
}

/// The scans of a scope.
///
/// As [`ScanSource::resolve`](export_core::ports::ScanSource::resolve) says, and:
///
/// * If `history` is asked for, an image reference stands for all scans of that image within the date range, not for the newest
///   alone. It matches the image's name with tag, its name without tag, or its digest.
/// * A policy set that decided nothing about any of the scans is missing. If the scope names neither scans nor images, policy
///   sets stand for the scans that one of them decided something about.
///
/// # Errors
/// What the sources say.
pub(crate) async fn resolve(
    sources: &Sources,
    tenant: &TenantId,
    scope: &Scope,
    history: bool,
    on_error: OnSourceError,
) -> Result<Resolution, PortError> {
    let resolution = if history && !scope.image_refs.is_empty() {
        resolve_history(&*sources.scans, tenant, scope, on_error).await?
    } else {
        sources.scans.resolve(tenant, scope, on_error).await?
    };
    if scope.policy_sets.is_empty() {
        return Ok(resolution);
    }
    policy_sets::narrow(&*sources.verdicts, tenant, scope, resolution, on_error).await
}

async fn resolve_history(
    scans: &dyn ScanSource,
    tenant: &TenantId,
    scope: &Scope,
    on_error: OnSourceError,
) -> Result<Resolution, PortError> {
    let in_range = Scope { date_range: scope.date_range, ..Scope::default() };
    let Resolution { scans: mut found, mut warnings, .. } =
        scans.resolve(tenant, &in_range, on_error).await?;
    let is_missing = |image: &&String| !found.iter().any(|scan| is_of(scan, image));
    let image_refs = scope.image_refs.iter().filter(is_missing).cloned().collect();
    let mut missing = Missing { image_refs, ..Missing::default() };
    found.retain(|scan| scope.image_refs.iter().any(|image| is_of(scan, image)));
    if !scope.scan_ids.is_empty() {
        let by_id = Scope { scan_ids: scope.scan_ids.clone(), ..Scope::default() };
        let by_id = scans.resolve(tenant, &by_id, on_error).await?;
        missing.scan_ids = by_id.missing.scan_ids;
        found.extend(by_id.scans);
        warnings.extend(by_id.warnings);
        // Newest first, those without a time last, then by id.
        found.sort_by(|a, b| (b.created_at, &a.id).cmp(&(a.created_at, &b.id)));
        found.dedup_by(|a, b| a.id == b.id);
    }
    Ok(Resolution { scans: found, missing, warnings })
}

fn is_of(scan: &ScanRef, image: &str) -> bool {
    scan.image == image || scan.repository() == image || scan.image_digest.as_deref() == Some(image)
}
