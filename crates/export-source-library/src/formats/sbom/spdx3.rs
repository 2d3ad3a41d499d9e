//! SPDX 3.0 JSON-LD, as SPDX serialises it: one flat `@graph` of elements that refer to each other by id, in any order.
//!
//! A document is read three times: for the elements that others refer to and that are small and few (agents, licences,
//! creation information), with the licences of each element (`index`); for the element that the document is about; and for
//! the elements. Vulnerabilities are put together from all that is said of them (`vulnerability`), and emitted last.

mod about;
mod agents;
mod annotation;
mod component;
mod head;
mod index;
mod licences;
mod node;
mod relationship;
mod security;
mod vulnerability;

use export_core::digest::Digest;
use export_core::error::PortError;
use export_core::sbom::{SbomPart, SbomSection};

pub(super) use self::about::about;
use self::index::Index;
use self::node::Node;
pub(super) use self::security::{findings, statements};
use self::vulnerability::Vulnerabilities;
use super::spdx::doubts::{Doubt, Doubts};
use super::spdx::edges::Edges;
use super::spdx::element::{Element, property};
use crate::emit::Emitter;
use crate::input::Input;
use crate::json::JsonReader;

/// Reads one document to its end; its digest. `reopen` opens it once more.
pub(super) fn read(
    input: Input,
    reopen: &dyn Fn() -> Result<Input, PortError>,
    emit: &mut Emitter<SbomPart<'static>>,
) -> Result<Digest, PortError> {
    let place = input.file().to_owned();
    let index = Index::of(reopen()?)?;
    let root = index.root(reopen()?)?;
    let mut doubts = Doubts::default();
    emit.item(SbomPart::Head(head::head(&index, root.as_ref(), place, &mut doubts)), 1024)?;
    let root = root.map(|root| root.id().to_owned());
    let mut walk = Walk {
        index: &index,
        root,
        edges: Edges::new(relationship::plain),
        vulnerabilities: Vulnerabilities::default(),
        doubts,
        emit,
    };
    let mut reader = JsonReader::new(input);
    node::each(&mut reader, |reader, node, bytes| {
        walk.node(node, bytes).map_err(|fault| fault.at(reader))?;
        walk.doubts.settle(|| reader.place());
        Ok(())
    })?;
    walk.edges.flush(walk.emit)?;
    walk.vulnerabilities.emit(&index, walk.emit)?;
    walk.doubts.tell(walk.emit)?;
    reader.finish()
}

/// Why an element cannot be read: its content, or whoever takes what was read.
enum Fault {
    Content(String),
    Port(PortError),
}

impl Fault {
    fn at(self, reader: &JsonReader) -> PortError {
        match self {
            Self::Content(what) => reader.invalid(&what),
            Self::Port(error) => error,
        }
    }
}

impl From<String> for Fault {
    fn from(what: String) -> Self {
        Self::Content(what)
    }
}

impl From<PortError> for Fault {
    fn from(error: PortError) -> Self {
        Self::Port(error)
    }
}

struct Walk<'a> {
    index: &'a Index,
    /// The element that is in the head.
    root: Option<String>,
    edges: Edges,
    vulnerabilities: Vulnerabilities,
    doubts: Doubts,
    emit: &'a mut Emitter<SbomPart<'static>>,
}

impl Walk<'_> {
    fn node(&mut self, node: Node, bytes: usize) -> Result<(), Fault> {
        let kind = node.kind().to_owned();
        match kind.as_str() {
            _ if component::is_component(&kind) => {
                if self.root.as_deref() != Some(node.id()) {
                    let component = component::component(node, self.index, &mut self.doubts)?;
                    component.emit(SbomSection::Components, bytes, self.emit)?;
                }
            }
            "Annotation" => match annotation::annotation(&node, self.index) {
                Some(annotation) => annotation.emit(SbomSection::Annotations, bytes, self.emit)?,
                None => self.keep("Annotation", node, bytes)?,
            },
            "security_Vulnerability" => self.vulnerabilities.add(node, &mut self.doubts)?,
            _ if vulnerability::is_assessment(&kind) => {
                if let Some(node) = self.vulnerabilities.assess(node)? {
                    self.keep(&kind, node, bytes)?;
                }
            }
            "Relationship" | "LifecycleScopedRelationship" => self.relationship(node, bytes)?,
            // In the head, in the index, or told with what refers to it.
            "SpdxDocument" | "software_Sbom" | "Bom" | "Bundle" | "CreationInfo" => {}
            _ if agents::is_agent(&kind) || licences::is_licence(&kind) => {}
            _ => {
                if kind != "software_Snippet" {
                    self.doubts.note(Doubt::UnknownKind);
                }
                self.keep(&kind, node, bytes)?;
            }
        }
        Ok(())
    }

    /// Keeps an element as a property of the document.
    fn keep(&mut self, kind: &str, node: Node, bytes: usize) -> Result<(), PortError> {
        Element::from(property(kind, &node.into_object().into())).emit(
            SbomSection::Properties,
            bytes,
            self.emit,
        )
    }
}
