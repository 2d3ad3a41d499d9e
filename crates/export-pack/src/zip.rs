//! ZIP (PKWARE APPNOTE 6.3): to a sink that cannot seek, so each entry's sizes follow its data (4.3.9). The comment says the
//! digest of what is before it.

use std::io::{self, Write};

use export_core::catalogue::Format;
use export_core::error::{ErrorKind, PortError};
use export_core::ports::{Packager, Packing};
use zip::result::ZipError;
use zip::write::{SimpleFileOptions, StreamWriter};
use zip::{CompressionMethod, DateTime, ZipWriter};

use crate::LEVEL;
use crate::archive::{Archive, ENTRY, Encoder, WRITE};
use crate::container::ZipTail;
use crate::sink::{Sink, Switch};

/// From this size on an entry has the long fields of ZIP64 (4.5.3). The limit is 4 GiB, but it holds for the compressed size
/// too, which may be larger.
const LARGE: u64 = 3 << 30;

/// Writes ZIP archives, with ZIP64 where entries or the archive are large.
#[derive(Debug, Clone, Copy, Default)]
pub struct ZipPackager;

impl Packager for ZipPackager {
    fn format(&self) -> Format {
        Format::Zip
    }

    fn start<'w>(&self, out: &'w mut (dyn Write + Send)) -> Result<Box<dyn Packing + 'w>, PortError> {
        let switch = Switch::default();
        let encoder = ZipEncoder(ZipWriter::new_stream(ZipTail::new(Sink::new(out, switch.clone()))));
        Ok(Box::new(Archive::new(encoder, switch)))
    }
}

struct ZipEncoder<'w>(ZipWriter<StreamWriter<ZipTail<Sink<'w>>>>);

impl Encoder for ZipEncoder<'_> {
    fn begin(&mut self, path: &str, size: u64) -> Result<(), PortError> {
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Deflated)
            .compression_level(Some(LEVEL.into()))
            .last_modified_time(DateTime::default()) // 1980-01-01, before which ZIP knows no time
            .unix_permissions(0o644)
            .large_file(size >= LARGE);
        self.0.start_file(path, options).map_err(|error| failed(ENTRY, error))
    }

    fn end(&mut self, _size: u64) -> Result<(), PortError> {
        Ok(()) // done by the next entry or the end
    }

    fn finish(self) -> Result<(), PortError> {
        let stream = self.0.finish().map_err(|error| failed(WRITE, error))?;
        stream.into_inner().finish().map_err(|error| PortError::io(WRITE, error))
    }
}

impl Write for ZipEncoder<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

fn failed(operation: &'static str, error: ZipError) -> PortError {
    match error {
        ZipError::Io(error) => PortError::io(operation, error),
        other => PortError::new(ErrorKind::Internal, operation, other.to_string()).because(other),
    }
}
