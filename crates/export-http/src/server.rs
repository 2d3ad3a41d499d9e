//! What handlers share.

use std::sync::Arc;

use export_core::audit::AuditEntry;
use export_core::id::{ExportId, TenantId};
use export_core::job::Job;
use export_core::ports::JobReader;
use export_core::time::Now;
use tokio::sync::Semaphore;

use crate::Api;
use crate::cursor::Cursors;
use crate::events::slots::Slots;
use crate::problem::Refusal;

pub(crate) type Shared = Arc<Server>;

pub(crate) struct Server {
    pub(crate) api: Api,
    pub(crate) cursors: Cursors,
    pub(crate) slots: Slots,
    pub(crate) uploads: Slots,
    pub(crate) verifications: Arc<Semaphore>,
}

impl Server {
    pub(crate) fn new(api: Api) -> Self {
        let cursors = Cursors::new(api.settings.secret);
        let slots = Slots::new(api.settings.streams_per_tenant);
        let verifications = Arc::new(Semaphore::new(api.settings.verifications));
        let uploads = Slots::new(api.settings.uploads_per_tenant);
        Self { api, cursors, slots, uploads, verifications }
    }

    pub(crate) fn now(&self) -> Now {
        self.api.engine.parts().clock.now()
    }

    pub(crate) fn reader(&self) -> &Arc<dyn JobReader> {
        &self.api.engine.parts().reader
    }

    /// Notes what was done in the tenant's audit trail. What cannot be noted must not be done.
    pub(crate) async fn note(&self, tenant: &TenantId, entry: AuditEntry<'static>) -> Result<(), Refusal> {
        self.api.engine.parts().audit.append(tenant, entry, self.now()).await?;
        Ok(())
    }

    /// The tenant's job. Foreign and unknown ids cannot be told apart.
    pub(crate) async fn find(&self, tenant: &TenantId, id: ExportId) -> Result<Job, Refusal> {
        self.reader().get(tenant, id).await?.ok_or_else(Refusal::no_such_export)
    }
}
