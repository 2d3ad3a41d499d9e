//! Leases: who may write to a job, and until when.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::id::{ExportId, base32};
use crate::time::Tick;

/// One worker process, for as long as it lives: random, so that a restarted process is another worker.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct WorkerId(#[serde(with = "crate::id::as_base32")] u128);

impl WorkerId {
    /// An id of sixteen fresh random bytes.
    #[must_use]
    pub const fn new(random: [u8; 16]) -> Self {
        Self(u128::from_be_bytes(random))
    }
}

impl fmt::Display for WorkerId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&base32(self.0))
    }
}

impl fmt::Debug for WorkerId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// The right to write to a job. It is lost for good at the next claim, whatever clocks say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lease {
    /// The job.
    pub job: ExportId,
    /// The holder.
    pub worker: WorkerId,
    /// The job's fence at the claim.
    pub fence: u64,
    /// When others may take the job away.
    pub until: Tick,
}

impl Lease {
    /// Whether others may take the job away. Leases of an earlier boot have expired.
    #[must_use]
    pub const fn is_expired(&self, now: Tick) -> bool {
        self.until.boot != now.boot || now.millis >= self.until.millis
    }

    /// Whether `other` is this lease, however often it was renewed.
    #[must_use]
    pub fn is_same(&self, other: &Self) -> bool {
        self.job == other.job && self.worker == other.worker && self.fence == other.fence
    }
}
