//! The audit trail as a chain: each event's hash covers the event and the hash before it.

use std::collections::BTreeMap;

use export_core::audit::{AuditAction, AuditEntry};
use export_core::digest::Digest;
use export_core::id::TenantId;
use export_core::text::Text;
use export_core::time::Timestamp;
use serde::Serialize;
use sha2::{Digest as _, Sha256};

use crate::{canonical, merkle};

/// What keeps these hashes apart from all others.
const DOMAIN: &[u8] = b"audit-v1\0";

/// The hash before the first event.
#[must_use]
pub const fn genesis() -> Digest {
    Digest::from_bytes([0; 32])
}

/// An event as it is hashed: canonical JSON, with the tenant, so that no event can be moved to another trail.
#[derive(Serialize)]
struct Row<'r> {
    action: AuditAction,
    actor: &'r str,
    at: Timestamp,
    detail: &'r BTreeMap<Text<'r>, Text<'r>>,
    seq: u64,
    target: &'r str,
    tenant: &'r TenantId,
}

/// The hash of the event `seq` of `tenant`, behind one with the hash `previous`.
#[must_use]
pub fn link(previous: &Digest, tenant: &TenantId, seq: u64, at: Timestamp, entry: &AuditEntry<'_>) -> Digest {
    let AuditEntry { actor, action, target, detail } = entry;
    let row = canonical::to_vec(&Row { action: *action, actor, at, detail, seq, target, tenant });
    let mut hasher = Sha256::new();
    hasher.update(DOMAIN);
    hasher.update(previous.as_bytes());
    hasher.update(row);
    Digest::from_bytes(hasher.finalize().into())
}

/// The hash of the tree's leaf for an event with the hash `link`.
#[must_use]
pub fn leaf(link: &Digest) -> Digest {
    merkle::leaf(link.as_bytes())
}
