//! The spooled snapshot: written once, joined, sorted, counted, read many times.
//!
//! ```text
//! SnapshotWriter --finish--> SpooledSnapshot: Snapshot --findings--> any number of cursors
//! ```
//!
//! Findings, and what others say about them, come in any order ([`SnapshotWriter`]). [`SnapshotWriter::finish`] joins them
//! (who speaks about what: `join.rs`), sorts the records by their order key (`sort.rs`) and writes them to one file that
//! notices every damage (`spool.rs`); where they are asked for, vulnerabilities to another (`vulnerabilities.rs`). Memory is bounded by [`SnapshotLimits`], whatever the number of findings; the disk by a
//! quota. Everything lies in one folder that goes with the snapshot (`scratch.rs`).

mod beat;
mod codec;
mod compare;
mod compliance;
mod counts;
mod finish;
mod join;
mod merge;
mod partition;
mod quota;
mod records;
mod sboms;
mod scans;
mod scratch;
mod snapshot;
mod sort;
mod spool;
mod trail;
mod vulnerabilities;
mod writer;

pub use self::compare::ComparedSnapshot;
pub use self::partition::{SCANS_AT_ONCE, partition};
pub use self::scratch::{FOLDER_PREFIX, sweep_leftovers};
pub use self::snapshot::SpooledSnapshot;
pub use self::writer::{SnapshotLimits, SnapshotWriter};
