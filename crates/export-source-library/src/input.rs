//! An open file: a window on its bytes that moves on, with the position and the digest of what went by.

mod unpack;

use std::io::{self, Cursor, Read};
use std::ops::Range;

use export_core::digest::Digest;
use export_core::error::{ErrorKind, PortError};
use sha2::{Digest as _, Sha256};

use self::unpack::{Packing, Unpacked};

/// The window's first size. It grows only for values that are larger.
const WINDOW: usize = 256 * 1024;
/// The bytes that tell how a file is packed.
const MAGIC: usize = 8;
/// The UTF-8 encoding of U+FEFF, which some editors write first and RFC 8259, 8.1 allows to skip.
const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

/// An open file of the library.
pub(crate) struct Input {
    operation: &'static str,
    file: String,
    source: Source,
    buffer: Vec<u8>,
    /// The part of the buffer that is read and not yet consumed.
    unread: Range<usize>,
    /// Line breaks before the buffer's first byte, and bytes since the last of them.
    before: Position,
}

/// Where the bytes come from. The digest is that of the file as it lies there, packed or not.
enum Source {
    Plain { reader: Box<dyn Read + Send>, hasher: Sha256 },
    Packed(Unpacked),
}

/// A place in a text, counted from zero.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Position {
    pub(crate) line: usize,
    pub(crate) column: usize,
}

impl Position {
    /// The position behind `bytes`, which begin here.
    pub(crate) fn behind(self, bytes: &[u8]) -> Self {
        // Counting all bytes, not searching for the last break, is what the compiler makes vector instructions of.
        let breaks = bytes.iter().filter(|byte| **byte == b'\n').count();
        if breaks == 0 {
            return Self { line: self.line, column: self.column + bytes.len() };
        }
        let last_line = bytes.iter().rev().take_while(|byte| **byte != b'\n').count();
        Self { line: self.line + breaks, column: last_line }
    }
}

impl Input {
    /// Opens `source`; `file` is what errors call it. A packed file is unpacked, and a byte order mark is skipped.
    pub(crate) fn open(
        operation: &'static str,
        file: String,
        source: Box<dyn Read + Send>,
    ) -> Result<Self, PortError> {
        let mut input = Self {
            operation,
            file,
            source: Source::Plain { reader: source, hasher: Sha256::new() },
            buffer: Vec::new(),
            unread: 0..0,
            before: Position::default(),
        };
        while input.window().len() < MAGIC && input.fill()? {}
        if let Some(packing) = Packing::of(input.window()) {
            input = input.unpacked(packing)?;
            while input.window().len() < BYTE_ORDER_MARK.len() && input.fill()? {}
        }
        if input.window().starts_with(BYTE_ORDER_MARK) {
            input.consume(BYTE_ORDER_MARK.len());
        }
        Ok(input)
    }

    /// The same file unpacked, of which nothing was consumed.
    fn unpacked(self, packing: Packing) -> Result<Self, PortError> {
        let Self { operation, file, source, buffer, unread, .. } = self;
        let Source::Plain { reader, .. } = source else {
            unreachable!("a file is unpacked once");
        };
        let start = Cursor::new(buffer[unread].to_vec());
        let unpacked = Unpacked::new(packing, Box::new(start.chain(reader)));
        let damaged = |error: &io::Error| damaged(operation, &file, packing, error);
        let source = Source::Packed(unpacked.map_err(|error| damaged(&error))?);
        Ok(Self { operation, file, source, buffer: Vec::new(), unread: 0..0, before: Position::default() })
    }

