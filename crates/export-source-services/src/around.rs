//! What the clients need of the process that they run in.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use export_core::ports::SbomReader;
use export_core::time::Clock;

/// What the clients need of the process: time, randomness, the trace they belong to, scratch, and a reader of SBOMs.
#[derive(Clone)]
pub struct Surroundings {
    /// The present, for `Retry-After` as a date.
    pub clock: Arc<dyn Clock>,
    /// Randomness for the pauses between attempts.
    pub random: Arc<dyn Fn() -> u64 + Send + Sync>,
    /// The W3C `traceparent` of whoever asks, told on the task that reads the source.
    pub trace: Arc<dyn Fn() -> Option<String> + Send + Sync>,
    /// Reads what SbomService gives.
    pub sboms: Arc<dyn SbomReader>,
    /// A folder for answers that are kept until they are known to be whole. It must exist.
    pub scratch: PathBuf,
}

impl fmt::Debug for Surroundings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Surroundings").field("scratch", &self.scratch).finish_non_exhaustive()
    }
}
