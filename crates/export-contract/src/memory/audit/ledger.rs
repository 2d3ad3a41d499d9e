//! What proves a trail in memory.

use async_trait::async_trait;
use export_core::digest::Digest;
use export_core::error::{ErrorKind, PortError};
use export_core::id::TenantId;
use export_core::ports::{AuditLedger, Checkpoint, NodeId, Unsigned};
use export_seal::merkle::peaks;

use super::{MemoryAudit, Trail};

const NODES: &str = "memory trail: nodes";
const KEEP: &str = "memory trail: keep a checkpoint";

impl Trail {
    fn nodes(&self, wanted: &[NodeId]) -> Option<Vec<Digest>> {
        wanted.iter().map(|id| self.tree.node(*id)).collect()
    }

    fn unsigned(&self, tenant: &TenantId) -> Option<Unsigned> {
        let last = self.checkpoints.values().next_back().map(|it| (it.size, it.at));
        let covered = last.map_or(0, |(size, _)| size);
        let next = self.events.iter().find(|event| event.seq > covered)?;
        Some(Unsigned { tenant: tenant.clone(), size: self.tree.size(), last, since: next.at })
    }
}

#[async_trait]
impl AuditLedger for MemoryAudit {
    async fn size(&self, tenant: &TenantId) -> Result<u64, PortError> {
        Ok(self.lock().get(tenant).map_or(0, |trail| trail.tree.size()))
    }

    async fn nodes(&self, tenant: &TenantId, wanted: &[NodeId]) -> Result<Vec<Digest>, PortError> {
        let mut trails = self.lock();
        let found = trails.entry(tenant.clone()).or_default().nodes(wanted);
        found.ok_or_else(|| PortError::new(ErrorKind::NotFound, NODES, "a subtree that is not complete"))
    }

    async fn keep_checkpoint(
        &self,
        tenant: &TenantId,
        checkpoint: Checkpoint,
    ) -> Result<Checkpoint, PortError> {
        let mut trails = self.lock();
        let trail = trails.entry(tenant.clone()).or_default();
        let peaks = peaks(checkpoint.size);
        let root = trail.nodes(&peaks.nodes()).map(|hashes| peaks.fold(&hashes));
        if root != Some(checkpoint.root) {
            return Err(PortError::new(ErrorKind::Invalid, KEEP, "the trail has no such root"));
        }
        Ok(trail.checkpoints.entry(checkpoint.size).or_insert(checkpoint).clone())
    }

    async fn checkpoint(
        &self,
        tenant: &TenantId,
        size: Option<u64>,
    ) -> Result<Option<Checkpoint>, PortError> {
        let trails = self.lock();
        let found = trails.get(tenant).and_then(|trail| {
            trail.checkpoints.range(..=size.unwrap_or(u64::MAX)).next_back().map(|(_, kept)| kept.clone())
        });
        Ok(found)
    }

    async fn unsigned(&self) -> Result<Vec<Unsigned>, PortError> {
        Ok(self.lock().iter().filter_map(|(tenant, trail)| trail.unsigned(tenant)).collect())
    }
}
