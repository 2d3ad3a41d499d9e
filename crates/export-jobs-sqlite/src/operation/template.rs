//! Changes of templates, each with its entry in the trail.

use async_trait::async_trait;
use export_core::audit::AuditEntry;
use export_core::digest::Digest;
use export_core::error::{ErrorKind, PortError};
use export_core::id::TenantId;
use export_core::template::{MAX_TEMPLATES, MAX_VERSIONS, NewTemplate, Template};
use export_core::time::Now;

use super::audit::note;
use crate::error::while_doing;
use crate::row::saturating;
use crate::template::newest;
use crate::writer::{Operation, Tx};

const PUT: &str = "template store: put";
const DELETE: &str = "template store: delete";

pub(crate) struct PutTemplate {
    pub(crate) tenant: TenantId,
    pub(crate) template: NewTemplate,
    pub(crate) by: String,
    pub(crate) now: Now,
}

#[async_trait]
impl Operation for PutTemplate {
    type Output = Template;
    const NAME: &'static str = PUT;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Template, PortError> {
        let new = &self.template;
        new.check(&self.tenant).map_err(|what| PortError::new(ErrorKind::Invalid, PUT, what))?;
        let before = newest(tx.db, &self.tenant, &new.name).await?;
        if let Some(same) =
            before.as_ref().filter(|it| it.text == new.text && it.description == new.description)
        {
            return Ok(same.clone());
        }
        self.check_quota(tx, before.is_none()).await?;
        let stored = Template {
            name: new.name.clone(),
            version: self.next_version(tx).await?,
            digest: Digest::of(new.text.as_bytes()),
            description: new.description.clone(),
            text: new.text.clone(),
            created_at: self.now.wall,
            created_by: self.by.clone(),
        };
        self.keep(tx, &stored).await?;
        note(tx, &self.tenant, &AuditEntry::template_stored(&stored), self.now).await?;
        Ok(stored)
    }
}

impl PutTemplate {
    async fn check_quota(&self, tx: &mut Tx<'_>, is_new: bool) -> Result<(), PortError> {
        let (sql, name, limit, what) = if is_new {
            let sql = "SELECT count(DISTINCT name) FROM template_version WHERE tenant = ?1 AND ?2 IS NULL";
            (sql, None, MAX_TEMPLATES, "templates that a tenant")
        } else {
            let sql = "SELECT count(*) FROM template_version WHERE tenant = ?1 AND name = ?2";
            (sql, Some(self.template.name.as_str()), MAX_VERSIONS, "versions that a template")
        };
        let query = sqlx::query_scalar::<_, i64>(sql).bind(self.tenant.as_str()).bind(name);
        let count = query.fetch_one(&mut *tx.db).await.map_err(while_doing(PUT))?;
        if count < saturating(limit as u64) {
            return Ok(());
        }
        let message = format!("there are {count} {what} may have; delete some first");
        Err(PortError::new(ErrorKind::Limit, PUT, message).at(self.template.name.clone()))
    }

    async fn next_version(&self, tx: &mut Tx<'_>) -> Result<u32, PortError> {
        sqlx::query_scalar(
            "INSERT INTO template (tenant, name, version) VALUES (?1, ?2, 1)
             ON CONFLICT DO UPDATE SET version = version + 1 RETURNING version",
        )
        .bind(self.tenant.as_str())
        .bind(&self.template.name)
        .fetch_one(&mut *tx.db)
        .await
        .map_err(while_doing(PUT))
    }

    async fn keep(&self, tx: &mut Tx<'_>, stored: &Template) -> Result<(), PortError> {
        sqlx::query(
            "INSERT INTO template_version
                 (tenant, name, version, digest, description, text, created_at, created_by)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        )
        .bind(self.tenant.as_str())
        .bind(&stored.name)
        .bind(stored.version)
        .bind(&stored.digest.as_bytes()[..])
        .bind(&stored.description)
        .bind(&stored.text)
        .bind(stored.created_at.as_millis())
        .bind(&stored.created_by)
        .execute(&mut *tx.db)
        .await
        .map(drop)
        .map_err(while_doing(PUT))
    }
}

pub(crate) struct DeleteTemplate {
    pub(crate) tenant: TenantId,
    pub(crate) name: String,
    pub(crate) by: String,
    pub(crate) now: Now,
}

#[async_trait]
impl Operation for DeleteTemplate {
    type Output = bool;
    const NAME: &'static str = DELETE;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<bool, PortError> {
        let removed = sqlx::query("DELETE FROM template_version WHERE tenant = ?1 AND name = ?2")
            .bind(self.tenant.as_str())
            .bind(&self.name)
            .execute(&mut *tx.db)
            .await
            .map_err(while_doing(DELETE))?
            .rows_affected();
        if removed == 0 {
            return Ok(false);
        }
        let entry = AuditEntry::template_deleted(&self.name, removed, &self.by);
        note(tx, &self.tenant, &entry, self.now).await?;
        Ok(true)
    }
}
