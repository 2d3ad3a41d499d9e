//! SPDX 2.2 and 2.3 JSON.
//!
//! A document is read two or three times: for its own members, its licences and what it describes (`first`); for the
//! element that it describes, which CycloneDX has in its head; and for the elements. Packages and files become components
//! (`component`), relationships the dependency graph (`relationship`).

mod about;
mod component;
mod first;
mod head;
mod relationship;

use export_core::digest::Digest;
use export_core::error::PortError;
use export_core::sbom::{SbomPart, SbomSection};

pub(super) use self::about::about;
use self::component::Source;
use self::first::First;
use self::relationship::Relationships;
use super::spdx::doubts::{Doubt, Doubts};
use super::spdx::element::{Element, Object, property};
use super::spdx::members::{Members, text_of};
use crate::emit::Emitter;
use crate::input::Input;
use crate::json::{JsonReader, Span};

/// The id of every document.
const DOCUMENT: &str = "SPDXRef-DOCUMENT";

/// Reads one document to its end; its digest. `reopen` opens it once more.
pub(super) fn read(
    input: Input,
    reopen: &dyn Fn() -> Result<Input, PortError>,
    emit: &mut Emitter<SbomPart<'static>>,
) -> Result<Digest, PortError> {
    let place = input.file().to_owned();
    let mut first = First::of(reopen()?)?;
    let root = first.root(reopen)?;
    let mut doubts = Doubts::default();
    emit.item(SbomPart::Head(head::head(&mut first, root.as_ref(), place, &mut doubts)), 1024)?;
    let mut walk = Walk {
        reader: JsonReader::new(input),
        relationships: Relationships::new(&first, root.as_ref().map(|root| root.id.clone())),
        root: root.map(|root| root.place),
        first: &first,
        doubts,
        emit,
    };
    walk.described()?;
    walk.document()?;
    walk.relationships.flush(walk.emit)?;
    walk.doubts.tell(walk.emit)?;
    walk.reader.finish()
}

struct Walk<'a> {
    first: &'a First,
    /// The list and index of the element that is in the head.
    root: Option<(Source, usize)>,
    reader: JsonReader,
    relationships: Relationships<'a>,
    doubts: Doubts,
    emit: &'a mut Emitter<SbomPart<'static>>,
}

impl Walk<'_> {
    fn document(&mut self) -> Result<(), PortError> {
        self.reader.object()?;
        while let Some(member) = self.reader.member()? {
            match member.as_str() {
                "packages" => self.items(|walk, span, index| walk.component(Source::Package, span, index))?,
                "files" => self.items(|walk, span, index| walk.component(Source::File, span, index))?,
                "relationships" => self.items(|walk, span, _| walk.relationship(span))?,
                "snippets" | "hasExtractedLicensingInfos" => {
                    self.items(|walk, span, _| walk.kept(&member, span))?;
                }
                _ => self.reader.skip()?,
            }
        }
        Ok(())
    }

    /// Calls `each` with every item of the list that comes next, and its index.
    fn items(
        &mut self,
        mut each: impl FnMut(&mut Self, &Span, usize) -> Result<(), PortError>,
    ) -> Result<(), PortError> {
        let entered = self.reader.array()?;
        let mut index = 0;
        while entered && self.reader.item()? {
            let span = self.reader.span()?;
            each(self, &span, index)?;
            let reader = &self.reader;
            self.doubts.settle(|| reader.place());
            index += 1;
        }
        Ok(())
    }

    fn component(&mut self, source: Source, span: &Span, index: usize) -> Result<(), PortError> {
        let object: Object = self.reader.parse(span)?;
        let id = text_of(&object, "SPDXID").to_owned();
        let files = object.get("hasFiles").cloned();
        if self.root != Some((source, index)) {
            let members = Members::new(object, &mut self.doubts);
            let component = component::component(source, members, &self.first.licences);
            let component = component.map_err(|what| self.reader.invalid(&what))?;
            component.emit(SbomSection::Components, span.len(), self.emit)?;
        }
        // The older way to say that a package contains files.
        for file in
            files.iter().filter_map(|files| files.as_array()).flatten().filter_map(|file| file.as_str())
        {
            let contains = relationship::object(&id, "CONTAINS", file);
            self.relationships.read(contains, &mut self.doubts, self.emit)?;
        }
        Ok(())
    }

    fn relationship(&mut self, span: &Span) -> Result<(), PortError> {
        let object: Object = self.reader.parse(span)?;
        for member in ["spdxElementId", "relationshipType", "relatedSpdxElement"] {
            if text_of(&object, member).is_empty() {
                return Err(self.reader.invalid(&format!("the relationship has no `{member}`")));
            }
        }
        self.relationships.read(object, &mut self.doubts, self.emit)
    }

    /// The older way to say what the document describes.
    fn described(&mut self) -> Result<(), PortError> {
        for id in &self.first.described {
            let describes = relationship::object(DOCUMENT, "DESCRIBES", id);
            self.relationships.read(describes, &mut self.doubts, self.emit)?;
        }
        let reader = &self.reader;
        self.doubts.settle(|| reader.place());
        Ok(())
    }

    /// Keeps an item of a list as a property of the document.
    fn kept(&mut self, member: &str, span: &Span) -> Result<(), PortError> {
        let object: Object = self.reader.parse(span)?;
        emit_property(member, object, span.len(), self.emit)
    }
}

/// Emits an object as a property of the document.
fn emit_property(
    member: &str,
    object: Object,
    bytes: usize,
    emit: &mut Emitter<SbomPart<'static>>,
) -> Result<(), PortError> {
    Element::from(property(member, &object.into())).emit(SbomSection::Properties, bytes, emit)
}

/// Tells of a reference to nothing; whether there was one.
fn is_dangling(first: &First, id: &str, doubts: &mut Doubts) -> bool {
    let dangles = !first.has(id);
    if dangles {
        doubts.note(Doubt::NoTarget);
    }
    dangles
}
