//! Noting what was done, in the transaction that does it.

use async_trait::async_trait;
use export_core::audit::AuditEntry;
use export_core::digest::Digest;
use export_core::error::{ErrorKind, PortError};
use export_core::id::TenantId;
use export_core::job::Job;
use export_core::ports::NodeId;
use export_core::time::Now;
use export_seal::{chain, merkle};
use sqlx::SqliteConnection;

use crate::error::while_doing;
use crate::ledger::digest;
use crate::row::saturating;
use crate::writer::{Operation, Tx};

const NAME: &str = "audit trail: append";

/// An entry about something that is no change in this store.
pub(crate) struct Append {
    pub(crate) tenant: TenantId,
    pub(crate) entry: AuditEntry<'static>,
    pub(crate) now: Now,
}

#[async_trait]
impl Operation for Append {
    type Output = u64;
    const NAME: &'static str = NAME;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<u64, PortError> {
        note(tx, &self.tenant, &self.entry, self.now).await
    }
}

/// Notes the end of `job`, if it has come to one.
pub(crate) async fn note_end(tx: &mut Tx<'_>, job: &Job, now: Now) -> Result<(), PortError> {
    let Some(entry) = AuditEntry::ended(job) else { return Ok(()) };
    note(tx, &job.tenant, &entry, now).await.map(drop)
}

/// Appends `entry` to the trail of `tenant`, to its chain and to its tree; its place there.
pub(crate) async fn note(
    tx: &mut Tx<'_>,
    tenant: &TenantId,
    entry: &AuditEntry<'_>,
    now: Now,
) -> Result<u64, PortError> {
    let tail = Tail::of(tx.db, tenant).await?;
    let seq = tail.size + 1;
    let hash = chain::link(&tail.hash, tenant, seq, now.wall, entry);
    let detail = serde_json::to_string(&entry.detail)
        .map_err(|error| PortError::new(ErrorKind::Internal, NAME, error.to_string()).because(error))?;
    sqlx::query(
        "INSERT INTO audit (tenant, seq, at, actor, action, target, detail, hash)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
    )
    .bind(tenant.as_str())
    .bind(saturating(seq))
    .bind(now.wall.as_millis())
    .bind(entry.actor.as_str())
    .bind(entry.action.as_str())
    .bind(entry.target.as_str())
    .bind(detail)
    .bind(&hash.as_bytes()[..])
    .execute(&mut *tx.db)
    .await
    .map_err(while_doing(NAME))?;
    let left = |id: NodeId| tail.left.get(usize::from(id.level)).copied().ok_or_else(|| incomplete(seq));
    let nodes = merkle::completed(tail.size, chain::leaf(&hash), left)?;
    insert_nodes(tx.db, tenant, &nodes).await?;
    Ok(seq)
}

/// What the next event of a trail is put behind.
struct Tail {
    size: u64,
    hash: Digest,
    /// The subtrees that the next event's completes others with, by level.
    left: Vec<Digest>,
}

/// seq and hash of the last event; the hash of a node, if one is needed.
type TailRow = (i64, Option<Vec<u8>>, bool, Option<Vec<u8>>);

impl Tail {
    /// In one statement: each is a way to the writer's thread and back.
    async fn of(db: &mut SqliteConnection, tenant: &TenantId) -> Result<Self, PortError> {
        // A node on the left is needed for as long as its level's part of the next leaf's place is odd.
        let rows: Vec<TailRow> = sqlx::query_as(
            "WITH RECURSIVE
                 last (seq, hash) AS MATERIALIZED
                     (SELECT seq, hash FROM audit WHERE tenant = ?1 ORDER BY seq DESC LIMIT 1),
                 beside (level, idx) AS (
                     SELECT 0, seq - 1 FROM last WHERE seq & 1
                     UNION ALL
                     SELECT level + 1, idx / 2 - 1 FROM beside WHERE (idx / 2) & 1)
             SELECT last.seq, last.hash, beside.level IS NOT NULL, node.hash
             FROM last LEFT JOIN beside ON true LEFT JOIN audit_node AS node
                 ON node.tenant = ?1 AND node.level = beside.level AND node.idx = beside.idx
             ORDER BY beside.level",
        )
        .bind(tenant.as_str())
        .fetch_all(db)
        .await
        .map_err(while_doing(NAME))?;
        let Some((seq, hash, ..)) = rows.first() else {
            return Ok(Self { size: 0, hash: chain::genesis(), left: Vec::new() });
        };
        let size = u64::try_from(*seq).map_err(|_| incomplete(0))?;
        let known = |hash: Option<&[u8]>| hash.and_then(digest).ok_or_else(|| incomplete(size));
        let left = rows.iter().filter(|row| row.2).map(|row| known(row.3.as_deref()));
        Ok(Self { size, hash: known(hash.as_deref())?, left: left.collect::<Result<_, _>>()? })
    }
}

fn incomplete(seq: u64) -> PortError {
    let message = "the chain or the tree of the trail is not whole";
    PortError::new(ErrorKind::Corrupt, NAME, message).at(format!("audit#{seq}"))
}

/// Writes the nodes that one event has completed: one of each level from 0 on, each above the one before.
pub(crate) async fn insert_nodes(
    db: &mut SqliteConnection,
    tenant: &TenantId,
    nodes: &[(NodeId, Digest)],
) -> Result<(), PortError> {
    let hashes: Vec<u8> = nodes.iter().flat_map(|(_, hash)| hash.as_bytes()).copied().collect();
    sqlx::query(
        "INSERT INTO audit_node (tenant, level, idx, hash)
         WITH RECURSIVE done (level) AS
             (SELECT 0 UNION ALL SELECT level + 1 FROM done WHERE (level + 2) * 32 <= length(?3))
         SELECT ?1, level, ?2 >> level, substr(?3, level * 32 + 1, 32) FROM done",
    )
    .bind(tenant.as_str())
    .bind(nodes.first().map_or(0, |(leaf, _)| saturating(leaf.index)))
    .bind(hashes)
    .execute(db)
    .await
    .map(drop)
    .map_err(while_doing(NAME))
}
