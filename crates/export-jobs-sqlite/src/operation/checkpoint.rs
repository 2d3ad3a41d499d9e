//! Keeping a head of the audit tree that was signed.

use async_trait::async_trait;
use export_core::digest::Digest;
use export_core::error::{ErrorKind, PortError};
use export_core::id::TenantId;
use export_core::ports::Checkpoint;
use export_seal::merkle::peaks;

use crate::error::while_doing;
use crate::ledger::{newest_checkpoint, nodes};
use crate::row::saturating;
use crate::writer::{Operation, Tx};

const NAME: &str = "audit ledger: keep a checkpoint";

pub(crate) struct KeepCheckpoint {
    pub(crate) tenant: TenantId,
    pub(crate) checkpoint: Checkpoint,
}

#[async_trait]
impl Operation for KeepCheckpoint {
    type Output = Checkpoint;
    const NAME: &'static str = NAME;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Checkpoint, PortError> {
        let new = &self.checkpoint;
        self.check_root(tx).await?;
        let before = newest_checkpoint(tx.db, &self.tenant, Some(new.size)).await?;
        if let Some(same) = before.filter(|it| it.size == new.size) {
            return Ok(same);
        }
        sqlx::query(
            "INSERT INTO audit_checkpoint (tenant, size, root, at, note) VALUES (?1, ?2, ?3, ?4, ?5)",
        )
        .bind(self.tenant.as_str())
        .bind(saturating(new.size))
        .bind(&new.root.as_bytes()[..])
        .bind(new.at.as_millis())
        .bind(&new.note)
        .execute(&mut *tx.db)
        .await
        .map_err(while_doing(NAME))?;
        Ok(new.clone())
    }
}

impl KeepCheckpoint {
    async fn check_root(&self, tx: &mut Tx<'_>) -> Result<(), PortError> {
        let peaks = peaks(self.checkpoint.size);
        let hashes = nodes(tx.db, &self.tenant, &peaks.nodes()).await?;
        let hashes: Option<Vec<Digest>> = hashes.into_iter().collect();
        if hashes.is_some_and(|hashes| peaks.fold(&hashes) == self.checkpoint.root) {
            return Ok(());
        }
        let message = format!("the trail has no such root over {} events", self.checkpoint.size);
        Err(PortError::new(ErrorKind::Invalid, NAME, message))
    }
}
