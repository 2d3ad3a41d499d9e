//! One scan's folder: its reports and SBOMs, and what else lies there.

use export_core::error::{ErrorKind, PortError};
use export_core::id::ScanId;
use export_core::scan::ScanRef;
use object_store::path::Path;

use crate::files::{Files, Folder};
use crate::guard;
use crate::recognise::{Content, recognise};
use crate::sbom::{About, SbomKind};
use crate::trivy::Head;

/// What a scan's folder holds.
#[derive(Default)]
pub(crate) struct Contents {
    /// Reports, in the order of names.
    pub(crate) reports: Vec<(Path, Head)>,
    /// Reports of guards of AI-written code, in the order of names.
    pub(crate) guards: Vec<(Path, guard::Head)>,
    /// SBOM documents, in the order of names.
    pub(crate) sboms: Vec<(Path, SbomKind)>,
    /// What the SBOM documents say of the artifact, if no report does.
    abouts: Vec<About>,
    /// Files that are not read, with what they are.
    pub(crate) others: Vec<(Path, String)>,
}

impl Contents {
    /// Recognises the files of `folder`. Blocks.
    ///
    /// # Errors
    /// `Invalid` if a file is damaged, or if there is neither a report nor an SBOM.
    pub(crate) fn of(files: &Files, scan: &ScanId, folder: &Folder) -> Result<Self, PortError> {
        let mut contents = Self::default();
        for file in &folder.files {
            match recognise(files.open(file)?)? {
                Content::Trivy(head) => contents.reports.push((file.clone(), *head)),
                Content::Guard(head) => contents.add_guard(file, head, scan),
                Content::Cyclonedx => contents.sboms.push((file.clone(), SbomKind::Cyclonedx)),
                Content::Spdx2 => contents.sboms.push((file.clone(), SbomKind::Spdx2)),
                Content::Spdx3 => contents.sboms.push((file.clone(), SbomKind::Spdx3)),
                Content::OpenVex | Content::Verdicts => {}
                Content::KnownExploited => {
                    contents.add(file, "a catalogue that belongs into `_intelligence`");
                }
                Content::Epss => contents.add(file, "EPSS scores, which belong into `_intelligence`"),
                Content::Other(what) => contents.add(file, what),
            }
        }
        if contents.reports.is_empty() && contents.guards.is_empty() && contents.sboms.is_empty() {
            return Err(contents.without_report(files, scan));
        }
        if contents.reports.is_empty() {
            let about = |(file, kind): &(Path, SbomKind)| kind.about(files.open(file)?);
            contents.abouts = contents.sboms.iter().map(about).collect::<Result<_, _>>()?;
        }
        folder
            .folders
            .iter()
            .for_each(|folder| contents.add(folder, "a folder; only files of the scan's own are read"));
        Ok(contents)
    }

    /// The scan: what its newest report says; where there is none, the newest report of a guard, then the newest SBOM.
    pub(crate) fn scan(&self, id: &ScanId) -> Option<ScanRef> {
        let newest = self.reports.iter().max_by_key(|(_, head)| head.created_at);
        let reported = newest.map(|(_, head)| ScanRef {
            id: id.clone(),
            image: head.artifact_or(id).to_owned(),
            image_digest: head.digest().map(str::to_owned),
            created_at: head.created_at,
            tool: head.tool.clone(),
        });
        let guarded = || Some(self.guards.iter().max_by_key(|(_, head)| head.created_at())?.1.scan(id));
        let listed = || Some(self.abouts.iter().max_by_key(|about| about.created_at)?.scan(id));
        reported.or_else(guarded).or_else(listed)
    }

    /// All that an image reference may say to mean the scan's artifact.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        let reported = self.reports.iter().flat_map(|(_, head)| head.names());
        let guarded = self.guards.iter().filter_map(|(_, head)| head.repository());
        reported.chain(guarded).chain(self.abouts.iter().flat_map(About::names))
    }

    fn add_guard(&mut self, file: &Path, head: guard::Head, scan: &ScanId) {
        match head.of_another(scan) {
            None => self.guards.push((file.clone(), head)),
            Some(other) => {
                let what = format!(
                    "about the scan {other} and not about {scan}: name the scan so, or leave `scan_id` out"
                );
                self.add(file, what);
            }
        }
    }

    fn add(&mut self, file: &Path, what: impl Into<String>) {
        self.others.push((file.clone(), what.into()));
    }

    fn without_report(&self, files: &Files, scan: &ScanId) -> PortError {
        match self.others.first() {
            Some((file, what)) => {
                let message = format!("no report that can be read: this is {what}");
                files.error(ErrorKind::Invalid, message).at(files.name_of(file))
            }
            None => {
                let message = "the scan has verdicts or VEX statements, but neither a report nor an SBOM that they are about";
                files.error(ErrorKind::Invalid, message).at(scan.as_str())
            }
        }
    }
}
