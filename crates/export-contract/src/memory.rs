//! Fakes that pass their port's suite, and keep everything in memory.

mod artifacts;
mod audit;
mod clock;
mod jobs;
mod signer;
mod snapshot;
mod sources;
mod templates;
mod vulnerabilities;

pub use self::artifacts::MemoryArtifacts;
pub use self::audit::MemoryAudit;
pub use self::clock::ManualClock;
pub use self::jobs::MemoryJobs;
pub use self::signer::MemorySigner;
pub use self::snapshot::{GeneratedSnapshot, MemorySnapshot};
pub use self::sources::MemorySources;
pub use self::templates::MemoryTemplates;
