//! Faults of template stores.

use async_trait::async_trait;
use export_core::error::PortError;
use export_core::id::TenantId;
use export_core::ports::{TemplatePage, TemplateStore};
use export_core::template::{NewTemplate, Template};
use export_core::time::Now;

use super::Faulty;

#[async_trait]
impl<T: TemplateStore + ?Sized> TemplateStore for Faulty<T> {
    async fn put(
        &self,
        tenant: &TenantId,
        template: NewTemplate,
        by: &str,
        now: Now,
    ) -> Result<Template, PortError> {
        self.plan.through("put template", self.inner.put(tenant, template, by, now)).await
    }

    async fn get(
        &self,
        tenant: &TenantId,
        name: &str,
        version: Option<u32>,
    ) -> Result<Option<Template>, PortError> {
        self.plan.through("get template", self.inner.get(tenant, name, version)).await
    }

    async fn list(
        &self,
        tenant: &TenantId,
        after: Option<&str>,
        limit: usize,
    ) -> Result<TemplatePage, PortError> {
        self.plan.through("list templates", self.inner.list(tenant, after, limit)).await
    }

    async fn delete(&self, tenant: &TenantId, name: &str, by: &str, now: Now) -> Result<bool, PortError> {
        self.plan.through("delete template", self.inner.delete(tenant, name, by, now)).await
    }
}
