//! Fakes that pass their port's suite, and keep everything in memory.

mod artifacts;
mod clock;
mod jobs;
mod snapshot;
mod sources;
mod vulnerabilities;

pub use self::artifacts::MemoryArtifacts;
pub use self::clock::ManualClock;
pub use self::jobs::MemoryJobs;
pub use self::snapshot::{GeneratedSnapshot, MemorySnapshot};
pub use self::sources::MemorySources;
