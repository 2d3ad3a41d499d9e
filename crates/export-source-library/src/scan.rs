//! One scan's folder: its documents, and what else lies there.

use export_core::error::{ErrorKind, PortError};
use export_core::id::ScanId;
use export_core::request::OnSourceError;
use export_core::scan::ScanRef;
use export_core::warning::Warning;
use object_store::path::Path;

use crate::about::About;
use crate::document::Document;
use crate::emit::refused;
use crate::files::{Files, Folder};
use crate::format::Authority;
use crate::recognise::{Content, recognise};

/// What a scan's folder holds.
#[derive(Default)]
pub(crate) struct Contents {
    /// Documents of formats that are read, in the order of names.
    pub(crate) documents: Vec<Document>,
    /// What they say of the artifact, if that was asked for.
    abouts: Vec<(Authority, About)>,
    asks_about: bool,
    /// Whether one of them tells what was scanned.
    is_scan: bool,
    /// Files that are not read, with what they are.
    pub(crate) others: Vec<(String, String)>,
    /// Files that cannot be read, where they may be left out.
    pub(crate) refused: Vec<Warning>,
}

impl Contents {
    /// Recognises the files of `folder`; `asks_about` says whether what they say of the artifact is needed, for which some must
    /// be read to their end. Blocks.
    ///
    /// # Errors
    /// `Invalid` if a file is damaged and may not be left out.
    pub(crate) fn of(
        files: &Files,
        scan: &ScanId,
        folder: &Folder,
        on_error: OnSourceError,
        asks_about: bool,
    ) -> Result<Self, PortError> {
        let mut contents = Self { asks_about, ..Self::default() };
        for file in &folder.files {
            match (contents.add_file(files, file, scan), on_error) {
                (Ok(()), _) => {}
                (Err(error), OnSourceError::Warn) if refused(&error).is_some() => {
                    contents.refused.extend(refused(&error));
                }
                (Err(error), OnSourceError::Warn | OnSourceError::Fail) => return Err(error),
            }
        }
        for folder in &folder.folders {
            let what = "a folder; only files of the scan's own are read";
            contents.others.push((files.name_of(folder), what.into()));
        }
        Ok(contents)
    }

    /// The same, if something here tells what was scanned.
    ///
    /// # Errors
    /// `Invalid`, with what lies here instead.
    pub(crate) fn of_a_scan(self, files: &Files, scan: &ScanId) -> Result<Self, PortError> {
        if self.is_scan { Ok(self) } else { Err(self.without_report(files, scan)) }
    }

    /// The scan: what its newest report says; where there is none, the newest report of a guard, then the newest SBOM.
    pub(crate) fn scan(&self, id: &ScanId) -> Option<ScanRef> {
        let best = self.abouts.iter().map(|(authority, _)| *authority).min()?;
        let told = self.abouts.iter().filter(|(authority, _)| *authority == best);
        Some(told.max_by_key(|(_, about)| about.created_at)?.1.scan(id))
    }

    /// All that an image reference may say to mean the scan's artifact.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.abouts.iter().flat_map(|(_, about)| about.names())
    }

    /// Keeps the documents that list packages.
    pub(crate) fn keep_packages(&mut self) -> Result<(), PortError> {
        let mut kept = Vec::new();
        for document in self.documents.drain(..) {
            if (document.format.has_packages)(&document)? {
                kept.push(document);
            }
        }
        self.documents = kept;
        Ok(())
    }

    /// Leaves to scanners what bills of materials tell of vulnerabilities: if a scan has a scanner's report, the same
    /// vulnerability must not count twice. The documents that are left out.
    pub(crate) fn leave_to_scanners(&mut self) -> Vec<Document> {
        let finds = |it: &Document| it.format.findings.is_some();
        if !self.documents.iter().any(|it| finds(it) && it.format.authority < Authority::Sbom) {
            return vec![];
        }
        let is_left = |it: &mut Document| finds(it) && it.format.authority == Authority::Sbom;
        self.documents.extract_if(.., is_left).collect()
    }

    fn add_file(&mut self, files: &Files, file: &Path, scan: &ScanId) -> Result<(), PortError> {
        match recognise(files.open(file)?)? {
            Content::Other(what) => self.others.push((files.name_of(file), what)),
            Content::Known(format) => self.add(files.document(file, format), scan)?,
        }
        Ok(())
    }

    fn add(&mut self, mut document: Document, scan: &ScanId) -> Result<(), PortError> {
        if let Some(rather) = (document.format.rather)(&document)? {
            document.format = rather;
        }
        if !document.format.is_about_scans() {
            let what = format!("{}, which belongs into `_intelligence`", document.format.name);
            self.others.push((document.name, what));
            return Ok(());
        }
        let asks = self.asks_about || document.format.names_its_scan;
        if let Some(about) = document.format.about.filter(|_| asks) {
            let about = about(&document)?;
            if let Some(other) = about.of_another(scan) {
                let what = format!(
                    "about the scan {other} and not about {scan}: name the scan so, or leave `scan_id` out"
                );
                self.others.push((document.name, what));
                return Ok(());
            }
            self.abouts.push((document.format.authority, about));
        }
        self.is_scan |= document.format.about.is_some();
        if let Some(inside) = document.format.inside {
            let inner = inside(&document)?;
            if inner.is_empty() && !document.format.gives_something() {
                let what = format!("{}, and what is inside is not read", document.format.name);
                self.others.push((document.name, what));
                return Ok(());
            }
            inner.into_iter().try_for_each(|inner| self.add(inner, scan))?;
        }
        self.documents.push(document);
        Ok(())
    }

    fn without_report(&self, files: &Files, scan: &ScanId) -> PortError {
        match (self.others.first(), self.refused.first()) {
            (Some((file, what)), _) => {
                let message = format!("no report that can be read: this is {what}");
                files.error(ErrorKind::Invalid, message).at(file.clone())
            }
            (None, Some(refused)) => {
                let error = files.error(ErrorKind::Invalid, refused.message.clone());
                error.at(refused.place.clone().unwrap_or_else(|| scan.to_string()))
            }
            (None, None) => {
                let message = "the scan has verdicts or VEX statements, but neither a report nor an SBOM that they are about";
                files.error(ErrorKind::Invalid, message).at(scan.as_str())
            }
        }
    }
}
