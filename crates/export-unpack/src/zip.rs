//! ZIP (PKWARE APPNOTE 6.3), with one meaning: its local headers, its data and its directory say the same and fill the file.
//!
//! Some readers use only the directory at the end, others only the local headers. Archives are taken that both see alike:
//! the entries lie one behind the other from the first byte to the directory, and whatever is said twice is said equally.

mod data;
mod directory;
mod end;
mod entry;
mod extra;
mod fields;
mod local;

use std::fs::File;
use std::thread;

use export_core::digest::Digest;
use flate2::Decompress;

use self::data::Packed;
use self::end::End;
use self::entry::Entry;
use crate::content::{Content, Seen};
use crate::pieces::PIECE;
use crate::refusal::Refusal;
use crate::source::{Source, read_at};
use crate::{Asked, Container, Observed, work};

/// Whether a file is such an archive, by its beginning; or by its end, if something was put before it.
pub(crate) fn is(file: &File, size: u64) -> Result<bool, Refusal> {
    let mut magic = [0; 4];
    let got = read_at(file, &mut magic, 0)?;
    let begins = got == 4 && (magic == *b"PK\x03\x04" || magic == end::SIGNATURE);
    Ok(begins || end::is_anywhere(file, size)?)
}

/// Reads all files.
pub(crate) fn observe(file: &File, size: u64, asked: &Asked<'_>) -> Result<Observed, Refusal> {
    let end = End::read(file, size)?;
    let mut source = Source::new(file, asked.watch);
    let entries = directory::read(&mut source, &end, size, asked)?;
    let files: Vec<&Entry> = entries.iter().collect();
    let seen = thread::scope(|scope| {
        let digest = scope.spawn(|| digest(file, &end, asked));
        let seen = work::each(
            files.len(),
            || Worker::new(file, asked),
            |worker, index| match files.get(index) {
                Some(entry) => worker.read(entry).map_err(|refusal| refusal.at(&entry.name)),
                None => Err(Refusal::cut()),
            },
        );
        if seen.is_err() {
            asked.watch.stop();
        }
        let digest = digest.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        seen.and_then(|seen| digest.map(|()| seen))
    })?;
    let container = end.container.map_or(Container::Absent, |_| Container::Right);
    Ok(Observed::of(seen.into_iter().flatten().collect(), container))
}

/// Checks what the archive says of its own bytes.
fn digest(file: &File, end: &End, asked: &Asked<'_>) -> Result<(), Refusal> {
    use sha2::{Digest as _, Sha256};
    let Some(expected) = end.container else { return Ok(()) };
    let (mut hash, mut buffer, mut at) = (Sha256::new(), vec![0; PIECE], 0);
    while at < end.said {
        asked.watch.check()?;
        let got = read_at(file, &mut buffer, at)? as u64;
        if got == 0 {
            return Err(Refusal::cut());
        }
        let ours = got.min(end.said - at);
        hash.update(buffer.get(..ours as usize).unwrap_or_default());
        at += ours;
    }
    if Digest::from_bytes(hash.finalize().into()) == expected {
        return Ok(());
    }
    Err(Refusal::corrupt("the archive's comment is not the digest of the archive"))
}

/// What a thread needs to read one entry after the other.
struct Worker<'a> {
    source: Source<'a>,
    stream: Decompress,
    scratch: Vec<u8>,
    asked: &'a Asked<'a>,
}

impl<'a> Worker<'a> {
    fn new(file: &'a File, asked: &'a Asked<'a>) -> Self {
        let source = Source::new(file, asked.watch);
        Self { source, stream: Decompress::new(false), scratch: vec![0; PIECE], asked }
    }

    /// The file; nothing for a folder.
    fn read(&mut self, entry: &Entry) -> Result<Option<Seen>, Refusal> {
        self.source.part(entry.start, entry.end);
        let local = local::check(&mut self.source, entry)?;
        self.source.limit(entry.packed)?;
        self.stream.reset(false);
        let mut packed = Packed::new(&mut self.source, &mut self.stream, entry);
        let mut content = Content::of(&entry.name, self.asked);
        content.take_all(entry.size, &mut packed, &mut self.scratch)?;
        self.source.lift();
        local.check_end(&mut self.source, entry)?;
        Ok((!entry.folder()).then(|| content.end(entry.name.clone())))
    }
}
