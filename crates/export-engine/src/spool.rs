//! Where renderers write: files in scratch that are digested as they grow.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use export_core::digest::DigestWriter;
use export_core::error::{ErrorKind, PortError};
use export_core::export::Artifact;
use export_core::ports::Outlet;

/// An artifact that lies in scratch.
#[derive(Debug)]
pub(crate) struct Spooled {
    pub(crate) artifact: Artifact,
    pub(crate) path: PathBuf,
}

/// The files of one renderer.
pub(crate) struct SpoolOutlet<'f> {
    folder: &'f Path,
    current: OpenFile,
    ended: Vec<Spooled>,
}

struct OpenFile {
    out: DigestWriter<BufWriter<File>>,
    path: PathBuf,
    name: String,
    media_type: String,
}

impl<'f> SpoolOutlet<'f> {
    /// Begins the main artifact in `folder`.
    pub(crate) fn begin(folder: &'f Path, name: &str, media_type: &str) -> Result<Self, PortError> {
        Ok(Self { folder, current: OpenFile::create(folder, name, media_type)?, ended: Vec::new() })
    }

    /// Ends the last file; all of them, in order.
    pub(crate) fn finish(mut self) -> Result<Vec<Spooled>, PortError> {
        self.ended.push(self.current.end()?);
        Ok(self.ended)
    }
}

impl OpenFile {
    fn create(folder: &Path, name: &str, media_type: &str) -> Result<Self, PortError> {
        let path = folder.join(name);
        let file = File::create_new(&path).map_err(failed)?;
        let out = DigestWriter::new(BufWriter::with_capacity(1 << 18, file));
        Ok(Self { out, path, name: name.to_owned(), media_type: media_type.to_owned() })
    }

    fn end(self) -> Result<Spooled, PortError> {
        let (_, size, sha256) = self.out.finish().map_err(failed)?;
        let (name, media_type) = (self.name, self.media_type);
        let artifact = Artifact { name, media_type, size, sha256, rows: None, download_url: None };
        Ok(Spooled { artifact, path: self.path })
    }
}

impl Write for SpoolOutlet<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.current.out.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.current.out.flush()
    }
}

impl Outlet for SpoolOutlet<'_> {
    fn next_file(&mut self, name: &str, media_type: &str) -> Result<(), PortError> {
        if name.is_empty() || name.starts_with('.') || name.contains(['/', '\\', '\0']) {
            let message = format!("{name:?} is no name of an artifact");
            return Err(PortError::new(ErrorKind::Internal, "spool an artifact", message));
        }
        let next = OpenFile::create(self.folder, name, media_type)?;
        let before = std::mem::replace(&mut self.current, next);
        self.ended.push(before.end()?);
        Ok(())
    }
}

fn failed(error: io::Error) -> PortError {
    PortError::io("spool an artifact", error)
}
