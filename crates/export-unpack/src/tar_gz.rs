//! TAR (ustar, with pax or GNU's long names) within gzip, with one meaning.
//!
//! One thread inflates, the other reads headers and hashes.

mod gzip;
mod header;
mod names;

use std::fs::File;

use self::gzip::Gunzip;
use self::header::{BLOCK, Header};
use self::names::{LONGEST, Name};
use crate::content::{Content, Seen};
use crate::limits::Budget;
use crate::pieces::{Ahead, ahead};
use crate::refusal::Refusal;
use crate::source::{Source, read_at};
use crate::{Asked, Observed, paths};

/// GNU tar fills the last of its records with zeros, of which the largest has so many bytes.
const MOST_BEHIND: u64 = 1 << 20;

/// Whether a file is such an archive, by its beginning.
pub(crate) fn is(file: &File) -> Result<bool, Refusal> {
    let mut magic = [0; 2];
    Ok(read_at(file, &mut magic, 0)? == 2 && magic == gzip::MAGIC)
}

/// Reads all files.
pub(crate) fn observe(file: &File, size: u64, asked: &Asked<'_>) -> Result<Observed, Refusal> {
    let source = Source::new(file, asked.watch);
    let mut gunzip = Gunzip::begin(file, size, source, asked.limits.most(size))?;
    let seen = ahead(&mut gunzip, |bytes| {
        let budget = Budget::new(asked.limits, Some(size));
        let reader = Reader { bytes, asked, budget, name: None, seen: Vec::new(), folders: Vec::new() };
        reader.read()
    })?;
    Ok(Observed::of(seen, gunzip.container()))
}

/// The path without the `./` that `tar -C folder .` puts before each.
fn below(written: &str) -> &str {
    written.strip_prefix("./").unwrap_or(written)
}

struct Reader<'a> {
    bytes: &'a mut Ahead,
    asked: &'a Asked<'a>,
    budget: Budget<'a>,
    /// What was said of the next entry.
    name: Option<Name>,
    seen: Vec<Seen>,
    folders: Vec<String>,
}

impl Reader<'_> {
    fn read(mut self) -> Result<Vec<Seen>, Refusal> {
        while let Some(block) = self.block()? {
            if block == [0; BLOCK] {
                self.end()?;
                let files = self.seen.iter().map(|seen| (seen.file.path.as_str(), false));
                paths::check_all(files.chain(self.folders.iter().map(|path| (path.as_str(), true))))?;
                return Ok(self.seen);
            }
            self.entry(&block)?;
        }
        Err(Refusal::corrupt("the archive's end is missing"))
    }

    fn entry(&mut self, block: &[u8; BLOCK]) -> Result<(), Refusal> {
        let header = Header::read(block)?;
        let kind = header.kind;
        match kind {
            b'0' | 0 => self.file(header),
            b'5' => self.folder(header),
            b'x' | b'L' => self.long_name(&header),
            b'1' | b'2' | b'3' | b'4' | b'6' => {
                let path = self.path(header).unwrap_or_else(|refusal| refusal.path.unwrap_or_default());
                Err(Refusal::not_safe("it is a link or a device").at(&path))
            }
            _ => {
                let reason = format!("entries of type {:?} are not read alike by all", char::from(kind));
                Err(Refusal::ambiguous(reason))
            }
        }
    }

    /// A header before that of the entry, for what does not fit in there.
    fn long_name(&mut self, header: &Header) -> Result<(), Refusal> {
        if self.name.is_some() {
            return Err(Refusal::ambiguous("two headers say something of one entry"));
        }
        if header.size > LONGEST {
            return Err(Refusal::not_safe(format!("a header has {} bytes", header.size)));
        }
        let mut bytes = Vec::new();
        self.pass(header.size, |piece| bytes.extend_from_slice(piece))?;
        self.name = Some(if header.kind == b'x' { names::pax(&bytes)? } else { names::gnu(bytes)? });
        Ok(())
    }

    /// The entry's path as it is written.
    fn path(&mut self, header: Header) -> Result<String, Refusal> {
        let name = self.name.take().and_then(|name| name.path);
        name.map_or_else(|| paths::text(header.path), Ok)
    }

    fn file(&mut self, header: Header) -> Result<(), Refusal> {
        let size = header.size;
        let written = self.path(header)?;
        let path = below(&written);
        paths::check(path)?;
        self.budget.entry(path).map_err(|refusal| refusal.at(path))?;
        self.budget.bytes(path, size, self.asked.keeps(path))?;
        let mut content = Content::of(path, self.asked);
        self.pass(size, |piece| content.take(piece)).map_err(|refusal| refusal.at(path))?;
        self.seen.push(content.end(path.to_owned()));
        Ok(())
    }

    fn folder(&mut self, header: Header) -> Result<(), Refusal> {
        let size = header.size;
        let written = self.path(header)?;
        if size != 0 {
            return Err(Refusal::ambiguous("the folder has bytes").at(&written));
        }
        self.budget.entry(&written).map_err(|refusal| refusal.at(&written))?;
        if written == "." || written == "./" {
            return Ok(()); // that all are in
        }
        let path = below(&written);
        let path = path.strip_suffix('/').unwrap_or(path);
        paths::check(path)?;
        self.folders.push(path.to_owned());
        Ok(())
    }

    /// The next block; none at the end.
    fn block(&mut self) -> Result<Option<[u8; BLOCK]>, Refusal> {
        let mut block = [0; BLOCK];
        let mut filled = 0;
        while filled < BLOCK {
            let piece = self.bytes.fill()?;
            let got = piece.len().min(BLOCK - filled);
            match (got, filled) {
                (0, 0) => return Ok(None),
                (0, _) => return Err(Refusal::cut()),
                _ => block[filled..filled + got].copy_from_slice(&piece[..got]),
            }
            filled += got;
            self.bytes.used(got);
        }
        Ok(Some(block))
    }

    /// Passes the data of an entry on; what fills their last block must be zero.
    fn pass(&mut self, size: u64, mut to: impl FnMut(&[u8])) -> Result<(), Refusal> {
        let mut left = size;
        while left > 0 {
            let piece = self.bytes.fill()?;
            let got = piece.len().min(usize::try_from(left).unwrap_or(usize::MAX));
            if got == 0 {
                return Err(Refusal::cut());
            }
            to(&piece[..got]);
            left -= got as u64;
            self.bytes.used(got);
        }
        let mut padding = (BLOCK - (size % BLOCK as u64) as usize) % BLOCK;
        while padding > 0 {
            let piece = self.bytes.fill()?;
            let got = piece.len().min(padding);
            if got == 0 {
                return Err(Refusal::cut());
            }
            if piece[..got].iter().any(|byte| *byte != 0) {
                return Err(Refusal::ambiguous("something is behind its data"));
            }
            padding -= got;
            self.bytes.used(got);
        }
        Ok(())
    }

    /// A block of zeros was read, which is half of the end; behind the end are zeros alone.
    fn end(&mut self) -> Result<(), Refusal> {
        if self.name.is_some() {
            return Err(Refusal::ambiguous("a header says something of an entry that is not there"));
        }
        let mut blocks = 0;
        while let Some(block) = self.block()? {
            blocks += 1;
            if block != [0; BLOCK] || blocks * BLOCK as u64 > MOST_BEHIND {
                return Err(Refusal::ambiguous("something is behind the archive's end"));
            }
        }
        if blocks == 0 {
            return Err(Refusal::corrupt("half of the archive's end is missing"));
        }
        Ok(())
    }
}
