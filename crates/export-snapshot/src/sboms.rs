//! SBOM documents: one spool for each list, in the order in which elements came.

use std::sync::Arc;

use export_core::error::{ErrorKind, PortError};
use export_core::id::ScanId;
use export_core::ports::SbomCursor;
use export_core::sbom::{SbomDocument, SbomElement, SbomHead, SbomPart, SbomSection};

use crate::codec::{decode, encode};
use crate::scratch::Scratch;
use crate::spool::{Spool, SpoolReader, SpoolWriter};

const SECTIONS: usize = SbomSection::ALL.len();

/// Documents in the making.
pub(crate) struct Sboms {
    scratch: Arc<Scratch>,
    documents: Vec<SbomDocument>,
    spools: [Option<SpoolWriter>; SECTIONS],
}

impl Sboms {
    pub(crate) fn new(scratch: &Arc<Scratch>) -> Self {
        Self { scratch: Arc::clone(scratch), documents: Vec::new(), spools: [const { None }; SECTIONS] }
    }

    /// Takes the next part of a scan's documents.
    pub(crate) fn push(&mut self, scan: &ScanId, part: &SbomPart<'_>) -> Result<(), PortError> {
        match part {
            SbomPart::Head(head) => {
                self.documents.push(document(scan, head));
                Ok(())
            }
            SbomPart::Element { section, json } => self.element(scan, *section, json),
        }
    }

    fn element(&mut self, scan: &ScanId, section: SbomSection, json: &str) -> Result<(), PortError> {
        let index = self.documents.len().wrapping_sub(1);
        let Some(document) = self.documents.last_mut().filter(|document| document.scan_id == *scan) else {
            let message = "an SBOM element came before the head of its document";
            return Err(PortError::new(ErrorKind::Internal, "snapshot: sbom", message).at(scan.as_str()));
        };
        document.elements[section as usize] += 1;
        let spool = match &mut self.spools[section as usize] {
            Some(spool) => spool,
            none => none.insert(SpoolWriter::create(&self.scratch, section.as_str())?),
        };
        spool.push_with(|buffer| encode(&SbomElement { document: index, json }, buffer))
    }

    pub(crate) fn seal(self) -> Result<(Vec<SbomDocument>, SbomSpools), PortError> {
        let mut sealed = SbomSpools::default();
        for (spool, sealed) in self.spools.into_iter().zip(&mut sealed.0) {
            *sealed = spool.map(SpoolWriter::seal).transpose()?;
        }
        Ok((self.documents, sealed))
    }
}

fn document(scan: &ScanId, head: &SbomHead<'_>) -> SbomDocument {
    SbomDocument {
        scan_id: scan.clone(),
        family: head.family,
        spec_version: head.spec_version.to_string(),
        place: head.place.to_string(),
        head: head.json.to_string(),
        elements: [0; SECTIONS],
    }
}

/// The lists of all documents; an empty one has no file.
#[derive(Debug, Default)]
pub(crate) struct SbomSpools([Option<Spool>; SECTIONS]);

impl SbomSpools {
    pub(crate) fn bytes(&self) -> u64 {
        self.0.iter().flatten().map(Spool::bytes).sum()
    }

    pub(crate) fn read(&self, section: SbomSection) -> Result<ElementCursor, PortError> {
        self.0[section as usize].as_ref().map(Spool::read).transpose().map(ElementCursor)
    }
}

/// A reader of one list.
pub(crate) struct ElementCursor(Option<SpoolReader>);

impl SbomCursor for ElementCursor {
    fn next(&mut self) -> Result<Option<SbomElement<'_>>, PortError> {
        let Some(spool) = &mut self.0 else { return Ok(None) };
        if spool.advance()? { decode(spool.record()).map(Some) } else { Ok(None) }
    }
}
