//! Tenants' templates: named, versioned, in the same file as their audit trail.

use async_trait::async_trait;
use export_core::digest::Digest;
use export_core::error::{ErrorKind, PortError};
use export_core::id::TenantId;
use export_core::ports::{TemplatePage, TemplateStore};
use export_core::template::{NewTemplate, Template};
use export_core::time::{Now, Timestamp};
use sqlx::SqliteConnection;

use crate::error::while_doing;
use crate::operation::{DeleteTemplate, PutTemplate};
use crate::row::saturating;
use crate::store::SqliteJobs;

const READ: &str = "template store: read";

#[async_trait]
impl TemplateStore for SqliteJobs {
    async fn put(
        &self,
        tenant: &TenantId,
        template: NewTemplate,
        by: &str,
        now: Now,
    ) -> Result<Template, PortError> {
        self.writer.run(PutTemplate { tenant: tenant.clone(), template, by: by.to_owned(), now }).await
    }

    async fn get(
        &self,
        tenant: &TenantId,
        name: &str,
        version: Option<u32>,
    ) -> Result<Option<Template>, PortError> {
        let mut db = self.readers.acquire().await.map_err(while_doing(READ))?;
        let Some(version) = version else { return newest(&mut db, tenant, name).await };
        let row: Option<Row> = sqlx::query_as(
            "SELECT name, version, digest, description, text, created_at, created_by FROM template_version
             WHERE tenant = ?1 AND name = ?2 AND version = ?3",
        )
        .bind(tenant.as_str())
        .bind(name)
        .bind(version)
        .fetch_optional(&mut *db)
        .await
        .map_err(while_doing(READ))?;
        row.map(template).transpose()
    }

    async fn list(
        &self,
        tenant: &TenantId,
        after: Option<&str>,
        limit: usize,
    ) -> Result<TemplatePage, PortError> {
        // SQLite takes the other columns from the row that has the maximum (sqlite.org/lang_select.html, section 2.5).
        let rows: Vec<Row> = sqlx::query_as(
            "SELECT name, max(version), digest, description, text, created_at, created_by FROM template_version
             WHERE tenant = ?1 AND name > ?2 GROUP BY name ORDER BY name LIMIT ?3",
        )
        .bind(tenant.as_str())
        .bind(after.unwrap_or(""))
        .bind(saturating(limit as u64).saturating_add(1))
        .fetch_all(&self.readers)
        .await
        .map_err(while_doing(READ))?;
        let more = rows.len() > limit;
        let templates = rows.into_iter().take(limit).map(template);
        Ok(TemplatePage { templates: templates.collect::<Result<_, _>>()?, more })
    }

    async fn delete(&self, tenant: &TenantId, name: &str, by: &str, now: Now) -> Result<bool, PortError> {
        let (tenant, name, by) = (tenant.clone(), name.to_owned(), by.to_owned());
        self.writer.run(DeleteTemplate { tenant, name, by, now }).await
    }
}

/// The newest version of a template.
pub(crate) async fn newest(
    db: &mut SqliteConnection,
    tenant: &TenantId,
    name: &str,
) -> Result<Option<Template>, PortError> {
    let row: Option<Row> = sqlx::query_as(
        "SELECT name, version, digest, description, text, created_at, created_by FROM template_version
         WHERE tenant = ?1 AND name = ?2 ORDER BY version DESC LIMIT 1",
    )
    .bind(tenant.as_str())
    .bind(name)
    .fetch_optional(db)
    .await
    .map_err(while_doing(READ))?;
    row.map(template).transpose()
}

/// name, version, digest, description, text, created_at, created_by
type Row = (String, u32, Vec<u8>, String, String, i64, String);

fn template(row: Row) -> Result<Template, PortError> {
    let (name, version, digest, description, text, created_at, created_by) = row;
    let corrupt = |what: &str| PortError::new(ErrorKind::Corrupt, READ, what).at(format!("{name}#{version}"));
    let digest: [u8; 32] = digest.try_into().map_err(|_| corrupt("its digest is not 32 bytes"))?;
    let digest = Digest::from_bytes(digest);
    if Digest::of(text.as_bytes()) != digest {
        return Err(corrupt("its text is not the one that was stored"));
    }
    let created_at = Timestamp::from_millis(created_at);
    Ok(Template { name, version, digest, description, text, created_at, created_by })
}
