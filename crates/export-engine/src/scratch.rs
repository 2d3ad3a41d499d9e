//! What dead processes left in scratch.

use std::path::Path;
use std::time::{Duration, SystemTime};

use export_core::error::PortError;
use export_core::time::Timestamp;

/// Removes snapshots that nobody holds and that are older than `before`; the number of them.
///
/// # Errors
/// If the folder cannot be read, or one of them cannot be removed.
pub fn sweep_scratch(scratch: &Path, before: Timestamp) -> Result<u64, PortError> {
    let since_1970 = Duration::from_millis(u64::try_from(before.as_millis()).unwrap_or(0));
    export_snapshot::sweep_leftovers(scratch, SystemTime::UNIX_EPOCH + since_1970)
}
