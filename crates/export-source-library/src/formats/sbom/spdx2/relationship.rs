//! Relationships as the dependency graph; what a graph cannot say is kept as a property of the document.

use export_core::error::PortError;
use export_core::sbom::SbomPart;
use serde_json::Value;

use super::first::First;
use super::{DOCUMENT, emit_property, is_dangling};
use crate::emit::Emitter;
use crate::formats::sbom::spdx::doubts::Doubts;
use crate::formats::sbom::spdx::edges::{Edges, Said};
use crate::formats::sbom::spdx::element::{Object, property};
use crate::formats::sbom::spdx::members::text_of;

/// The relationships of one document.
pub(super) struct Relationships<'a> {
    first: &'a First,
    /// The element in the head, which contains everything else and is described by the document.
    root: Option<String>,
    edges: Edges,
}

/// What a type of relationship means for the dependency graph (SPDX 2.3, 11.1).
enum Meaning {
    /// An edge says all of it.
    Edge,
    /// An edge says that there is a dependency, not which.
    Kind,
    /// Nothing that an edge could say.
    Other,
}

/// The type's meaning, and whether the edge runs the other way.
fn meaning(kind: &str) -> (Meaning, bool) {
    match kind {
        "DEPENDS_ON" => (Meaning::Edge, false),
        "DEPENDENCY_OF" => (Meaning::Edge, true),
        "CONTAINS" | "STATIC_LINK" | "DYNAMIC_LINK" | "HAS_PREREQUISITE" => (Meaning::Kind, false),
        "CONTAINED_BY" | "PREREQUISITE_FOR" => (Meaning::Kind, true),
        _ if kind.ends_with("_DEPENDENCY_OF") => (Meaning::Kind, true),
        _ => (Meaning::Other, false),
    }
}

impl<'a> Relationships<'a> {
    pub(super) fn new(first: &'a First, root: Option<String>) -> Self {
        Self { first, root, edges: Edges::new(plain) }
    }

    /// Reads one.
    pub(super) fn read(
        &mut self,
        object: Object,
        doubts: &mut Doubts,
        emit: &mut Emitter<SbomPart<'static>>,
    ) -> Result<(), PortError> {
        let kind = text_of(&object, "relationshipType");
        let ends = (text_of(&object, "spdxElementId"), text_of(&object, "relatedSpdxElement"));
        if self.is_head(ends.0, kind, ends.1) {
            return Ok(());
        }
        let (meaning, reverse) = meaning(kind);
        let (from, to) = if reverse { (ends.1, ends.0) } else { ends };
        let is_edge = match meaning {
            Meaning::Other => false,
            _ if kind == "CONTAINS" && self.is_root(from) || from == to => false,
            Meaning::Edge | Meaning::Kind => self.is_element(from, doubts) && self.is_element(to, doubts),
        };
        let plainly = matches!(meaning, Meaning::Edge) && !object.contains_key("comment");
        if plainly && to == "NONE" && self.is_element(from, doubts) {
            self.edges.targets(from);
            return Ok(());
        }
        if is_edge {
            self.edges.add(from, to, Said { plainly, better: !plainly }, emit)?;
        }
        if is_edge && plainly {
            return Ok(());
        }
        let bytes = 256;
        emit_property("relationships", object, bytes, emit)
    }

    /// Emits what is still held.
    pub(super) fn flush(&mut self, emit: &mut Emitter<SbomPart<'static>>) -> Result<(), PortError> {
        self.edges.flush(emit)
    }

    /// Whether it only says what the head does: that the document describes its component.
    fn is_head(&self, from: &str, kind: &str, to: &str) -> bool {
        match kind {
            "DESCRIBES" => from == DOCUMENT && self.is_root(to),
            "DESCRIBED_BY" => to == DOCUMENT && self.is_root(from),
            _ => false,
        }
    }

    fn is_root(&self, id: &str) -> bool {
        self.root.as_deref() == Some(id)
    }

    /// Whether it is an element of this document, and not the document itself, another's element, or nothing.
    fn is_element(&self, id: &str, doubts: &mut Doubts) -> bool {
        let is_other = id == DOCUMENT || id.contains(':') || matches!(id, "NONE" | "NOASSERTION");
        !is_other && !is_dangling(self.first, id, doubts)
    }
}

/// The property that keeps a plain dependency.
fn plain(from: &str, to: &str) -> Value {
    property("relationships", &object(from, "DEPENDS_ON", to).into())
}

/// A relationship as the document would write it.
pub(super) fn object(from: &str, kind: &str, to: &str) -> Object {
    let members = [("spdxElementId", from), ("relationshipType", kind), ("relatedSpdxElement", to)];
    members.into_iter().map(|(name, value)| (name.to_owned(), Value::from(value))).collect()
}
