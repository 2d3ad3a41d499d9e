//! What lies in a bundle: files in scratch or in memory, each with what it is.

use std::fs::File;
use std::io::{Cursor, Read};
use std::path::PathBuf;

use export_core::digest::Digest;
use export_core::warning::Warning;
use export_seal::manifest::EntryType;

use super::scratch;
use crate::Fault;
use crate::render::Output;
use crate::spool::Spooled;

/// One file of a bundle.
#[derive(Debug)]
pub(crate) struct Entry {
    pub(crate) path: String,
    pub(crate) media_type: String,
    pub(crate) size: u64,
    pub(crate) sha256: Digest,
    pub(crate) kind: EntryType,
    pub(crate) id: Option<String>,
    pub(crate) bytes: Bytes,
}

/// Where the bytes of an entry are.
#[derive(Debug)]
pub(crate) enum Bytes {
    /// In a file of the bundle's own, which goes as soon as it is in the archive.
    Spooled(PathBuf),
    /// In a file that is an artifact as well.
    Shared(PathBuf),
    /// Here.
    Held(Vec<u8>),
}

impl Entry {
    /// A small file that is not spooled.
    pub(crate) fn held(path: &str, media_type: &str, bytes: Vec<u8>) -> Self {
        Self {
            path: path.to_owned(),
            media_type: media_type.to_owned(),
            size: bytes.len() as u64,
            sha256: Digest::of(&bytes),
            kind: EntryType::Report,
            id: None,
            bytes: Bytes::Held(bytes),
        }
    }

    /// A file that is an artifact as well.
    pub(crate) fn shared(file: &Spooled, kind: EntryType) -> Self {
        Self::of(file, String::new(), kind, None, Bytes::Shared(file.path.clone()))
    }

    fn of(file: &Spooled, folder: String, kind: EntryType, id: Option<&str>, bytes: Bytes) -> Self {
        let artifact = &file.artifact;
        Self {
            path: folder + &artifact.name,
            media_type: artifact.media_type.clone(),
            size: artifact.size,
            sha256: artifact.sha256,
            kind,
            id: id.map(str::to_owned),
            bytes,
        }
    }

    pub(crate) fn open(&self) -> Result<Box<dyn Read + '_>, Fault> {
        Ok(match &self.bytes {
            Bytes::Spooled(path) | Bytes::Shared(path) => Box::new(File::open(path).map_err(scratch)?),
            Bytes::Held(bytes) => Box::new(Cursor::new(bytes)),
        })
    }

    /// Frees the disk; what cannot be removed now goes with the folder.
    pub(crate) fn remove(self) {
        if let Bytes::Spooled(path) = self.bytes {
            let _ = std::fs::remove_file(path);
        }
    }

    /// The entry as it is sealed.
    pub(crate) fn sealed(&self) -> export_seal::manifest::Entry {
        export_seal::manifest::Entry {
            id: self.id.clone(),
            media_type: self.media_type.clone(),
            path: self.path.clone(),
            sha256: self.sha256,
            size: self.size,
            kind: self.kind,
        }
    }
}

/// The files of a bundle in the making.
#[derive(Debug, Default)]
pub(crate) struct Contents(pub(crate) Vec<Entry>);

impl Contents {
    /// Takes what a renderer made into `folder` (`scans/`, or nothing); gives its warnings.
    pub(crate) fn take(
        &mut self,
        made: Output,
        folder: &str,
        kind: EntryType,
        id: Option<&str>,
    ) -> Vec<Warning> {
        let entry = |file: Spooled| {
            let path = file.path.clone();
            Entry::of(&file, folder.to_owned(), kind, id, Bytes::Spooled(path))
        };
        self.0.extend(made.files.into_iter().map(entry));
        made.warnings
    }

    /// Takes one more file.
    pub(crate) fn add(&mut self, entry: Entry) {
        self.0.push(entry);
    }

    /// Whether there is a file below `folder`.
    pub(crate) fn has(&self, folder: &str) -> bool {
        self.0.iter().any(|entry| entry.path.starts_with(folder))
    }
}
