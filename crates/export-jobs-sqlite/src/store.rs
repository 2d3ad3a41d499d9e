//! The store itself: opening, closing, and the calls that write.

use std::path::Path;
use std::time::Duration;

use async_trait::async_trait;
use export_core::error::{ErrorKind, PortError};
use export_core::export::Progress;
use export_core::id::{ExportId, TenantId};
use export_core::job::{Job, Lease, RetryPolicy};
use export_core::ports::{
    CancelOutcome, Claim, Claimed, Insert, Inserted, JobStore, Recorded, Renewal, RetryOutcome,
};
use export_core::time::Now;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{Connection as _, SqliteConnection, SqlitePool};

use crate::audit::fill_in;
use crate::error::while_doing;
use crate::operation::{Cancel, ClaimJobs, InsertJob, Record, Renew, Retry, Sweep};
use crate::writer::Writer;

const OPEN: &str = "job store: open";
/// How many reads may run at the same time.
const READERS: u32 = 4;
/// How long a writer waits for one of another process.
const BUSY_TIMEOUT: Duration = Duration::from_secs(10);
/// How often a new file is tried, for processes that start on it at the same time.
const OPENING_TRIES: u32 = 40;
/// The pause between two tries.
const OPENING_PAUSE: Duration = Duration::from_millis(50);

/// How much one tenant may have in the store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct JobLimits {
    /// Jobs that workers have at the same time.
    pub max_running_per_tenant: u32,
    /// Jobs that wait.
    pub max_queued_per_tenant: u32,
}

impl Default for JobLimits {
    fn default() -> Self {
        Self { max_running_per_tenant: 8, max_queued_per_tenant: 10_000 }
    }
}

/// Jobs in one SQLite file. Clones are handles on the same store.
#[derive(Clone)]
pub struct SqliteJobs {
    pub(crate) writer: Writer,
    pub(crate) readers: SqlitePool,
}

impl SqliteJobs {
    /// Opens the file at `path`, or makes it; its folder must be there. Must be called on a tokio runtime, which the
    /// writer then lives on.
    ///
    /// # Errors
    /// `Unavailable` if the file cannot be opened, `Corrupt` if it is no database, `Full`, `Internal` if its schema was
    /// made by another version.
    pub async fn open(path: &Path, limits: JobLimits, policy: RetryPolicy) -> Result<Self, PortError> {
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            // NORMAL would lose the last commits with the power, and with them jobs that were promised.
            .synchronous(SqliteSynchronous::Full)
            .busy_timeout(BUSY_TIMEOUT)
            .foreign_keys(true);
        let connection = first_connection(&options).await?;
        let pool = SqlitePoolOptions::new().max_connections(READERS);
        let readers = pool.connect_with(options.clone().read_only(true)).await.map_err(while_doing(OPEN))?;
        let writer = Writer::start(connection, options.create_if_missing(false), limits, policy);
        Ok(Self { writer, readers })
    }

    /// Finishes the calls that were made, and closes the file. Other handles get `Unavailable` from then on.
    pub async fn close(self) {
        // Whoever closes last moves the WAL into the file, if it may write; so a copy of the file has everything.
        self.readers.close().await;
        self.writer.stop().await;
    }
}

/// Opens the file, and brings its schema up to date. Of two processes that do so at the same time one may fail: SQLite
/// does not wait where it turns the WAL on, and migrations have no lock. It then finds the work of the other.
async fn first_connection(options: &SqliteConnectOptions) -> Result<SqliteConnection, PortError> {
    let mut tries = 1;
    loop {
        match migrated(options).await {
            Err(error) if error.kind != ErrorKind::Corrupt && tries < OPENING_TRIES => tries += 1,
            result => return result,
        }
        tokio::time::sleep(OPENING_PAUSE).await;
    }
}

async fn migrated(options: &SqliteConnectOptions) -> Result<SqliteConnection, PortError> {
    let mut connection = SqliteConnection::connect_with(options).await.map_err(while_doing(OPEN))?;
    sqlx::migrate!().run_direct(None, &mut connection, false).await.map_err(|error| {
        PortError::new(ErrorKind::Internal, OPEN, format!("its schema: {error}")).because(error)
    })?;
    fill_in(&mut connection).await?;
    Ok(connection)
}

#[async_trait]
impl JobStore for SqliteJobs {
    async fn insert(&self, insert: Insert, now: Now) -> Result<Inserted, PortError> {
        self.writer.run(InsertJob { insert, now }).await
    }

    async fn claim(&self, claim: Claim, now: Now) -> Result<Vec<Claimed>, PortError> {
        self.writer.run(ClaimJobs { claim, now }).await
    }

    async fn renew(
        &self,
        lease: &Lease,
        length: Duration,
        progress: Progress,
        now: Now,
    ) -> Result<Renewal, PortError> {
        self.writer.run(Renew { lease: *lease, length, progress, now }).await
    }

    async fn record(&self, lease: &Lease, what: Recorded, now: Now) -> Result<Option<Job>, PortError> {
        self.writer.run(Record { lease: *lease, what, now }).await
    }

    async fn cancel(
        &self,
        tenant: &TenantId,
        id: ExportId,
        by: &str,
        now: Now,
    ) -> Result<CancelOutcome, PortError> {
        self.writer.run(Cancel { tenant: tenant.clone(), id, by: by.to_owned(), now }).await
    }

    async fn retry(
        &self,
        tenant: &TenantId,
        id: ExportId,
        by: &str,
        now: Now,
    ) -> Result<RetryOutcome, PortError> {
        self.writer.run(Retry { tenant: tenant.clone(), id, by: by.to_owned(), now }).await
    }

    async fn requeue_expired(&self, now: Now) -> Result<u64, PortError> {
        self.writer.run(Sweep { now }).await
    }
}