    /// How the file is packed, if it is.
    pub(crate) fn packing(&self) -> Option<&'static str> {
        match &self.source {
            Source::Plain { .. } => None,
            Source::Packed(unpacked) => Some(unpacked.packing.name()),
        }
    }

    /// What errors call the file.
    pub(crate) fn file(&self) -> &str {
        &self.file
    }

    /// The bytes that are read and not yet consumed.
    pub(crate) fn window(&self) -> &[u8] {
        &self.buffer[self.unread.clone()]
    }

    /// Reads more into the window; false at the end of the file.
    pub(crate) fn fill(&mut self) -> Result<bool, PortError> {
        self.drop_consumed();
        if self.unread.end == self.buffer.len() {
            self.buffer.resize(WINDOW.max(2 * self.buffer.len()), 0);
        }
        let free = &mut self.buffer[self.unread.end..];
        let read = loop {
            let read = match &mut self.source {
                Source::Plain { reader, .. } => reader.read(free),
                Source::Packed(unpacked) => unpacked.read(free),
            };
            match (read, &self.source) {
                (Err(error), _) if error.kind() == io::ErrorKind::Interrupted => {}
                (Err(error), Source::Packed(unpacked)) if !unpacked.has_failed() => {
                    return Err(damaged(self.operation, &self.file, unpacked.packing, &error));
                }
                (Err(error), _) => return Err(PortError::io(self.operation, error).at(self.file.clone())),
                (Ok(read), _) => break read,
            }
        };
        if let Source::Plain { hasher, .. } = &mut self.source {
            hasher.update(&free[..read]);
        }
        self.unread.end += read;
        Ok(read > 0)
    }

    /// Consumes `count` bytes of the window. They stay readable by [`Input::consumed`] until the next [`Input::fill`].
    pub(crate) fn consume(&mut self, count: usize) -> Range<usize> {
        let start = self.unread.start;
        self.unread.start += count;
        debug_assert!(self.unread.start <= self.unread.end, "only bytes of the window can be consumed");
        start..self.unread.start
    }

    /// Bytes that [`Input::consume`] told of.
    pub(crate) fn consumed(&self, range: Range<usize>) -> &[u8] {
        &self.buffer[range]
    }

    /// The position of the buffer's byte `index`.
    pub(crate) fn position_of(&self, index: usize) -> Position {
        self.before.behind(&self.buffer[..index])
    }

    /// The position of the next byte.
    pub(crate) fn position(&self) -> Position {
        self.position_of(self.unread.start)
    }

    /// An error about the file's content: `what` is wrong at `place` behind the file's name, which is `#...` or empty.
    pub(crate) fn invalid(&self, what: &str, place: &str, position: Position) -> PortError {
        let message = format!("{what}, at line {}, column {}", position.line + 1, position.column + 1);
        PortError::new(ErrorKind::Invalid, self.operation, message).at(self.at(place))
    }

    /// A place in the file. In a document that is itself a place in a file, the pointer goes on.
    pub(crate) fn at(&self, place: &str) -> String {
        match place.strip_prefix("#/") {
            Some(below) if self.file.contains('#') => format!("{}/{below}", self.file),
            _ => format!("{}{place}", self.file),
        }
    }

    /// The digest of all bytes; the file must have been read to its end.
    pub(crate) fn digest(self) -> Digest {
        match self.source {
            Source::Plain { hasher, .. } => Digest::from_bytes(hasher.finalize().into()),
            Source::Packed(unpacked) => unpacked.digest(),
        }
    }

    fn drop_consumed(&mut self) {
        let consumed = self.unread.start;
        if consumed > 0 {
            self.before = self.position();
            self.buffer.copy_within(self.unread.clone(), 0);
            self.unread = 0..self.unread.len();
        }
    }
}

/// A packed file that cannot be unpacked to its end.
fn damaged(operation: &'static str, file: &str, packing: Packing, error: &io::Error) -> PortError {
    let message = if error.kind() == io::ErrorKind::UnexpectedEof {
        format!("the {}-compressed file ends too early: it is cut off", packing.name())
    } else {
        format!("the {}-compressed file is damaged: {error}", packing.name())
    };
    PortError::new(ErrorKind::Invalid, operation, message).at(file)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Gives one byte at a time, the smallest that a network may give.
    struct Trickle(Vec<u8>);

    impl Read for Trickle {
        fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
            let count = self.0.len().min(into.len()).min(1);
            into[..count].copy_from_slice(&self.0[..count]);
            self.0.drain(..count);
            Ok(count)
        }
    }

    #[test]
    fn the_digest_covers_the_byte_order_mark_and_positions_go_on() {
        let bytes = b"\xEF\xBB\xBFab\ncd\nef".to_vec();
        let mut input = Input::open("test", "f".into(), Box::new(Trickle(bytes.clone()))).unwrap();
        let mut seen = Vec::new();
        while !input.window().is_empty() || input.fill().unwrap() {
            let range = input.consume(1);
            seen.extend_from_slice(input.consumed(range));
        }
        assert_eq!(seen, b"ab\ncd\nef");
        assert_eq!(input.position(), Position { line: 2, column: 2 });
        assert_eq!(input.digest(), Digest::of(&bytes));
    }

    #[test]
    fn positions_count_line_breaks() {
        let start = Position { line: 3, column: 4 };
        assert_eq!(start.behind(b"ab"), Position { line: 3, column: 6 });
        assert_eq!(start.behind(b"a\nb\n"), Position { line: 5, column: 0 });
    }
}
