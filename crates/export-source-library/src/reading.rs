//! One folder being read for one stream.

use std::sync::Arc;

use export_core::digest::Digest;
use export_core::error::PortError;
use export_core::finding::{Finding, Intelligence};
use export_core::id::ScanId;
use export_core::request::OnSourceError;
use export_core::scan::SourceDigest;
use export_core::warning::{Warning, WarningCode};

use crate::document::Document;
use crate::emit::{Emitter, refused, whole_or_told};
use crate::files::{Files, Folder};
use crate::format::{Authority, Format, Reader, Scanned};
use crate::recognise::{Content, recognise};
use crate::scan::Contents;

/// One folder being read for one stream.
pub(crate) struct Reading {
    /// What manifests call the source.
    pub(crate) source: Arc<str>,
    pub(crate) files: Files,
    pub(crate) folder: Folder,
    pub(crate) on_error: OnSourceError,
    /// The scanned artifact, as it was resolved; empty if it was not.
    pub(crate) image: String,
}

impl Reading {
    /// What the folder of a scan holds.
    pub(crate) fn contents(&self, id: &ScanId) -> Result<Contents, PortError> {
        Contents::of(&self.files, id, &self.folder, self.on_error, self.image.is_empty())
    }

    /// Reads every document that has a reader of this kind.
    pub(crate) fn all<T>(
        &self,
        contents: &Contents,
        id: &ScanId,
        reader: impl Fn(&Format) -> Option<Reader<T>>,
        emit: &mut Emitter<T>,
    ) -> Result<(), PortError> {
        let found = if self.image.is_empty() { contents.scan(id).map(|scan| scan.image) } else { None };
        let image = if self.image.is_empty() { id.as_str() } else { &self.image };
        let scanned = Scanned::of(id, found.as_deref().unwrap_or(image));
        for document in &contents.documents {
            if let Some(read) = reader(document.format) {
                self.document(document, emit, |emit| read(document, &scanned, emit))?;
            }
        }
        Ok(())
    }

    /// Reads one document with `read`, and tells of it behind its records.
    fn document<T>(
        &self,
        document: &Document,
        emit: &mut Emitter<T>,
        read: impl Fn(&mut Emitter<T>) -> Result<Digest, PortError>,
    ) -> Result<(), PortError> {
        let before = emit.items();
        let Some(digest) = whole_or_told(self.on_error, emit, read)? else { return Ok(()) };
        // A bill of materials is told of as such; whether it has vulnerabilities was worth a look.
        if document.format.authority == Authority::Sbom && emit.items() == before {
            return Ok(());
        }
        let (name, query) = (self.source.to_string(), document.name.clone());
        emit.document(SourceDigest { name, query, digest, records: emit.items() - before })
    }

    /// Tells of bills of materials whose vulnerabilities are left to the scanners' reports beside them, if they have any.
    pub(crate) fn left_to_scanners(
        documents: &[Document],
        id: &ScanId,
        emit: &mut Emitter<Finding<'static>>,
    ) -> Result<(), PortError> {
        let scanned = Scanned::of(id, id.as_str());
        for document in documents {
            let mut looked = Emitter::checking();
            let read = document.format.findings.map(|read| read(document, &scanned, &mut looked));
            if matches!(read, Some(Ok(_))) && looked.items() > 0 {
                let message = format!(
                    "The {} vulnerabilities of this bill of materials are no findings, because the scan has a scanner's report; \
                     SBOM exports have them.",
                    looked.items()
                );
                emit.warning(Warning::new(WarningCode::SourceIgnored, message).at(document.name.clone()))?;
            }
        }
        Ok(())
    }

    /// Tells of a file that is not read.
    pub(crate) fn ignored<T>(&self, file: &str, what: &str, emit: &mut Emitter<T>) -> Result<(), PortError> {
        let message = format!("This file was not read: it is {what}.");
        emit.warning(Warning::new(WarningCode::SourceIgnored, message).at(file))
    }
}

/// Reads what is known about vulnerabilities, whichever scan has them.
pub(crate) fn read_intelligence(
    reading: &Reading,
    emit: &mut Emitter<Intelligence<'static>>,
) -> Result<(), PortError> {
    let nothing: ScanId = "intelligence".parse().expect("a scan's id may be a word");
    let scanned = Scanned::of(&nothing, "");
    for file in &reading.folder.files {
        let content = reading.files.open(file).and_then(recognise);
        let format = match (content, reading.on_error) {
            (Ok(Content::Known(format)), _) => format,
            (Ok(Content::Other(what)), _) => {
                reading.ignored(&reading.files.name_of(file), &what, emit)?;
                continue;
            }
            (Err(error), OnSourceError::Warn) if refused(&error).is_some() => {
                refused(&error).into_iter().try_for_each(|warning| emit.warning(warning))?;
                continue;
            }
            (Err(error), OnSourceError::Warn | OnSourceError::Fail) => return Err(error),
        };
        let document = reading.files.document(file, format);
        match format.intelligence {
            Some(read) => reading.document(&document, emit, |emit| read(&document, &scanned, emit))?,
            None => {
                let what = "a document about scans, which belongs into a scan's folder";
                reading.ignored(&document.name, what, emit)?;
            }
        }
    }
    Ok(())
}
