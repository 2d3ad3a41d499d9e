//! The one task that writes: calls that come together are committed together.

use async_trait::async_trait;
use export_core::error::{ErrorKind, PortError};
use export_core::job::RetryPolicy;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{Connection as _, SqliteConnection};
use tokio::sync::{mpsc, oneshot, watch};

use crate::error::{no_writer, while_doing};
use crate::store::JobLimits;

/// The most calls that share one commit.
const BATCH: usize = 64;
/// The most calls that wait for the writer; further callers wait to get in line.
const LINE: usize = 1024;

/// One call of the port, run inside a transaction.
#[async_trait]
pub(crate) trait Operation: Send + Sync + 'static {
    /// What the caller gets.
    type Output: Send;
    /// The operation, as errors name it.
    const NAME: &'static str;

    /// Reads and writes through `tx`. An error undoes what was written.
    async fn run(&self, tx: &mut Tx<'_>) -> Result<Self::Output, PortError>;
}

/// What an operation works with.
pub(crate) struct Tx<'c> {
    /// The connection, inside the operation's savepoint.
    pub(crate) db: &'c mut SqliteConnection,
    /// Limits of the store.
    pub(crate) limits: JobLimits,
    /// When failed attempts are tried again.
    pub(crate) policy: RetryPolicy,
    /// Set by whoever changes a job, so that others are told to look.
    pub(crate) changed: bool,
}

/// A handle on the writer; clones are handles on the same one.
#[derive(Clone)]
pub(crate) struct Writer {
    line: mpsc::Sender<Message>,
    changes: watch::Receiver<u64>,
}

enum Message {
    Call(Box<dyn Call>),
    Stop(oneshot::Sender<()>),
}

impl Writer {
    /// Starts the task. `connection` is the one that writes; `options` open another one when it has failed.
    pub(crate) fn start(
        connection: SqliteConnection,
        options: SqliteConnectOptions,
        limits: JobLimits,
        policy: RetryPolicy,
    ) -> Self {
        let (line, calls) = mpsc::channel(LINE);
        let (changed, changes) = watch::channel(0);
        let task = Task { connection: Some(connection), options, limits, policy, changed };
        tokio::spawn(task.serve(calls));
        Self { line, changes }
    }

    /// Runs `operation`; what it did is durable when this returns.
    pub(crate) async fn run<O: Operation>(&self, operation: O) -> Result<O::Output, PortError> {
        let (reply, answer) = oneshot::channel();
        let call = Box::new(Pending { operation, result: None, reply });
        self.line.send(Message::Call(call)).await.map_err(|_| no_writer(O::NAME))?;
        // A writer that has died drops the calls it had, and this ends.
        answer.await.map_err(|_| no_writer(O::NAME))?
    }

    /// Lets the writer finish what is in line, and stops it.
    pub(crate) async fn stop(&self) {
        let (stopped, done) = oneshot::channel();
        if self.line.send(Message::Stop(stopped)).await.is_ok() {
            done.await.ok();
        }
    }

    /// Grows with every commit that has changed a job.
    pub(crate) fn changes(&self) -> watch::Receiver<u64> {
        self.changes.clone()
    }
}

struct Task {
    connection: Option<SqliteConnection>,
    options: SqliteConnectOptions,
    limits: JobLimits,
    policy: RetryPolicy,
    changed: watch::Sender<u64>,
}

impl Task {
    async fn serve(mut self, mut line: mpsc::Receiver<Message>) {
        let mut messages = Vec::with_capacity(BATCH);
        // While one batch is on its way to the disk the next one gathers, so nobody waits for a timer.
        while line.recv_many(&mut messages, BATCH).await > 0 {
            let mut calls = Vec::with_capacity(messages.len());
            let mut stop = None;
            for message in messages.drain(..) {
                match message {
                    Message::Call(call) => calls.push(call),
                    Message::Stop(stopped) => stop = Some(stopped),
                }
            }
            self.commit_and_reply(calls).await;
            if let Some(stopped) = stop {
                if let Some(connection) = self.connection.take() {
                    connection.close().await.ok();
                }
                drop(line);
                stopped.send(()).ok();
                return;
            }
        }
    }

    async fn commit_and_reply(&mut self, mut calls: Vec<Box<dyn Call>>) {
        let committed = self.commit(&mut calls).await;
        match &committed {
            Ok(true) => self.changed.send_modify(|count| *count += 1),
            Ok(false) => {}
            Err(error) => {
                tracing::warn!(%error, calls = calls.len(), "a batch of the job store was undone");
                // SQLite may have ended the transaction by itself; a fresh connection has none for certain.
                self.connection = None;
            }
        }
        for call in calls {
            call.reply(committed.as_ref().map(drop));
        }
    }

    /// Runs all calls in one transaction, each in a savepoint of its own; whether a job was changed.
    async fn commit(&mut self, calls: &mut [Box<dyn Call>]) -> Result<bool, PortError> {
        let failed = while_doing("job store: commit");
        let connection = match &mut self.connection {
            Some(connection) => connection,
            gone @ None => gone.insert(SqliteConnection::connect_with(&self.options).await.map_err(&failed)?),
        };
        let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await.map_err(&failed)?;
        let mut changed = false;
        for call in calls {
            let mut savepoint = transaction.begin().await.map_err(&failed)?;
            let (limits, policy) = (self.limits, self.policy);
            let mut tx = Tx { db: &mut savepoint, limits, policy, changed: false };
            let succeeded = call.run(&mut tx).await?;
            changed |= succeeded && tx.changed;
            let ended = if succeeded { savepoint.commit().await } else { savepoint.rollback().await };
            ended.map_err(&failed)?;
        }
        transaction.commit().await.map_err(&failed)?;
        Ok(changed)
    }
}

/// An [`Operation`] with its caller, whatever it gives back.
#[async_trait]
trait Call: Send {
    /// Whether the operation succeeded; an error if the whole transaction cannot be trusted any more.
    async fn run(&mut self, tx: &mut Tx<'_>) -> Result<bool, PortError>;

    /// Tells the caller. `committed` says whether the transaction came through.
    fn reply(self: Box<Self>, committed: Result<(), &PortError>);
}

struct Pending<O: Operation> {
    operation: O,
    result: Option<Result<O::Output, PortError>>,
    reply: oneshot::Sender<Result<O::Output, PortError>>,
}

#[async_trait]
impl<O: Operation> Call for Pending<O> {
    async fn run(&mut self, tx: &mut Tx<'_>) -> Result<bool, PortError> {
        match self.operation.run(tx).await {
            // SQLite may roll the whole transaction back for these (sqlite.org/lang_transaction.html, section 3).
            Err(error) if matches!(error.kind, ErrorKind::Full | ErrorKind::Unavailable) => Err(error),
            result => {
                let succeeded = result.is_ok();
                self.result = Some(result);
                Ok(succeeded)
            }
        }
    }

    fn reply(self: Box<Self>, committed: Result<(), &PortError>) {
        let result = match (committed, self.result) {
            (Ok(()), Some(result)) => result,
            (Ok(()), None) => Err(no_writer(O::NAME)),
            (Err(error), _) => Err(PortError::new(error.kind, O::NAME, error.to_string())),
        };
        // A caller that has gone away does not need the answer; what was done stays done.
        self.reply.send(result).ok();
    }
}

#[cfg(test)]
mod tests;
