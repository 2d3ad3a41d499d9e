//! The steps of an export, the worker loop, the heartbeat. Knows ports, never an adapter.
//!
//! An export in five steps, each a file that can be read on one page:
//!
//! 1. [`submit`](Engine::submit) parses the request once, asks the sources whether the scope exists, stores the job.
//! 2. `gather` reads every source once, as streams, into the snapshot.
//! 3. `render` pulls from the snapshot and writes a spool file that digests as it goes.
//! 4. `store` uploads under keys of this attempt, and writes `manifest.json` last.
//! 5. `attempt` strings them together under a lease, and records the outcome.
//!
//! `bundle` seals what was made, `log` proves that it was, `keeper` signs the log's checkpoints.
//!
//! `worker` claims jobs and runs attempts; `heartbeat` keeps their leases; `reaper` takes leases from the dead.

mod attempt;
mod baseline;
mod bundle;
mod convert;
mod fault;
mod findings;
mod gather;
mod heartbeat;
mod keeper;
mod log;
mod metrics;
mod ports;
mod produce;
mod pulse;
mod reaper;
mod render;
mod scope;
mod scratch;
mod sealing;
mod spool;
mod store;
mod submit;
mod trace;
mod trail;
mod worker;

pub use self::convert::{Conversion, Converted, convert};
pub use self::fault::Fault;
pub use self::findings::Findings;
pub use self::gather::{Wanted, gather};
pub use self::log::{checkpoint, hash_of};
pub use self::metrics::describe as describe_metrics;
pub use self::ports::{Engine, Entropy, Limits, Parts, Sources, Writers};
pub use self::pulse::AttemptPulse;
pub use self::scratch::sweep_scratch;
pub use self::sealing::{SealLog, Sealing, Timestamps};
pub use self::submit::{Caller, Submitted};
pub use self::trace::{Traceparent, current_trace};
pub use self::trail::NoTrail;
pub use self::worker::{WorkerSettings, run_worker};
