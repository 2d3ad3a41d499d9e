//! How many bytes a snapshot may hold on the disk at one time.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use export_core::error::{ErrorKind, PortError};

/// A limit in bytes that all files of one snapshot share.
#[derive(Debug)]
pub(crate) struct Quota {
    limit: u64,
    used: AtomicU64,
    most: AtomicU64,
}

impl Quota {
    pub(crate) const fn new(limit: u64) -> Self {
        Self { limit, used: AtomicU64::new(0), most: AtomicU64::new(0) }
    }

    /// The most bytes that were ever held at one time.
    pub(crate) fn most(&self) -> u64 {
        self.most.load(Ordering::Relaxed)
    }

    fn take(&self, bytes: u64) -> Result<(), PortError> {
        let used = self.used.fetch_add(bytes, Ordering::Relaxed).saturating_add(bytes);
        if used <= self.limit {
            self.most.fetch_max(used, Ordering::Relaxed);
            return Ok(());
        }
        self.used.fetch_sub(bytes, Ordering::Relaxed);
        let message =
            format!("the data of this export needs more than {} bytes of scratch space", self.limit);
        Err(PortError::new(ErrorKind::Limit, "snapshot: write", message))
    }
}

/// The bytes of one file, given back to the quota when the file goes.
#[derive(Debug)]
pub(crate) struct Charge {
    quota: Arc<Quota>,
    bytes: u64,
}

impl Charge {
    pub(crate) const fn new(quota: Arc<Quota>) -> Self {
        Self { quota, bytes: 0 }
    }

    /// Takes `bytes` more; to be called before they are written.
    pub(crate) fn add(&mut self, bytes: u64) -> Result<(), PortError> {
        self.quota.take(bytes)?;
        self.bytes += bytes;
        Ok(())
    }
}

impl Drop for Charge {
    fn drop(&mut self) {
        self.quota.used.fetch_sub(self.bytes, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_share_the_limit_and_give_back() {
        let quota = Arc::new(Quota::new(10));
        let mut first = Charge::new(Arc::clone(&quota));
        let mut second = Charge::new(Arc::clone(&quota));
        first.add(6).unwrap();
        assert_eq!(second.add(5).unwrap_err().kind, ErrorKind::Limit);
        second.add(4).unwrap();
        drop(first);
        second.add(6).unwrap();
    }
}
