//! Bytes in pieces, made ahead by another thread than the one that uses them.

use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};
use std::thread;

use crate::refusal::Refusal;

/// How much is made at a time.
pub(crate) const PIECE: usize = 256 << 10;
/// How many pieces there are, which go round and round.
const PIECES: usize = 4;

/// Where bytes come from.
pub(crate) trait Pieces {
    /// The next bytes, into the start of `into`; none at the end, and only after all that can be checked was right.
    fn next(&mut self, into: &mut [u8]) -> Result<usize, Refusal>;
}

/// A piece, and how much of it is filled.
type Piece = (Vec<u8>, usize);

/// Lets another thread make `pieces` while `user` uses them.
pub(crate) fn ahead<T>(
    pieces: &mut (dyn Pieces + Send),
    user: impl FnOnce(&mut Ahead) -> Result<T, Refusal>,
) -> Result<T, Refusal> {
    let (made, full) = sync_channel(PIECES);
    let (empty, back) = channel();
    thread::scope(|scope| {
        scope.spawn(move || make(pieces, &made, &back));
        let mut ahead = Ahead { full, empty, piece: (Vec::new(), 0), used: 0 };
        for _ in 0..PIECES {
            ahead.give_back(vec![0; PIECE]);
        }
        // The channels close with `ahead`, whatever comes out: that ends the other thread.
        user(&mut ahead)
    })
}

fn make(pieces: &mut dyn Pieces, made: &SyncSender<Result<Piece, Refusal>>, back: &Receiver<Vec<u8>>) {
    while let Ok(mut piece) = back.recv() {
        let next = pieces.next(&mut piece);
        let ended = !matches!(next, Ok(1..));
        if made.send(next.map(|filled| (piece, filled))).is_err() || ended {
            return;
        }
    }
}

/// The side that uses the bytes.
pub(crate) struct Ahead {
    full: Receiver<Result<Piece, Refusal>>,
    empty: Sender<Vec<u8>>,
    piece: Piece,
    used: usize,
}

impl Ahead {
    /// The bytes that come next; none at the end.
    pub(crate) fn fill(&mut self) -> Result<&[u8], Refusal> {
        if self.used == self.piece.1 {
            // A closed channel is the end, or a panic that goes on when the threads are joined.
            let next = self.full.recv().unwrap_or(Ok((Vec::new(), 0)))?;
            let (old, _) = std::mem::replace(&mut self.piece, next);
            self.used = 0;
            self.give_back(old);
        }
        Ok(self.piece.0.get(self.used..self.piece.1).unwrap_or_default())
    }

    /// So many of them were used.
    pub(crate) fn used(&mut self, bytes: usize) {
        self.used = (self.used + bytes).min(self.piece.1);
    }

    /// Nobody misses a piece that comes back at the end.
    fn give_back(&self, piece: Vec<u8>) {
        if !piece.is_empty() {
            let _ = self.empty.send(piece);
        }
    }
}
