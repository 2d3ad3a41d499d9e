//! A trail in memory.

mod ledger;

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use export_core::audit::{AuditEntry, AuditEvent, TrailDigest};
use export_core::error::PortError;
use export_core::id::TenantId;
use export_core::ports::{
    AuditFilter, AuditLog, AuditPage, AuditRange, AuditSource, Checkpoint, Flow, Flows,
};
use export_core::scan::SourceDigest;
use export_core::time::Now;
use export_seal::chain;
use export_seal::merkle::Tree;
use futures::StreamExt as _;
use futures::stream;

/// The trails of all tenants, in memory.
#[derive(Default)]
pub struct MemoryAudit(Mutex<BTreeMap<TenantId, Trail>>);

/// The trail of one tenant.
#[derive(Default)]
struct Trail {
    events: Vec<AuditEvent<'static>>,
    tree: Tree,
    checkpoints: BTreeMap<u64, Checkpoint>,
}

impl MemoryAudit {
    /// Notes an entry; its place in the trail.
    pub fn note(&self, tenant: &TenantId, entry: AuditEntry<'static>, now: Now) -> u64 {
        let mut trails = self.lock();
        let trail = trails.entry(tenant.clone()).or_default();
        let seq = trail.tree.size() + 1;
        let before = trail.events.last().map_or_else(chain::genesis, |event| event.hash);
        let hash = chain::link(&before, tenant, seq, now.wall, &entry);
        trail.tree.push(chain::leaf(&hash));
        trail.events.push(AuditEvent { seq, at: now.wall, entry, hash });
        seq
    }

    /// The whole trail of a tenant.
    #[must_use]
    pub fn of(&self, tenant: &TenantId) -> Vec<AuditEvent<'static>> {
        self.lock().get(tenant).map(|trail| trail.events.clone()).unwrap_or_default()
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<TenantId, Trail>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl AuditLog for MemoryAudit {
    async fn append(
        &self,
        tenant: &TenantId,
        entry: AuditEntry<'static>,
        now: Now,
    ) -> Result<u64, PortError> {
        Ok(self.note(tenant, entry, now))
    }
}

#[async_trait]
impl AuditSource for MemoryAudit {
    async fn events(
        &self,
        tenant: &TenantId,
        range: AuditRange,
    ) -> Result<Flows<AuditEvent<'static>>, PortError> {
        let mut events = self.of(tenant);
        events.retain(|event| {
            range.start.is_none_or(|start| start <= event.at) && range.end.is_none_or(|end| event.at <= end)
        });
        let mut digest = TrailDigest::default();
        events.iter().for_each(|event| digest.add(event));
        let items = events.len() as u64;
        let document = SourceDigest {
            name: "memory".to_owned(),
            query: "audit".to_owned(),
            digest: digest.finish(),
            records: items,
        };
        let end = [Flow::Document(document), Flow::End { items }];
        Ok(stream::iter(events.into_iter().map(Flow::Item).chain(end).map(Ok)).boxed())
    }

    async fn page(
        &self,
        tenant: &TenantId,
        filter: &AuditFilter,
        limit: usize,
    ) -> Result<AuditPage, PortError> {
        let mut events = self.of(tenant);
        events.retain(|event| passes(filter, event));
        events.reverse();
        let more = events.len() > limit;
        events.truncate(limit);
        Ok(AuditPage { events, more })
    }
}

fn passes(filter: &AuditFilter, event: &AuditEvent<'_>) -> bool {
    let entry = &event.entry;
    filter.action.is_none_or(|action| action == entry.action)
        && filter.actor.as_ref().is_none_or(|actor| entry.actor == actor.as_str())
        && filter.target.as_ref().is_none_or(|target| entry.target == target.as_str())
        && filter.after.is_none_or(|after| after <= event.at)
        && filter.before.is_none_or(|before| event.at < before)
        && filter.older_than.is_none_or(|seq| event.seq < seq)
}
