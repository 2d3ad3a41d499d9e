//! The walk over the components of all documents: flat, in the same order each time.

use export_core::code::Code;
use export_core::ports::{Pulse, RenderError, Snapshot};
use export_core::sbom::{SbomDocument, SbomFamily, SbomSection};
use serde_json::Value;

use crate::ids::Key;
use crate::object::{Object, take_list, text};

/// Elements between two beats.
const BEAT: u64 = 1_000;

/// Walks over a snapshot's documents.
pub(crate) struct Walk<'a> {
    pub(crate) from: &'a dyn Snapshot,
    pub(crate) pulse: &'a dyn Pulse,
    /// The head of each document, parsed.
    heads: Vec<Object>,
}

/// A component on the walk.
pub(crate) struct Found<'a> {
    pub(crate) key: Key,
    /// The component that it stands in; none if it stands in the document.
    pub(crate) parent: Option<&'a Key>,
    /// Whether it is what the document is about.
    pub(crate) is_root: bool,
    /// The component without those that stand in it.
    pub(crate) object: Object,
    /// Its place in the document's list.
    pub(crate) index: u64,
}

impl<'a> Walk<'a> {
    pub(crate) fn new(from: &'a dyn Snapshot, pulse: &'a dyn Pulse) -> Self {
        let head = |document: &SbomDocument| serde_json::from_str(&document.head).unwrap_or_default();
        Self { from, pulse, heads: from.facts().sboms.iter().map(head).collect() }
    }

    /// All documents.
    pub(crate) fn documents(&self) -> &'a [SbomDocument] {
        &self.from.facts().sboms
    }

    /// The head of a document.
    pub(crate) fn head(&self, document: usize) -> &Object {
        &self.heads[document]
    }

    /// The `metadata` of a document.
    pub(crate) fn metadata(&self, document: usize) -> Option<&Object> {
        self.heads[document].get("metadata")?.as_object()
    }

    /// What a document is about.
    pub(crate) fn root(&self, document: usize) -> Option<&Object> {
        self.metadata(document)?.get("component")?.as_object()
    }

    /// The generation of SPDX that a document was read from; 0 if it was none.
    pub(crate) fn generation(&self, document: usize) -> u8 {
        let document = &self.documents()[document];
        match document.family {
            SbomFamily::Spdx if document.spec_version.trim_start_matches("SPDX-").starts_with('2') => 2,
            SbomFamily::Spdx => 3,
            SbomFamily::Cyclonedx | SbomFamily::Scan => 0,
        }
    }

    /// Calls `visit` with each component: of each document what it is about, then its list, each before those that stand
    /// in it. `rows` findings are done.
    pub(crate) fn components(
        &self,
        rows: u64,
        visit: &mut dyn FnMut(Found<'_>) -> Result<(), RenderError>,
    ) -> Result<(), RenderError> {
        let mut flat = Flat { ordinal: 0, visit };
        let mut entered = 0;
        let mut index = 0;
        self.elements(SbomSection::Components, rows, &mut |document, object| {
            while entered <= document {
                self.enter(entered, &mut flat)?;
                entered += 1;
                index = 0;
            }
            flat.component(Spot { document, index, is_root: false }, None, object)?;
            index += 1;
            Ok(())
        })?;
        (entered..self.heads.len()).try_for_each(|document| self.enter(document, &mut flat))
    }

    /// Calls `visit` with the document and each element of a list.
    pub(crate) fn elements(
        &self,
        section: SbomSection,
        rows: u64,
        visit: &mut dyn FnMut(usize, Object) -> Result<(), RenderError>,
    ) -> Result<(), RenderError> {
        let mut cursor = self.from.sbom(section)?;
        let mut count = 0_u64;
        while let Some(element) = cursor.next()? {
            let object = serde_json::from_str(element.json).map_err(|error| {
                let message = format!("an element of {} cannot be read: {error}", section.as_str());
                RenderError::new(Code::Internal, message)
            })?;
            visit(element.document, object)?;
            count += 1;
            if count.is_multiple_of(BEAT) {
                self.pulse.beat(rows)?;
            }
        }
        Ok(())
    }

    fn enter(&self, document: usize, flat: &mut Flat<'_>) -> Result<(), RenderError> {
        match self.root(document) {
            Some(root) => flat.component(Spot { document, index: 0, is_root: true }, None, root.clone()),
            None => Ok(()),
        }
    }
}

/// Where a component of a document's own stands.
#[derive(Clone, Copy)]
struct Spot {
    document: usize,
    index: u64,
    is_root: bool,
}

struct Flat<'v> {
    ordinal: u64,
    visit: &'v mut dyn FnMut(Found<'_>) -> Result<(), RenderError>,
}

impl Flat<'_> {
    fn component(&mut self, spot: Spot, parent: Option<&Key>, mut object: Object) -> Result<(), RenderError> {
        let Spot { document, index, is_root } = spot;
        let inner = take_list(&mut object, "components");
        let bom_ref = Some(text(&object, "bom-ref")).filter(|bom_ref| !bom_ref.is_empty()).map(str::to_owned);
        let key = Key { document, ordinal: self.ordinal, bom_ref };
        self.ordinal += 1;
        (self.visit)(Found { key: key.clone(), parent, is_root, object, index })?;
        for component in inner {
            if let Value::Object(component) = component {
                self.component(Spot { is_root: false, ..spot }, Some(&key), component)?;
            }
        }
        Ok(())
    }
}
