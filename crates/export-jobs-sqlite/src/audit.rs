//! The audit trail: appended through the one writer, read in pages.

mod fill;
mod row;

use std::collections::VecDeque;

use async_trait::async_trait;
use export_core::audit::{AuditAction, AuditEntry, AuditEvent, TrailDigest};
use export_core::error::PortError;
use export_core::id::TenantId;
use export_core::ports::{AuditFilter, AuditLog, AuditPage, AuditRange, AuditSource, Flow, Flows};
use export_core::scan::SourceDigest;
use export_core::time::{Now, Timestamp};
use futures::StreamExt as _;
use futures::stream;
use sqlx::SqlitePool;

pub(crate) use self::fill::fill_in;
pub(crate) use self::row::Row;
use crate::error::while_doing;
use crate::operation::Append;
use crate::row::saturating;
use crate::store::SqliteJobs;

const READ: &str = "audit trail: read";
/// A page without its last condition and its order.
macro_rules! page {
    () => {
        "SELECT seq, at, actor, action, target, detail, hash FROM audit WHERE tenant = ?1
             AND (?2 IS NULL OR action = ?2) AND (?3 IS NULL OR actor = ?3)
             AND (?5 IS NULL OR at >= ?5) AND (?6 IS NULL OR at < ?6) AND (?7 IS NULL OR seq < ?7)"
    };
}
/// Events of one query while a trail is read.
const AT_ONCE: i64 = 500;

#[async_trait]
impl AuditLog for SqliteJobs {
    async fn append(
        &self,
        tenant: &TenantId,
        entry: AuditEntry<'static>,
        now: Now,
    ) -> Result<u64, PortError> {
        self.writer.run(Append { tenant: tenant.clone(), entry, now }).await
    }
}

#[async_trait]
impl AuditSource for SqliteJobs {
    async fn events(
        &self,
        tenant: &TenantId,
        range: AuditRange,
    ) -> Result<Flows<AuditEvent<'static>>, PortError> {
        // Nothing changes behind the last event of now, so its place is all that the reading must keep in mind.
        let last: i64 = sqlx::query_scalar("SELECT coalesce(max(seq), 0) FROM audit WHERE tenant = ?1")
            .bind(tenant.as_str())
            .fetch_one(&self.readers)
            .await
            .map_err(while_doing(READ))?;
        let reading = Reading {
            readers: self.readers.clone(),
            tenant: tenant.clone(),
            range,
            seen: 0,
            last,
            ready: VecDeque::new(),
            digest: TrailDigest::default(),
            items: 0,
        };
        Ok(stream::unfold(Some(Step::Events(Box::new(reading))), Step::next).boxed())
    }

    async fn page(
        &self,
        tenant: &TenantId,
        filter: &AuditFilter,
        limit: usize,
    ) -> Result<AuditPage, PortError> {
        // What was done with one target is few events of many, and has an index; so it is asked for by itself.
        let sql = match filter.target {
            None => concat!(page!(), " AND ?4 IS NULL ORDER BY seq DESC LIMIT ?8"),
            Some(_) => concat!(page!(), " AND target = ?4 ORDER BY seq DESC LIMIT ?8"),
        };
        let rows: Vec<Row> = sqlx::query_as(sql)
            .bind(tenant.as_str())
            .bind(filter.action.map(AuditAction::as_str))
            .bind(filter.actor.as_deref())
            .bind(filter.target.as_deref())
            .bind(filter.after.map(Timestamp::as_millis))
            .bind(filter.before.map(Timestamp::as_millis))
            .bind(filter.older_than.map(saturating))
            .bind(saturating(limit as u64).saturating_add(1))
            .fetch_all(&self.readers)
            .await
            .map_err(while_doing("audit trail: page"))?;
        let more = rows.len() > limit;
        let events = rows.into_iter().take(limit).map(|row| row.event());
        Ok(AuditPage { events: events.collect::<Result<_, _>>()?, more })
    }
}

/// Where a reading stands.
enum Step {
    Events(Box<Reading>),
    End(u64),
}

struct Reading {
    readers: SqlitePool,
    tenant: TenantId,
    range: AuditRange,
    seen: i64,
    last: i64,
    ready: VecDeque<AuditEvent<'static>>,
    digest: TrailDigest,
    items: u64,
}

type Told = (Result<Flow<AuditEvent<'static>>, PortError>, Option<Step>);

impl Step {
    async fn next(step: Option<Self>) -> Option<Told> {
        let mut reading = match step? {
            Self::Events(reading) => reading,
            Self::End(items) => return Some((Ok(Flow::End { items }), None)),
        };
        if reading.ready.is_empty()
            && let Err(error) = reading.fetch().await
        {
            return Some((Err(error), None));
        }
        Some(match reading.ready.pop_front() {
            Some(event) => {
                reading.digest.add(&event);
                reading.items += 1;
                (Ok(Flow::Item(event)), Some(Self::Events(reading)))
            }
            None => {
                let items = reading.items;
                (Ok(Flow::Document(reading.document())), Some(Self::End(items)))
            }
        })
    }
}

impl Reading {
    async fn fetch(&mut self) -> Result<(), PortError> {
        if self.seen >= self.last {
            return Ok(());
        }
        let rows: Vec<Row> = sqlx::query_as(
            "SELECT seq, at, actor, action, target, detail, hash FROM audit
             WHERE tenant = ?1 AND seq > ?2 AND seq <= ?3
                 AND (?4 IS NULL OR at >= ?4) AND (?5 IS NULL OR at <= ?5)
             ORDER BY seq LIMIT ?6",
        )
        .bind(self.tenant.as_str())
        .bind(self.seen)
        .bind(self.last)
        .bind(self.range.start.map(Timestamp::as_millis))
        .bind(self.range.end.map(Timestamp::as_millis))
        .bind(AT_ONCE)
        .fetch_all(&self.readers)
        .await
        .map_err(while_doing(READ))?;
        self.seen = rows.last().map_or(self.last, |row| row.seq);
        self.ready = rows.into_iter().map(|row| row.event()).collect::<Result<_, _>>()?;
        Ok(())
    }

    fn document(self) -> SourceDigest {
        let bound = |bound: Option<Timestamp>| bound.map_or_else(|| "..".to_owned(), |at| at.to_string());
        SourceDigest {
            name: "audit".to_owned(),
            query: format!("events from {} to {}", bound(self.range.start), bound(self.range.end)),
            digest: self.digest.finish(),
            records: self.items,
        }
    }
}
