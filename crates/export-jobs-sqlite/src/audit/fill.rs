//! Trails from before there was a chain get theirs when their file is opened.

use export_core::digest::Digest;
use export_core::error::{ErrorKind, PortError};
use export_core::id::TenantId;
use export_seal::chain;
use export_seal::merkle::Frontier;
use sqlx::{Connection as _, SqliteConnection};

use super::Row;
use crate::error::while_doing;
use crate::operation::insert_nodes;

const NAME: &str = "audit trail: chain what is there";
/// Trails without hashes. One that has nodes already had hashes, and lost some: that is for `fsck` to tell, not to mend.
const UNCHAINED: &str = "SELECT DISTINCT tenant FROM audit WHERE hash IS NULL
     AND NOT EXISTS (SELECT 1 FROM audit_node AS node WHERE node.tenant = audit.tenant)";
/// Rows of one query.
const AT_ONCE: i64 = 500;

/// Gives every event its hash, and every trail its tree; all of them or none. Of two processes that open the same file, one
/// waits and then finds nothing to do.
pub(crate) async fn fill_in(db: &mut SqliteConnection) -> Result<(), PortError> {
    let failed = while_doing(NAME);
    if sqlx::query(UNCHAINED).fetch_optional(&mut *db).await.map_err(&failed)?.is_none() {
        return Ok(());
    }
    tracing::info!("audit trails get their chain, once; of a million events that takes a minute");
    let mut tx = db.begin_with("BEGIN IMMEDIATE").await.map_err(&failed)?;
    let tenants: Vec<String> = sqlx::query_scalar(UNCHAINED).fetch_all(&mut *tx).await.map_err(&failed)?;
    for tenant in tenants {
        let tenant = tenant.parse::<TenantId>().map_err(|error| {
            PortError::new(ErrorKind::Corrupt, NAME, error.to_string()).at(format!("audit: {tenant}"))
        })?;
        let events = fill_trail(&mut tx, &tenant).await?;
        tracing::info!(%tenant, events, "the audit trail has got its chain");
    }
    tx.commit().await.map_err(&failed)
}

async fn fill_trail(db: &mut SqliteConnection, tenant: &TenantId) -> Result<u64, PortError> {
    let (mut last, mut hash, mut tree) = (0, chain::genesis(), Frontier::default());
    loop {
        let rows: Vec<Row> = sqlx::query_as(
            "SELECT seq, at, actor, action, target, detail, hash FROM audit
             WHERE tenant = ?1 AND seq > ?2 ORDER BY seq LIMIT ?3",
        )
        .bind(tenant.as_str())
        .bind(last)
        .bind(AT_ONCE)
        .fetch_all(&mut *db)
        .await
        .map_err(while_doing(NAME))?;
        let Some(end) = rows.last() else { return Ok(tree.size()) };
        last = end.seq;
        for row in rows {
            hash = chain::link(&hash, tenant, tree.size() + 1, row.at(), &row.entry()?);
            set(db, tenant, row.seq, &hash).await?;
            let nodes = tree.push(chain::leaf(&hash));
            insert_nodes(db, tenant, &nodes).await?;
        }
    }
}

async fn set(db: &mut SqliteConnection, tenant: &TenantId, seq: i64, hash: &Digest) -> Result<(), PortError> {
    sqlx::query("UPDATE audit SET hash = ?3 WHERE tenant = ?1 AND seq = ?2")
        .bind(tenant.as_str())
        .bind(seq)
        .bind(&hash.as_bytes()[..])
        .execute(db)
        .await
        .map(drop)
        .map_err(while_doing(NAME))
}
