//! The tenant's log: checkpoints over the audit trail, signed with the key of the seals.

use export_core::digest::Digest;
use export_core::error::{ErrorKind, PortError};
use export_core::id::TenantId;
use export_core::ports::{AuditLedger, Checkpoint, Signer};
use export_core::time::Now;
use export_seal::merkle::{Range, peaks};
use export_seal::note::{LogHead, origin};

const SIGN: &str = "log: sign a checkpoint";

/// A checkpoint over all that is in the tenant's trail now; the one that is kept already if nothing was added since.
///
/// # Errors
/// What the ledger and the signer say; `NotFound` if the trail is empty.
pub async fn checkpoint(
    ledger: &dyn AuditLedger,
    signer: &dyn Signer,
    tenant: &TenantId,
    now: Now,
) -> Result<Checkpoint, PortError> {
    let size = ledger.size(tenant).await?;
    if size == 0 {
        return Err(PortError::new(ErrorKind::NotFound, SIGN, "nothing is in the log yet"));
    }
    let last = ledger.checkpoint(tenant, None).await?;
    if let Some(last) = last.filter(|last| last.size == size) {
        return Ok(last);
    }
    let root = hash_of(ledger, tenant, peaks(size)).await?;
    let head = LogHead { origin: origin(tenant), size, root };
    let key = signer.active().await?;
    let signature = signer.sign(&key, head.text().as_bytes()).await?;
    export_seal::signature::verify(&key, head.text().as_bytes(), &signature)
        .map_err(|error| PortError::new(ErrorKind::Corrupt, SIGN, error.to_string()))?;
    let note = head.signed(&key, &signature);
    ledger.keep_checkpoint(tenant, Checkpoint { size, root, at: now.wall, note }).await
}

/// The hash of a subtree of the log.
///
/// # Errors
/// `NotFound` if the log is not that long.
pub async fn hash_of(ledger: &dyn AuditLedger, tenant: &TenantId, range: Range) -> Result<Digest, PortError> {
    let nodes = ledger.nodes(tenant, &range.nodes()).await?;
    Ok(range.fold(&nodes))
}
