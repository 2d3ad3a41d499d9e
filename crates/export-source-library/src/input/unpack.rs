//! Compressed files, told by their first bytes and unpacked as they are read.
//!
//! Memory stays bounded whatever a file claims: xz and zstd name the size of their window themselves, and one that is larger
//! than [`WINDOW`] is refused. Several members or frames behind one another are one text, as the tools write and read them.

use std::io::{self, BufRead as _, BufReader, Read};
use std::sync::{Arc, Mutex, PoisonError};

use bzip2::read::MultiBzDecoder;
use export_core::digest::Digest;
use flate2::read::MultiGzDecoder;
use lzma_rust2::XzReader;
use ruzstd::decoding::{FrameDecoder, StreamingDecoder};
use sha2::{Digest as _, Sha256};

/// The largest window of a compressor that is read: what `xz -9` and `zstd --ultra -22` need.
const WINDOW: u64 = 128 << 20;

/// How a file is packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Packing {
    /// RFC 1952.
    Gzip,
    Bzip2,
    Xz,
    /// RFC 8878.
    Zstd,
}

impl Packing {
    /// Tells by the first bytes of a file; none if it is not packed.
    pub(super) fn of(start: &[u8]) -> Option<Self> {
        match start {
            [0x1F, 0x8B, ..] => Some(Self::Gzip),
            // The number behind it is pi: no text that begins with BZh goes on like that.
            [b'B', b'Z', b'h', b'1'..=b'9', 0x31, 0x41, 0x59, ..] => Some(Self::Bzip2),
            [0xFD, b'7', b'z', b'X', b'Z', 0, ..] => Some(Self::Xz),
            [0x28, 0xB5, 0x2F, 0xFD, ..] => Some(Self::Zstd),
            _ => None,
        }
    }

    /// What users call it.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Gzip => "gzip",
            Self::Bzip2 => "bzip2",
            Self::Xz => "xz",
            Self::Zstd => "zstd",
        }
    }

    fn reader(self, raw: Raw) -> io::Result<Box<dyn Read + Send>> {
        let limit = u32::try_from(WINDOW >> 10).expect("128 MiB in KiB");
        Ok(match self {
            Self::Gzip => Box::new(MultiGzDecoder::new(raw)),
            Self::Bzip2 => Box::new(MultiBzDecoder::new(raw)),
            Self::Xz => Box::new(XzReader::new_mem_limit(BufReader::new(raw), true, limit)),
            Self::Zstd => Box::new(Frames::new(raw)?),
        })
    }
}

/// A packed file that is unpacked as it is read.
pub(super) struct Unpacked {
    pub(super) packing: Packing,
    reader: Box<dyn Read + Send>,
    state: Arc<Mutex<State>>,
}

/// What is known of the packed bytes.
#[derive(Default)]
struct State {
    hasher: Sha256,
    /// Whether it was reading, and not unpacking, that failed.
    has_failed: bool,
}

impl Unpacked {
    /// Unpacks `source`.
    ///
    /// # Errors
    /// If its first bytes are damaged.
    pub(super) fn new(packing: Packing, source: Box<dyn Read + Send>) -> io::Result<Self> {
        let state = Arc::new(Mutex::new(State::default()));
        let raw = Raw { source, state: Arc::clone(&state) };
        Ok(Self { packing, reader: packing.reader(raw)?, state })
    }

    /// Whether the file could not be read, where the alternative is that it is damaged.
    pub(super) fn has_failed(&self) -> bool {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).has_failed
    }

    /// The digest of the packed bytes, which were read to their end.
    pub(super) fn digest(self) -> Digest {
        let hasher = std::mem::take(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner).hasher);
        Digest::from_bytes(hasher.finalize().into())
    }
}

impl Read for Unpacked {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        self.reader.read(into)
    }
}

/// The packed bytes, digested as they go by.
struct Raw {
    source: Box<dyn Read + Send>,
    state: Arc<Mutex<State>>,
}

impl Read for Raw {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.source.read(into);
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        match &read {
            Ok(read) => state.hasher.update(&into[..*read]),
            Err(error) => state.has_failed |= error.kind() != io::ErrorKind::Interrupted,
        }
        read
    }
}

/// The frames of a zstd file, one behind the other, each with its checksum compared.
struct Frames(StreamingDecoder<BufReader<Raw>, FrameDecoder>);

impl Frames {
    fn new(raw: Raw) -> io::Result<Self> {
        let source = BufReader::new(raw);
        let opened = StreamingDecoder::new_with_max_window_size(source, WINDOW);
        opened.map(Self).map_err(io::Error::other)
    }

    fn check(&self) -> io::Result<()> {
        let decoder = &self.0.decoder;
        match (decoder.get_checksum_from_data(), decoder.get_calculated_checksum()) {
            (Some(told), Some(found)) if told != found => {
                Err(io::Error::new(io::ErrorKind::InvalidData, "the checksum does not fit"))
            }
            _ => Ok(()),
        }
    }
}

impl Read for Frames {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        loop {
            let read = self.0.read(into)?;
            if read > 0 || into.is_empty() {
                return Ok(read);
            }
            self.check()?;
            if self.0.get_mut().fill_buf()?.is_empty() {
                return Ok(0);
            }
            let mut decoder = FrameDecoder::new();
            std::mem::swap(&mut decoder, &mut self.0.decoder);
            decoder.reset(self.0.get_mut()).map_err(io::Error::other)?;
            self.0.decoder = decoder;
        }
    }
}
