//! What proves the audit trail: nodes of the tree, checkpoints.

use async_trait::async_trait;
use export_core::digest::Digest;
use export_core::error::{ErrorKind, PortError};
use export_core::id::TenantId;
use export_core::ports::{AuditLedger, Checkpoint, NodeId, Unsigned};
use export_core::time::Timestamp;
use sqlx::SqliteConnection;

use crate::error::while_doing;
use crate::operation::KeepCheckpoint;
use crate::row::saturating;
use crate::store::SqliteJobs;

const SIZE: &str = "audit ledger: size";
const NODES: &str = "audit ledger: nodes";
const CHECKPOINT: &str = "audit ledger: checkpoint";
const UNSIGNED: &str = "audit ledger: unsigned";

#[async_trait]
impl AuditLedger for SqliteJobs {
    async fn size(&self, tenant: &TenantId) -> Result<u64, PortError> {
        let size: i64 = sqlx::query_scalar("SELECT coalesce(max(seq), 0) FROM audit WHERE tenant = ?1")
            .bind(tenant.as_str())
            .fetch_one(&self.readers)
            .await
            .map_err(while_doing(SIZE))?;
        number(SIZE, size)
    }

    async fn nodes(&self, tenant: &TenantId, wanted: &[NodeId]) -> Result<Vec<Digest>, PortError> {
        let mut db = self.readers.acquire().await.map_err(while_doing(NODES))?;
        let found: Option<Vec<Digest>> = nodes(&mut db, tenant, wanted).await?.into_iter().collect();
        found.ok_or_else(|| PortError::new(ErrorKind::NotFound, NODES, "a subtree that is not complete"))
    }

    async fn keep_checkpoint(
        &self,
        tenant: &TenantId,
        checkpoint: Checkpoint,
    ) -> Result<Checkpoint, PortError> {
        self.writer.run(KeepCheckpoint { tenant: tenant.clone(), checkpoint }).await
    }

    async fn checkpoint(
        &self,
        tenant: &TenantId,
        size: Option<u64>,
    ) -> Result<Option<Checkpoint>, PortError> {
        let mut db = self.readers.acquire().await.map_err(while_doing(CHECKPOINT))?;
        newest_checkpoint(&mut db, tenant, size).await
    }

    async fn unsigned(&self) -> Result<Vec<Unsigned>, PortError> {
        // Tenants one by one, for there are few of them and many events.
        let rows: Vec<UnsignedRow> = sqlx::query_as(
            "WITH RECURSIVE
                 who (tenant) AS (
                     SELECT min(tenant) FROM audit
                     UNION ALL
                     SELECT (SELECT min(tenant) FROM audit WHERE tenant > who.tenant) FROM who
                     WHERE who.tenant IS NOT NULL),
                 trail AS (
                     SELECT tenant, (SELECT max(seq) FROM audit WHERE audit.tenant = who.tenant) AS size,
                         (SELECT max(size) FROM audit_checkpoint AS kept WHERE kept.tenant = who.tenant) AS covered
                     FROM who WHERE tenant IS NOT NULL)
             SELECT trail.tenant, trail.size, trail.covered, kept.at, next.at
             FROM trail LEFT JOIN audit_checkpoint AS kept ON kept.tenant = trail.tenant AND kept.size = trail.covered
             JOIN audit AS next ON next.tenant = trail.tenant AND next.seq = coalesce(trail.covered, 0) + 1
             ORDER BY trail.tenant",
        )
        .fetch_all(&self.readers)
        .await
        .map_err(while_doing(UNSIGNED))?;
        rows.into_iter().map(unsigned).collect()
    }
}

/// tenant, size; size and time of the last checkpoint; time of the first event behind it
type UnsignedRow = (String, i64, Option<i64>, Option<i64>, i64);

fn unsigned((tenant, size, covered, at, since): UnsignedRow) -> Result<Unsigned, PortError> {
    let tenant = tenant
        .parse()
        .map_err(|_| PortError::new(ErrorKind::Corrupt, UNSIGNED, "a trail of no tenant").at(tenant))?;
    let last = covered.zip(at).map(|(size, at)| Ok((number(UNSIGNED, size)?, Timestamp::from_millis(at))));
    Ok(Unsigned {
        tenant,
        size: number(UNSIGNED, size)?,
        last: last.transpose()?,
        since: Timestamp::from_millis(since),
    })
}

fn number(operation: &'static str, number: i64) -> Result<u64, PortError> {
    u64::try_from(number).map_err(|_| PortError::new(ErrorKind::Corrupt, operation, "a number below zero"))
}

/// A digest as it is kept.
pub(crate) fn digest(bytes: &[u8]) -> Option<Digest> {
    bytes.try_into().ok().map(Digest::from_bytes)
}

/// The hashes of these subtrees, in the order asked for; none for one that is not there.
pub(crate) async fn nodes(
    db: &mut SqliteConnection,
    tenant: &TenantId,
    wanted: &[NodeId],
) -> Result<Vec<Option<Digest>>, PortError> {
    let ids: Vec<_> = wanted.iter().map(|id| format!("[{},{}]", id.level, saturating(id.index))).collect();
    let rows: Vec<Option<Vec<u8>>> = sqlx::query_scalar(
        "SELECT node.hash FROM json_each(?2) AS wanted LEFT JOIN audit_node AS node
             ON node.tenant = ?1 AND node.level = wanted.value ->> 0 AND node.idx = wanted.value ->> 1
         ORDER BY wanted.key",
    )
    .bind(tenant.as_str())
    .bind(format!("[{}]", ids.join(",")))
    .fetch_all(db)
    .await
    .map_err(while_doing(NODES))?;
    Ok(rows.into_iter().map(|hash| hash.as_deref().and_then(digest)).collect())
}

/// size, root, at, note
type CheckpointRow = (i64, Vec<u8>, i64, String);

fn checkpoint((size, root, at, note): CheckpointRow) -> Result<Checkpoint, PortError> {
    let corrupt = || PortError::new(ErrorKind::Corrupt, CHECKPOINT, "its root is not 32 bytes");
    let root = digest(&root).ok_or_else(corrupt)?;
    Ok(Checkpoint { size: number(CHECKPOINT, size)?, root, at: Timestamp::from_millis(at), note })
}

/// The checkpoint with the largest size up to `size`.
pub(crate) async fn newest_checkpoint(
    db: &mut SqliteConnection,
    tenant: &TenantId,
    size: Option<u64>,
) -> Result<Option<Checkpoint>, PortError> {
    let row: Option<CheckpointRow> = sqlx::query_as(
        "SELECT size, root, at, note FROM audit_checkpoint WHERE tenant = ?1 AND size <= ?2
         ORDER BY size DESC LIMIT 1",
    )
    .bind(tenant.as_str())
    .bind(saturating(size.unwrap_or(u64::MAX)))
    .fetch_optional(db)
    .await
    .map_err(while_doing(CHECKPOINT))?;
    row.map(checkpoint).transpose()
}

/// All checkpoints of a trail, the smallest first.
pub(crate) async fn checkpoints(
    db: &mut SqliteConnection,
    tenant: &TenantId,
) -> Result<Vec<Checkpoint>, PortError> {
    let rows: Vec<CheckpointRow> =
        sqlx::query_as("SELECT size, root, at, note FROM audit_checkpoint WHERE tenant = ?1 ORDER BY size")
            .bind(tenant.as_str())
            .fetch_all(db)
            .await
            .map_err(while_doing(CHECKPOINT))?;
    rows.into_iter().map(checkpoint).collect()
}
