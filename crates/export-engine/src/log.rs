//! The tenant's log: checkpoints over the audit trail, signed with the key of the seals.

use export_core::digest::Digest;
use export_core::error::{ErrorKind, PortError};
use export_core::id::TenantId;
use export_core::ports::{AuditLedger, Checkpoint, Signer};
use export_core::seal::{KeyStatus, PublicKey};
use export_core::time::Now;
use export_seal::merkle::{Range, consistency_path, peaks, verify_consistency};
use export_seal::note::{LogHead, origin};

use crate::sealing::signed;

const SIGN: &str = "log: sign a checkpoint";

/// A checkpoint over all that is in the tenant's trail now; the one that is kept already if nothing was added since, and its key
/// was not revoked.
///
/// # Errors
/// What the ledger and the signer say; `NotFound` if the trail is empty or no key signs; `Corrupt` if the trail is not the
/// continuation of what was signed before: then nothing is signed.
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
    let root = hash_of(ledger, tenant, peaks(size)).await?;
    let last = ledger.checkpoint(tenant, None).await?;
    if let Some(last) = &last {
        continues(ledger, tenant, last, (size, root)).await?;
    }
    let same = last.filter(|last| last.size == size);
    if let Some(same) = &same
        && is_trusted(signer, &same.note).await?
    {
        return Ok(same.clone());
    }
    let head = LogHead { origin: origin(tenant), size, root };
    let text = head.text();
    let (key, signature) = signed(signer, |_| text.clone().into_bytes()).await?;
    let signed = Checkpoint { size, root, at: now.wall, note: head.signed(&key, &signature) };
    // Of one size one note is kept. One by a key that was revoked since is not replaced, and not given out any more.
    if same.is_some() { Ok(signed) } else { ledger.keep_checkpoint(tenant, signed).await }
}

/// A log that was cut off, or written anew, must not be signed: two heads that contradict each other would be.
async fn continues(
    ledger: &dyn AuditLedger,
    tenant: &TenantId,
    last: &Checkpoint,
    (size, root): (u64, Digest),
) -> Result<(), PortError> {
    let forked = || {
        let message = format!(
            "the log of {size} events is not the continuation of that of {} that was signed",
            last.size
        );
        PortError::new(ErrorKind::Corrupt, SIGN, message).at(origin(tenant))
    };
    let path = consistency_path(last.size, size).ok_or_else(forked)?;
    let mut hashes = Vec::with_capacity(path.len());
    for range in path {
        hashes.push(hash_of(ledger, tenant, range).await?);
    }
    verify_consistency(last.size, size, &hashes, &last.root, &root).map_err(|_| forked())
}

/// Whether the key that signed `note` still counts.
async fn is_trusted(signer: &dyn Signer, note: &str) -> Result<bool, PortError> {
    let records = signer.keys().await?;
    let good = records.iter().filter(|known| known.status != KeyStatus::Revoked);
    let good: Vec<PublicKey> = good.map(|known| known.key).collect();
    Ok(LogHead::read(note, &good).is_ok())
}

/// The hash of a subtree of the log.
///
/// # Errors
/// `NotFound` if the log is not that long.
pub async fn hash_of(ledger: &dyn AuditLedger, tenant: &TenantId, range: Range) -> Result<Digest, PortError> {
    let nodes = ledger.nodes(tenant, &range.nodes()).await?;
    Ok(range.fold(&nodes))
}
