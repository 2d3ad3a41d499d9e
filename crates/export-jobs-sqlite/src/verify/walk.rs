//! The way through one trail, in pages: each with the nodes of the tree that its events complete.

use export_core::digest::Digest;
use export_core::error::PortError;
use export_core::id::TenantId;
use export_core::ports::NodeId;
use export_seal::trail::{Broken, TrailCheck};
use sqlx::SqliteConnection;

use super::NAME;
use crate::audit::Row;
use crate::error::while_doing;
use crate::ledger::nodes;

/// Rows of one query.
const AT_ONCE: i64 = 500;

/// Takes `check` through all events of a trail, or up to the first one that is broken.
pub(super) async fn walk(
    db: &mut SqliteConnection,
    tenant: &TenantId,
    check: &mut TrailCheck,
) -> Result<Option<Broken>, PortError> {
    // Whoever writes past the schema may number from below zero.
    let mut last = i64::MIN;
    loop {
        let rows = page(db, tenant, last).await?;
        let Some(end) = rows.last() else { return left_over(db, tenant, check.last()).await };
        last = end.seq;
        let (mut completed, mut broken) = (Vec::new(), None);
        for row in &rows {
            match take(check, row) {
                Ok(nodes) => completed.extend(nodes),
                Err(error) => {
                    broken = Some(error);
                    break;
                }
            }
        }
        // The nodes end with events that stand before the one that is broken.
        let broken = compare(db, tenant, &completed).await?.or(broken);
        if broken.is_some() {
            return Ok(broken);
        }
    }
}

async fn page(db: &mut SqliteConnection, tenant: &TenantId, last: i64) -> Result<Vec<Row>, PortError> {
    sqlx::query_as(
        "SELECT seq, at, actor, action, target, detail, hash FROM audit
         WHERE tenant = ?1 AND seq > ?2 ORDER BY seq LIMIT ?3",
    )
    .bind(tenant.as_str())
    .bind(last)
    .bind(AT_ONCE)
    .fetch_all(db)
    .await
    .map_err(while_doing(NAME))
}

fn take(check: &mut TrailCheck, row: &Row) -> Result<Vec<(NodeId, Digest)>, Broken> {
    let expected = check.last() + 1;
    if u64::try_from(row.seq) != Ok(expected) {
        return Err(Broken::Gap { seq: expected });
    }
    // What nobody of ours can have written does not have its hash either.
    let (Ok(entry), Ok(hash)) = (row.entry(), row.hash()) else {
        return Err(Broken::ChainBroken { seq: expected });
    };
    check.event(expected, row.at(), &entry, &hash)
}

/// Compares nodes that are kept with those that the events come to.
async fn compare(
    db: &mut SqliteConnection,
    tenant: &TenantId,
    expected: &[(NodeId, Digest)],
) -> Result<Option<Broken>, PortError> {
    let ids: Vec<NodeId> = expected.iter().map(|(id, _)| *id).collect();
    let kept = nodes(db, tenant, &ids).await?;
    let differs = expected.iter().zip(kept).find(|((_, hash), kept)| *kept != Some(*hash));
    Ok(differs.map(|((id, _), _)| Broken::NodeMismatch { seq: (id.index + 1) << id.level }))
}

/// Nodes behind the last event: what is left of events that were removed.
async fn left_over(
    db: &mut SqliteConnection,
    tenant: &TenantId,
    events: u64,
) -> Result<Option<Broken>, PortError> {
    let (leaves, count): (i64, i64) = sqlx::query_as(
        "SELECT coalesce(max(idx) FILTER (WHERE level = 0) + 1, 0), count(*) FROM audit_node WHERE tenant = ?1",
    )
    .bind(tenant.as_str())
    .fetch_one(db)
    .await
    .map_err(while_doing(NAME))?;
    let (leaves, count) = (u64::try_from(leaves).unwrap_or(0), u64::try_from(count).unwrap_or(0));
    if leaves > events {
        return Ok(Some(Broken::Truncated { seq: events + 1, size: leaves }));
    }
    // A tree of n leaves has a complete subtree less than 2n for each of its peaks.
    let complete = 2 * events - u64::from(events.count_ones());
    Ok((count != complete).then_some(Broken::NodeMismatch { seq: events }))
}
