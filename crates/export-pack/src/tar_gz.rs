//! TAR (POSIX.1-1988 ustar, with POSIX.1-2001 pax headers where a path needs one) within gzip (RFC 1952),
//! behind which an empty member says the digest of the first.

use std::io::{self, Write};

use export_core::catalogue::Format;
use export_core::digest::DigestWriter;
use export_core::error::PortError;
use export_core::ports::{Packager, Packing};
use flate2::write::GzEncoder;
use flate2::{Compression, GzBuilder};
use tar::{EntryType, Header};

use crate::LEVEL;
use crate::archive::{Archive, Encoder, WRITE};
use crate::container::gzip_member;
use crate::sink::{Sink, Switch};

/// What every header and every file is padded to.
const BLOCK: usize = 512;
/// An operating system that gzip does not know (RFC 1952, 2.3.1).
const NO_SYSTEM: u8 = 255;

/// Writes TAR archives within gzip.
#[derive(Debug, Clone, Copy, Default)]
pub struct TarGzPackager;

impl Packager for TarGzPackager {
    fn format(&self) -> Format {
        Format::TarGz
    }

    fn start<'w>(&self, out: &'w mut (dyn Write + Send)) -> Result<Box<dyn Packing + 'w>, PortError> {
        let switch = Switch::default();
        let gzip = GzBuilder::new().mtime(0).operating_system(NO_SYSTEM);
        let out = DigestWriter::new(Sink::new(out, switch.clone()));
        let gzip = gzip.write(out, Compression::new(LEVEL));
        Ok(Box::new(Archive::new(TarEncoder { gzip, entries: 0 }, switch)))
    }
}

struct TarEncoder<'w> {
    gzip: GzEncoder<DigestWriter<Sink<'w>>>,
    entries: u64,
}

impl TarEncoder<'_> {
    fn put(&mut self, bytes: &[u8]) -> Result<(), PortError> {
        self.gzip.write_all(bytes).map_err(|error| PortError::io(WRITE, error))
    }

    /// A path that ustar cannot hold, as the record of a header before the entry's own.
    fn pax_path(&mut self, path: &str) -> Result<(), PortError> {
        let record = pax_record("path", path);
        let name = format!("pax-{}", self.entries);
        self.put(header(EntryType::XHeader, &name, record.len() as u64).as_bytes())?;
        self.put(record.as_bytes())?;
        self.end(record.len() as u64)
    }
}

impl Encoder for TarEncoder<'_> {
    fn begin(&mut self, path: &str, size: u64) -> Result<(), PortError> {
        self.entries += 1;
        if fits(path) {
            return self.put(header(EntryType::Regular, path, size).as_bytes());
        }
        self.pax_path(path)?;
        // A reader from before 2001 sees this name; it is safe, and no two are equal.
        let name = format!("long-name-{}", self.entries);
        self.put(header(EntryType::Regular, &name, size).as_bytes())
    }

    fn end(&mut self, size: u64) -> Result<(), PortError> {
        let over = (size % BLOCK as u64) as usize;
        self.put(&[0; BLOCK][..(BLOCK - over) % BLOCK])
    }

    fn finish(mut self) -> Result<(), PortError> {
        self.put(&[0; 2 * BLOCK])?;
        let ended = self.gzip.finish().and_then(DigestWriter::finish);
        let (mut sink, _, digest) = ended.map_err(|error| PortError::io(WRITE, error))?;
        let said = sink.write_all(&gzip_member(digest)).and_then(|()| sink.flush());
        said.map_err(|error| PortError::io(WRITE, error))
    }
}

impl Write for TarEncoder<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.gzip.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.gzip.flush()
    }
}

/// Whether a path can stand in a ustar header: its text is ASCII, and can be split into 155 and 100 bytes.
fn fits(path: &str) -> bool {
    path.is_ascii() && Header::new_ustar().set_path(path).is_ok()
}

/// A header of nobody's file, without time. Sizes of 8 GiB and more are binary, as all readers know them.
fn header(kind: EntryType, name: &str, size: u64) -> Header {
    let mut header = Header::new_ustar();
    header.set_path(name).expect("the caller knows that it fits");
    header.set_entry_type(kind);
    header.set_size(size);
    header.set_mode(0o644);
    header.set_uid(0);
    header.set_gid(0);
    header.set_mtime(0);
    header.set_cksum();
    header
}

/// `length key=value\n`, where the length counts its own digits.
fn pax_record(key: &str, value: &str) -> String {
    let rest = format!(" {key}={value}\n");
    let mut length = rest.len();
    while length != rest.len() + length.to_string().len() {
        length = rest.len() + length.to_string().len();
    }
    format!("{length}{rest}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_counts_itself() {
        for length in [1, 80, 86, 87, 88, 89, 90, 91, 985, 986, 987, 988, 4_096] {
            let record = pax_record("path", &"x".repeat(length));
            let (told, _) = record.split_once(' ').unwrap();
            assert_eq!(told.parse(), Ok(record.len()), "{length}");
        }
    }

    #[test]
    fn a_path_without_a_place_to_split_needs_pax() {
        let part = "x".repeat(90);
        assert!(fits(&format!("{part}/{part}")));
        assert!(!fits(&"x".repeat(101)) && !fits(&format!("{part}/{part}/{part}")) && !fits("ü"));
    }

    #[test]
    fn sizes_beyond_eleven_octal_digits_are_kept() {
        for size in [0, 1, (8 << 30) - 1, 8 << 30, 1 << 40] {
            assert_eq!(header(EntryType::Regular, "a", size).entry_size().unwrap(), size);
        }
    }
}
