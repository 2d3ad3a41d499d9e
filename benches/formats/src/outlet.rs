//! Files that count their bytes.

use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use export_core::error::PortError;
use export_core::ports::Outlet;

/// The files of one rendering, in one folder.
pub struct FileOutlet {
    folder: PathBuf,
    current: File,
    written: u64,
}

impl FileOutlet {
    /// Begins the main artifact.
    pub fn create(file: &Path) -> io::Result<Self> {
        let folder = file.parent().unwrap_or(Path::new("")).to_owned();
        Ok(Self { folder, current: File::create(file)?, written: 0 })
    }

    /// The bytes of all files so far.
    pub const fn written(&self) -> u64 {
        self.written
    }
}

impl Write for FileOutlet {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.current.write(bytes)?;
        self.written += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.current.flush()
    }
}

impl Outlet for FileOutlet {
    fn next_file(&mut self, name: &str, _media_type: &str) -> Result<(), PortError> {
        let file = File::create(self.folder.join(name));
        self.current = file.map_err(|error| PortError::io("write an artifact", error))?;
        Ok(())
    }
}
