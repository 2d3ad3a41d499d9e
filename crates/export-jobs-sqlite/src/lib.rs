//! The job store on SQLite: one writer with group commit, fenced leases, an event log; and what a tenant keeps beside its
//! jobs: the audit trail, templates.
//!
//! * **Core decides, SQL stores.** Every change loads the job, lets [`Job::apply`](export_core::job::Job::apply) decide,
//!   and writes it back. The one rule that SQL holds by itself is the fence: a write that carries a lease names job,
//!   worker and fence in its `WHERE`.
//! * **One writer.** A task owns the only connection that writes. It takes what callers have asked for meanwhile into one
//!   `BEGIN IMMEDIATE ... COMMIT`, each call in a savepoint of its own, and replies after the commit: many callers share
//!   one `fsync`. Reads have a small pool of their own.
//! * **Several processes** may open the same file. Each has its writer; SQLite lets one of them in at a time.
//! * **Turns.** Each tenant has a count of its turns, and the one with the fewest comes next; see `turn` in the schema.
//! * **The trail.** What is noted of a change is noted in its transaction, so there is never one without the other. Other
//!   entries come through the same writer. Nothing sweeps the trail.
//! * **The log.** Each entry has its hash in the tenant's chain and completes nodes of the tenant's tree, in the same
//!   transaction. [`verify_audit`] reads a file and says whether they are all what they were.
//! * **What is kept.** Jobs and events stay. An idempotency key goes a day after its export has ended, and so do the
//!   `export.progress` events of that export: whoever resumes later than that sees its beginning and its end.
//!   [`requeue_expired`](export_core::ports::JobStore::requeue_expired) sweeps them.

mod audit;
mod error;
mod fsck;
mod ledger;
mod operation;
mod read;
mod row;
mod store;
mod template;
mod verify;
mod writer;

pub use self::store::{JobLimits, SqliteJobs};
pub use self::verify::{OpenNote, TrailReport, verify_audit};
