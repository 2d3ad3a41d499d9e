//! SBOM documents that another source fetched.

use export_core::error::{ErrorKind, PortError};
use export_core::ports::{FetchedDocument, Flows, SbomReader};
use export_core::sbom::SbomPart;
use export_core::scan::SourceDigest;

use super::SbomKind;
use crate::emit::flows;
use crate::input::Input;
use crate::recognise::{Content, recognise};

const OPERATION: &str = "sbom reader: read";

/// Reads SBOM documents of the formats that a library may hold: CycloneDX, SPDX 2 and SPDX 3, told by their content.
///
/// Must be called on a Tokio runtime: documents are read on its blocking threads.
#[derive(Debug, Clone, Copy, Default)]
pub struct SbomDocuments;

impl SbomReader for SbomDocuments {
    fn read(&self, document: FetchedDocument) -> Flows<SbomPart<'static>> {
        flows(move |emit| {
            let FetchedDocument { source, place, open } = document;
            let open = || {
                let bytes = open().map_err(|error| PortError::io(OPERATION, error).at(place.clone()))?;
                Input::open(OPERATION, place.clone(), bytes)
            };
            let kind = kind_of(recognise(open()?)?, &place)?;
            let digest = kind.read(open()?, &open, emit)?;
            let records = emit.items();
            emit.document(SourceDigest { name: source, query: place.clone(), digest, records })
        })
    }
}

fn kind_of(content: Content, place: &str) -> Result<SbomKind, PortError> {
    let no_sbom = |what: &str| {
        Err(PortError::new(ErrorKind::Invalid, OPERATION, format!("this is {what}, and no SBOM")).at(place))
    };
    match content {
        Content::Cyclonedx => Ok(SbomKind::Cyclonedx),
        Content::Spdx2 => Ok(SbomKind::Spdx2),
        Content::Spdx3 => Ok(SbomKind::Spdx3),
        Content::Trivy(_) => no_sbom("a Trivy report"),
        Content::OpenVex => no_sbom("an OpenVEX document"),
        Content::Guard(_) => no_sbom("a report about AI-written code"),
        Content::Verdicts => no_sbom("a list of policy verdicts"),
        Content::KnownExploited => no_sbom("a catalogue of known exploited vulnerabilities"),
        Content::Epss => no_sbom("a list of EPSS scores"),
        Content::Other(what) => no_sbom(&what),
    }
}
