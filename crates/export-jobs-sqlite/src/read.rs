//! The calls that only read.

use std::time::Duration;

use async_trait::async_trait;
use export_core::catalogue::{ExportType, Format};
use export_core::digest::Digest;
use export_core::error::{ErrorKind, PortError};
use export_core::export::{ExportEvent, Status};
use export_core::id::{BundleId, ExportId, TenantId};
use export_core::job::Job;
use export_core::ports::{EventFilter, Inserted, JobFilter, JobPage, JobReader, QueueDepth};
use export_core::time::Timestamp;
use futures::StreamExt as _;
use futures::stream::{self, BoxStream};
use sqlx::types::Text;

use crate::error::while_doing;
use crate::operation::{Check, recall};
use crate::row::{self, saturating};
use crate::store::SqliteJobs;

const EVENTS: &str = "job store: read events";

#[async_trait]
impl JobReader for SqliteJobs {
    async fn get(&self, tenant: &TenantId, id: ExportId) -> Result<Option<Job>, PortError> {
        let mut db = self.readers.acquire().await.map_err(while_doing("job store: get"))?;
        row::load_of(&mut db, tenant, id).await
    }

    async fn find_bundle(&self, tenant: &TenantId, id: BundleId) -> Result<Option<Job>, PortError> {
        // In the index's own words, so that it is used.
        let document: Option<String> = sqlx::query_scalar(
            "SELECT doc FROM job WHERE doc ->> '$.state.outcome.bundle.bundle_id' = ?1 AND tenant = ?2",
        )
        .bind(id.to_string())
        .bind(tenant.as_str())
        .fetch_optional(&self.readers)
        .await
        .map_err(while_doing("job store: find a bundle"))?;
        document.as_deref().map(row::parse).transpose()
    }

    async fn recall(
        &self,
        tenant: &TenantId,
        key: &str,
        request: &Digest,
    ) -> Result<Option<Inserted>, PortError> {
        let mut db = self.readers.acquire().await.map_err(while_doing("job store: recall"))?;
        recall(&mut db, tenant, key, request).await
    }

    async fn list(&self, tenant: &TenantId, filter: &JobFilter, limit: usize) -> Result<JobPage, PortError> {
        // Ids sort by the time of creation, so they are the order and the cursor in one.
        let documents: Vec<String> = sqlx::query_scalar(
            "SELECT doc FROM job WHERE tenant = ?1
                 AND (?2 IS NULL OR type = ?2) AND (?3 IS NULL OR format = ?3) AND (?4 IS NULL OR status = ?4)
                 AND (?5 IS NULL OR created_at >= ?5) AND (?6 IS NULL OR created_at < ?6)
                 AND (?7 IS NULL OR id < ?7)
             ORDER BY id DESC LIMIT ?8",
        )
        .bind(tenant.as_str())
        .bind(filter.kind.map(ExportType::as_str))
        .bind(filter.format.map(Format::as_str))
        .bind(filter.status.map(Status::as_str))
        .bind(filter.created_after.map(Timestamp::as_millis))
        .bind(filter.created_before.map(Timestamp::as_millis))
        .bind(filter.before.map(Text))
        .bind(saturating(limit as u64).saturating_add(1))
        .fetch_all(&self.readers)
        .await
        .map_err(while_doing("job store: list"))?;
        let more = documents.len() > limit;
        let jobs = documents.iter().take(limit).map(|document| row::parse(document));
        Ok(JobPage { jobs: jobs.collect::<Result<_, _>>()?, more })
    }

    async fn events(&self, filter: EventFilter<'_>) -> Result<Vec<ExportEvent>, PortError> {
        let sql = match filter.export {
            None => "SELECT seq, body FROM event WHERE tenant = ?1 AND seq > ?2 ORDER BY seq LIMIT ?3",
            Some(_) => {
                "SELECT seq, body FROM event WHERE tenant = ?1 AND seq > ?2 AND export_id = ?4
                 ORDER BY seq LIMIT ?3"
            }
        };
        let mut query = sqlx::query_as(sql)
            .bind(filter.tenant.as_str())
            .bind(saturating(filter.after))
            .bind(saturating(filter.limit as u64));
        if let Some(export) = filter.export {
            query = query.bind(Text(export));
        }
        let rows: Vec<(i64, String)> = query.fetch_all(&self.readers).await.map_err(while_doing(EVENTS))?;
        rows.into_iter().map(|(seq, body)| event(seq, &body)).collect()
    }

    async fn last_event(&self, tenant: &TenantId) -> Result<u64, PortError> {
        let last: i64 = sqlx::query_scalar("SELECT coalesce(max(seq), 0) FROM event WHERE tenant = ?1")
            .bind(tenant.as_str())
            .fetch_one(&self.readers)
            .await
            .map_err(while_doing(EVENTS))?;
        Ok(unsigned(last))
    }

    async fn typical_duration(
        &self,
        kind: ExportType,
        format: Format,
    ) -> Result<Option<Duration>, PortError> {
        let mut last: Vec<i64> = sqlx::query_scalar(
            "SELECT duration FROM job WHERE type = ?1 AND format = ?2 AND status = 'completed'
             ORDER BY ended_at DESC LIMIT 20",
        )
        .bind(kind.as_str())
        .bind(format.as_str())
        .fetch_all(&self.readers)
        .await
        .map_err(while_doing("job store: typical duration"))?;
        last.sort_unstable();
        Ok(last.get(last.len() / 2).map(|millis| Duration::from_millis(unsigned(*millis))))
    }

    async fn depth(&self) -> Result<QueueDepth, PortError> {
        let (queued, processing, oldest): (i64, i64, Option<i64>) = sqlx::query_as(
            "SELECT coalesce(sum(queued), 0), coalesce(sum(running), 0),
                    (SELECT min(created_at) FROM job WHERE status = 'queued')
             FROM tenant_queue",
        )
        .fetch_one(&self.readers)
        .await
        .map_err(while_doing("job store: depth"))?;
        Ok(QueueDepth {
            queued: unsigned(queued),
            processing: unsigned(processing),
            oldest_queued: oldest.map(Timestamp::from_millis),
        })
    }

    fn hints(&self) -> BoxStream<'static, ()> {
        let changes = self.writer.changes();
        stream::unfold(changes, |mut changes| async { changes.changed().await.ok().map(|()| ((), changes)) })
            .boxed()
    }

    async fn check(&self) -> Result<(), PortError> {
        self.depth().await?;
        self.writer.run(Check).await
    }
}

/// Counts and times in the database are never negative; CHECKs and the writer see to that.
fn unsigned(number: i64) -> u64 {
    u64::try_from(number).unwrap_or(0)
}

fn event(seq: i64, body: &str) -> Result<ExportEvent, PortError> {
    let event: ExportEvent = serde_json::from_str(body).map_err(|error| {
        PortError::new(ErrorKind::Corrupt, EVENTS, error.to_string()).at(seq.to_string()).because(error)
    })?;
    Ok(ExportEvent { id: seq.to_string(), ..event })
}
