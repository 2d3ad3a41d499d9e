//! A disk that becomes full, and a file that may not be read.

use std::io::{self, Read, Write};

/// Takes some bytes and then none.
pub(super) struct Room {
    left: usize,
    failed: bool,
    /// What was taken.
    pub(super) taken: Vec<u8>,
    /// Whether somebody wrote behind the error.
    pub(super) asked_again: bool,
}

impl Room {
    pub(super) const fn for_bytes(left: usize) -> Self {
        Self { left, failed: false, taken: Vec::new(), asked_again: false }
    }
}

impl Write for Room {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.asked_again |= self.failed;
        let taken = bytes.len().min(self.left);
        if taken == 0 && !bytes.is_empty() {
            self.failed = true;
            return Err(io::ErrorKind::StorageFull.into());
        }
        self.left -= taken;
        self.taken.extend_from_slice(&bytes[..taken]);
        Ok(taken)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Gives nothing but an error.
pub(super) struct Denied;

impl Read for Denied {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        Err(io::ErrorKind::PermissionDenied.into())
    }
}
