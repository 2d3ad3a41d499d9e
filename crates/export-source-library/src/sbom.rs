//! Bills of materials: which reader reads which document, and what a document says of its artifact.
//!
//! Each reader has two functions: `read` emits a document's head and then its elements, `about` looks only for what
//! the document says of the artifact. Elements leave here as valid CycloneDX 1.7, whatever they were read from.

mod about;
mod cyclonedx;
mod fetched;
mod spdx;
mod spdx2;
mod spdx3;

use async_trait::async_trait;
use export_core::digest::Digest;
use export_core::error::PortError;
use export_core::id::{ScanId, TenantId};
use export_core::ports::{Flows, SbomSource};
use export_core::sbom::SbomPart;
use export_core::scan::ScanRef;

pub(crate) use self::about::About;
pub use self::fetched::SbomDocuments;
use crate::emit::{Emitter, flows};
use crate::input::Input;
use crate::scan::Contents;
use crate::source::{LibrarySource, Reading};
use crate::trivy;

/// What an SBOM document is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SbomKind {
    /// CycloneDX JSON.
    Cyclonedx,
    /// SPDX 2.x JSON.
    Spdx2,
    /// SPDX 3 JSON-LD.
    Spdx3,
}

impl SbomKind {
    /// Reads one document to its end. `reopen` opens it once more, for what stands behind what needs it.
    ///
    /// # Errors
    /// `Invalid` with the place if the document breaks its standard and its meaning is not clear.
    pub(crate) fn read(
        self,
        input: Input,
        reopen: &dyn Fn() -> Result<Input, PortError>,
        emit: &mut Emitter<SbomPart<'static>>,
    ) -> Result<Digest, PortError> {
        match self {
            Self::Cyclonedx => cyclonedx::read(input, reopen, emit),
            Self::Spdx2 => spdx2::read(input, reopen, emit),
            Self::Spdx3 => spdx3::read(input, reopen, emit),
        }
    }

    /// What one document says of its artifact.
    ///
    /// # Errors
    /// As [`SbomKind::read`], as far as it looks.
    pub(crate) fn about(self, input: Input) -> Result<About, PortError> {
        match self {
            Self::Cyclonedx => cyclonedx::about(input),
            Self::Spdx2 => spdx2::about(input),
            Self::Spdx3 => spdx3::about(input),
        }
    }
}

#[async_trait]
impl SbomSource for LibrarySource {
    async fn sboms(&self, tenant: &TenantId, scan: &ScanRef) -> Result<Flows<SbomPart<'static>>, PortError> {
        let reading = self.read_scan(tenant, scan, "sbom source: sboms").await?;
        let id = scan.id.clone();
        Ok(flows(move |emit| {
            let contents = Contents::of(&reading.files, &id, &reading.folder)?;
            for (file, kind) in &contents.sboms {
                let reopen = || reading.files.open(file);
                reading.document(file, emit, |input, emit| kind.read(input, &reopen, emit))?;
            }
            if contents.sboms.is_empty() {
                packages(&reading, &contents, &id, emit)?;
            }
            Ok(())
        }))
    }
}

/// The packages that the reports of a scan list, where the scan has no SBOM.
fn packages(
    reading: &Reading,
    contents: &Contents,
    id: &ScanId,
    emit: &mut Emitter<SbomPart<'static>>,
) -> Result<(), PortError> {
    for (file, head) in &contents.reports {
        if trivy::packages::lists_packages(reading.files.open(file)?)? {
            let artifact = head.artifact_or(id);
            reading.document(file, emit, |input, emit| trivy::packages::read(input, head, artifact, emit))?;
        }
    }
    Ok(())
}
