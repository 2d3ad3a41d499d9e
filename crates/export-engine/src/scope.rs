//! Which scans a request stands for.

use export_core::catalogue::ExportType;
use export_core::error::PortError;
use export_core::id::TenantId;
use export_core::ports::{Missing, Resolution, ScanSource};
use export_core::request::Scope;
use export_core::scan::ScanRef;

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
/// As [`ScanSource::resolve`] says; but if `history` is asked for, an image reference stands for all scans of that image within
/// the date range, not for the newest alone. It matches the image's name with tag, its name without tag, or its digest.
///
/// # Errors
/// What the source says.
pub(crate) async fn resolve(
    scans: &dyn ScanSource,
    tenant: &TenantId,
    scope: &Scope,
    history: bool,
) -> Result<Resolution, PortError> {
    if !history || scope.image_refs.is_empty() {
        return scans.resolve(tenant, scope).await;
    }
    let in_range = Scope { date_range: scope.date_range, ..Scope::default() };
    let mut found = scans.resolve(tenant, &in_range).await?.scans;
    let is_missing = |image: &&String| !found.iter().any(|scan| is_of(scan, image));
    let image_refs = scope.image_refs.iter().filter(is_missing).cloned().collect();
    let mut missing = Missing { image_refs, ..Missing::default() };
    found.retain(|scan| scope.image_refs.iter().any(|image| is_of(scan, image)));
    if !scope.scan_ids.is_empty() {
        let by_id = Scope { scan_ids: scope.scan_ids.clone(), ..Scope::default() };
        let by_id = scans.resolve(tenant, &by_id).await?;
        missing.scan_ids = by_id.missing.scan_ids;
        found.extend(by_id.scans);
        // Newest first, those without a time last, then by id.
        found.sort_by(|a, b| (b.created_at, &a.id).cmp(&(a.created_at, &b.id)));
        found.dedup_by(|a, b| a.id == b.id);
    }
    Ok(Resolution { scans: found, missing })
}

fn is_of(scan: &ScanRef, image: &str) -> bool {
    scan.image == image || scan.repository() == image || scan.image_digest.as_deref() == Some(image)
}
