//! SBOM documents that another source fetched.

use std::sync::Arc;

use export_core::error::{ErrorKind, PortError};
use export_core::id::ScanId;
use export_core::ports::{FetchedDocument, Flows, SbomReader};
use export_core::request::OnSourceError;
use export_core::sbom::SbomPart;
use export_core::scan::SourceDigest;

use crate::document::Document;
use crate::emit::{Emitter, flows, whole_or_told};
use crate::format::{Format, Reader, Scanned};
use crate::input::Input;
use crate::recognise::{Content, recognise};

const OPERATION: &str = "sbom reader: read";

/// Reads SBOM documents of the formats that a library may hold, told by their content.
///
/// Must be called on a Tokio runtime: documents are read on its blocking threads.
#[derive(Debug, Clone, Copy, Default)]
pub struct SbomDocuments;

impl SbomReader for SbomDocuments {
    fn read(&self, document: FetchedDocument, on_error: OnSourceError) -> Flows<SbomPart<'static>> {
        let document = Arc::new(document);
        flows(move |emit| {
            let told = whole_or_told(on_error, emit, |emit| read(&document, emit))?;
            told.map_or(Ok(()), |told| emit.document(told))
        })
    }
}

fn read(
    fetched: &Arc<FetchedDocument>,
    emit: &mut Emitter<SbomPart<'static>>,
) -> Result<SourceDigest, PortError> {
    let opened = Arc::clone(fetched);
    let open = move || -> Result<Input, PortError> {
        let place = &opened.place;
        let bytes = (opened.open)().map_err(|error| PortError::io(OPERATION, error).at(place.clone()))?;
        Input::open(OPERATION, place.clone(), bytes)
    };
    let (name, query) = (fetched.source.clone(), fetched.place.clone());
    let (format, reader) = sbom_of(recognise(open()?)?, &query)?;
    let nothing: ScanId = "sbom".parse().expect("a scan's id may be a word");
    let document = Document::new(format, query.clone(), Arc::new(open));
    let digest = reader(&document, &Scanned::of(&nothing, ""), emit)?;
    Ok(SourceDigest { name, query, digest, records: emit.items() })
}

fn sbom_of(content: Content, place: &str) -> Result<(&'static Format, Reader<SbomPart<'static>>), PortError> {
    let what = match content {
        Content::Known(format) => match format.sbom {
            Some(reader) => return Ok((format, reader)),
            None => format.name.to_owned(),
        },
        Content::Other(what) => what,
    };
    Err(PortError::new(ErrorKind::Invalid, OPERATION, format!("this is {what}, and no SBOM")).at(place))
}
