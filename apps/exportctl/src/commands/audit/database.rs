//! The trails in a database file.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use export_boot::verify_audit;
use export_core::error::{ErrorKind, PortError};
use export_core::id::TenantId;
use export_seal::note::{LogHead, origin};
use export_seal::trail::Head;

use super::super::trusted::Known;
use super::told::Trail;
use crate::failure::Failure;

/// Checks the trails in `file`, each or that of `tenant`.
pub(super) async fn check(
    file: &Path,
    tenant: Option<&TenantId>,
    anchors: &[(TenantId, Head)],
    known: &Known,
) -> Result<Vec<Trail>, Failure> {
    if !file.is_file() {
        let message = format!("{} is no database; give --database or --data", file.display());
        return Err(Failure::usage(message));
    }
    let keys = known.keys();
    let revoked: Mutex<BTreeMap<TenantId, u64>> = Mutex::default();
    let open = |tenant: &TenantId, note: &str| {
        let (head, key) = LogHead::read(note, &keys).ok()?;
        if head.origin != origin(tenant) {
            return None;
        }
        if known.revoked(&key.id()).is_some() {
            let mut revoked = revoked.lock().unwrap_or_else(PoisonError::into_inner);
            *revoked.entry(tenant.clone()).or_default() += 1;
            return None;
        }
        Some(Head { size: head.size, root: head.root })
    };
    let reports =
        verify_audit(file, tenant, anchors, &open).await.map_err(|error| unreadable(file, &error))?;
    let revoked = revoked.into_inner().unwrap_or_else(PoisonError::into_inner);
    let trails = reports.into_iter().map(|report| {
        let revoked = revoked.get(&report.tenant).copied().unwrap_or_default();
        Trail {
            first: report.checked.last.min(1),
            checked: report.checked,
            signed: report.signed,
            revoked,
            unsigned: report.unsigned.saturating_sub(revoked),
            broken: report.broken,
            tenant: report.tenant,
        }
    });
    Ok(trails.collect())
}

/// Of a file that is no database of ours, nothing can be said; one that is damaged is not what it was.
fn unreadable(file: &Path, error: &PortError) -> Failure {
    let file = file.display();
    match error.kind {
        ErrorKind::Corrupt if error.message.contains("not a database") => {
            Failure::usage(format!("{file} is no database: {error}"))
        }
        ErrorKind::Corrupt => Failure::new(format!("{file}: {error}")),
        ErrorKind::Internal | ErrorKind::Invalid => Failure::usage(format!(
            "{file} cannot be read as a database of this version: {error}; if it is an older one of the Export Center, open it \
             once with this version's server"
        )),
        _ => Failure::usage(format!("{file} cannot be read: {error}")),
    }
}
