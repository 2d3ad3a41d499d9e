//! What is made of a file's bytes: their digest, and themselves if they were asked for.

use export_core::digest::Digest;
use sha2::{Digest as _, Sha256};

use crate::pieces::{Ahead, Pieces, ahead};
use crate::refusal::Refusal;
use crate::{Asked, ObservedFile};

/// From this size on inflating and hashing a file are two threads' work.
const LARGE: u64 = 4 << 20;

/// A file on its way.
pub(crate) struct Content {
    sha256: Sha256,
    size: u64,
    kept: Option<Vec<u8>>,
}

/// A file that was read whole.
pub(crate) struct Seen {
    pub(crate) file: ObservedFile,
    pub(crate) kept: Option<Vec<u8>>,
}

impl Content {
    pub(crate) fn of(path: &str, asked: &Asked<'_>) -> Self {
        Self { sha256: Sha256::new(), size: 0, kept: asked.keeps(path).map(|_| Vec::new()) }
    }

    pub(crate) fn take(&mut self, piece: &[u8]) {
        self.sha256.update(piece);
        self.size += piece.len() as u64;
        if let Some(kept) = &mut self.kept {
            kept.extend_from_slice(piece);
        }
    }

    pub(crate) fn end(self, path: String) -> Seen {
        let sha256 = Digest::from_bytes(self.sha256.finalize().into());
        Seen { file: ObservedFile { path, size: self.size, sha256 }, kept: self.kept }
    }

    /// Takes all of a file; `scratch` holds the pieces of a small one.
    pub(crate) fn take_all(
        &mut self,
        declared: u64,
        pieces: &mut (dyn Pieces + Send),
        scratch: &mut [u8],
    ) -> Result<(), Refusal> {
        if declared >= LARGE {
            return ahead(pieces, |ahead| self.take_ahead(ahead));
        }
        loop {
            match pieces.next(scratch)? {
                0 => return Ok(()),
                got => self.take(scratch.get(..got).unwrap_or_default()),
            }
        }
    }

    fn take_ahead(&mut self, ahead: &mut Ahead) -> Result<(), Refusal> {
        loop {
            let piece = ahead.fill()?;
            if piece.is_empty() {
                return Ok(());
            }
            self.take(piece);
            let all = piece.len();
            ahead.used(all);
        }
    }
}
