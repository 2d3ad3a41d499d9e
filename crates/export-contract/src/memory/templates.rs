//! Templates in memory.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use export_core::audit::AuditEntry;
use export_core::digest::Digest;
use export_core::error::{ErrorKind, PortError};
use export_core::id::TenantId;
use export_core::ports::{TemplatePage, TemplateStore};
use export_core::template::{MAX_TEMPLATES, MAX_VERSIONS, NewTemplate, Template};
use export_core::time::Now;

use super::MemoryAudit;

/// A store of templates in memory, beside a trail.
#[derive(Default)]
pub struct MemoryTemplates {
    kept: Mutex<BTreeMap<(TenantId, String), Kept>>,
    trail: Arc<MemoryAudit>,
}

#[derive(Default)]
struct Kept {
    last: u32,
    versions: Vec<Template>,
}

impl MemoryTemplates {
    /// An empty store that notes its changes in `trail`.
    #[must_use]
    pub fn new(trail: Arc<MemoryAudit>) -> Self {
        Self { kept: Mutex::default(), trail }
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<(TenantId, String), Kept>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl TemplateStore for MemoryTemplates {
    async fn put(
        &self,
        tenant: &TenantId,
        template: NewTemplate,
        by: &str,
        now: Now,
    ) -> Result<Template, PortError> {
        let refuse = |kind, what: String| Err(PortError::new(kind, "template store: put", what));
        if let Err(what) = template.check(tenant) {
            return refuse(ErrorKind::Invalid, what);
        }
        let mut all = self.lock();
        let used =
            all.iter().filter(|((owner, _), kept)| owner == tenant && !kept.versions.is_empty()).count();
        let kept = all.entry((tenant.clone(), template.name.clone())).or_default();
        let newest = kept.versions.last();
        if let Some(same) =
            newest.filter(|it| it.text == template.text && it.description == template.description)
        {
            return Ok(same.clone());
        }
        if (newest.is_none() && used >= MAX_TEMPLATES) || kept.versions.len() >= MAX_VERSIONS {
            return refuse(ErrorKind::Limit, "there are as many as there may be".to_owned());
        }
        kept.last += 1;
        let stored = Template {
            version: kept.last,
            digest: Digest::of(template.text.as_bytes()),
            name: template.name,
            description: template.description,
            text: template.text,
            created_at: now.wall,
            created_by: by.to_owned(),
        };
        kept.versions.push(stored.clone());
        self.trail.note(tenant, AuditEntry::template_stored(&stored), now);
        Ok(stored)
    }

    async fn get(
        &self,
        tenant: &TenantId,
        name: &str,
        version: Option<u32>,
    ) -> Result<Option<Template>, PortError> {
        let all = self.lock();
        let versions = all.get(&(tenant.clone(), name.to_owned())).map(|kept| kept.versions.iter());
        let mut newest_first = versions.into_iter().flatten().rev();
        Ok(newest_first.find(|it| version.is_none_or(|version| version == it.version)).cloned())
    }

    async fn list(
        &self,
        tenant: &TenantId,
        after: Option<&str>,
        limit: usize,
    ) -> Result<TemplatePage, PortError> {
        let all = self.lock();
        let behind = all
            .iter()
            .filter(|((owner, name), _)| owner == tenant && after.is_none_or(|after| name.as_str() > after));
        let mut found = behind.filter_map(|(_, kept)| kept.versions.last());
        let templates = found.by_ref().take(limit).cloned().collect();
        Ok(TemplatePage { templates, more: found.next().is_some() })
    }

    async fn delete(&self, tenant: &TenantId, name: &str, by: &str, now: Now) -> Result<bool, PortError> {
        let mut all = self.lock();
        let kept = all.get_mut(&(tenant.clone(), name.to_owned()));
        let removed = kept.map(|kept| std::mem::take(&mut kept.versions)).unwrap_or_default().len();
        if removed == 0 {
            return Ok(false);
        }
        self.trail.note(tenant, AuditEntry::template_deleted(name, removed as u64, by), now);
        Ok(true)
    }
}
