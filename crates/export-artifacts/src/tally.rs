//! What a writer has written, and whether all of it arrived.

use std::mem;

use export_core::digest::Digest;
use export_core::error::{ErrorKind, PortError};
use export_core::ports::Stored;
use sha2::{Digest as _, Sha256};

/// Counts and digests bytes. A write that ended early, by an error or because its future was dropped, leaves it torn.
#[derive(Default)]
pub(crate) struct Tally {
    hasher: Sha256,
    size: u64,
    torn: bool,
}

impl Tally {
    /// Before bytes are handed on: from here to [`Tally::end`] the artifact may lack a part.
    pub(crate) fn begin(&mut self, bytes: &[u8]) -> Result<(), PortError> {
        if mem::replace(&mut self.torn, true) {
            return Err(torn());
        }
        self.hasher.update(bytes);
        self.size += bytes.len() as u64;
        Ok(())
    }

    /// The bytes were taken.
    pub(crate) fn end(&mut self) {
        self.torn = false;
    }

    /// The size and digest, unless a part is missing.
    pub(crate) fn finish(self) -> Result<Stored, PortError> {
        if self.torn {
            return Err(torn());
        }
        Ok(Stored { size: self.size, sha256: Digest::from_bytes(self.hasher.finalize().into()) })
    }
}

fn torn() -> PortError {
    let message = "an earlier write did not end well; the artifact can only be aborted";
    PortError::new(ErrorKind::Unavailable, "artifact store: write", message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_torn_write_is_never_finished() {
        let mut tally = Tally::default();
        tally.begin(b"a").unwrap();
        tally.end();
        tally.begin(b"b").unwrap();
        assert!(tally.begin(b"c").is_err());
        assert_eq!(tally.finish().unwrap_err().kind, ErrorKind::Unavailable);
    }
}
