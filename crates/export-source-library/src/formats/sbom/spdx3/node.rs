//! The elements of the graph, one at a time.

use export_core::error::PortError;
use serde_json::Value;

use crate::formats::sbom::spdx::element::Object;
use crate::formats::sbom::spdx::members::text_of;
use crate::json::JsonReader;

/// An element of the graph. A collection's list of its elements is left out: it may be of any length, and says no more
/// than that they are in the document.
#[derive(Debug, Clone, Default)]
pub(super) struct Node(Object);

impl Node {
    /// Its id: `spdxId`, or `@id` for what is no element of its own.
    pub(super) fn id(&self) -> &str {
        id_of_object(&self.0)
    }

    /// Its class, without the namespace that 3.0.0 wrote before it.
    pub(super) fn kind(&self) -> &str {
        match text_of(&self.0, "type") {
            "" => text_of(&self.0, "@type"),
            kind => kind,
        }
    }

    /// A text member; empty if it is none.
    pub(super) fn text(&self, name: &str) -> &str {
        text_of(&self.0, name)
    }

    /// A member.
    pub(super) fn get(&self, name: &str) -> Option<&Value> {
        self.0.get(name)
    }

    /// The ids in a member, whether it is one or a list.
    pub(super) fn ids(&self, name: &str) -> impl Iterator<Item = &str> {
        let value = self.0.get(name);
        let items = match value {
            Some(Value::Array(items)) => items.as_slice(),
            Some(one) => std::slice::from_ref(one),
            None => &[],
        };
        items.iter().filter_map(id_of)
    }

    /// The objects in a member, whether it is one or a list.
    pub(super) fn objects(&self, name: &str) -> impl Iterator<Item = &Object> {
        let items = match self.0.get(name) {
            Some(Value::Array(items)) => items.as_slice(),
            Some(one) => std::slice::from_ref(one),
            None => &[],
        };
        items.iter().filter_map(Value::as_object)
    }

    /// All members.
    pub(super) fn into_object(self) -> Object {
        self.0
    }
}

impl From<Object> for Node {
    fn from(object: Object) -> Self {
        Self(object)
    }
}

/// The id that a value is, or the one of the element that it is.
pub(super) fn id_of(value: &Value) -> Option<&str> {
    match value {
        Value::String(id) => Some(id),
        Value::Object(object) => Some(id_of_object(object)).filter(|id| !id.is_empty()),
        _ => None,
    }
}

fn id_of_object(object: &Object) -> &str {
    match text_of(object, "spdxId") {
        "" => text_of(object, "@id"),
        id => id,
    }
}

/// Calls `visit` with each element of the graph, and the bytes that it was read from.
///
/// # Errors
/// `Invalid` if the document has no `@graph`; what `visit` says.
pub(super) fn each(
    reader: &mut JsonReader,
    mut visit: impl FnMut(&mut JsonReader, Node, usize) -> Result<(), PortError>,
) -> Result<(), PortError> {
    let mut has_graph = false;
    reader.object()?;
    while let Some(member) = reader.member()? {
        if member != "@graph" {
            reader.skip()?;
            continue;
        }
        has_graph = true;
        let entered = reader.array()?;
        while entered && reader.item()? {
            let (node, bytes) = node(reader)?;
            visit(reader, node, bytes)?;
        }
    }
    if has_graph { Ok(()) } else { Err(reader.invalid("the SPDX 3 document has no `@graph`")) }
}

fn node(reader: &mut JsonReader) -> Result<(Node, usize), PortError> {
    let mut node = Object::new();
    let mut bytes = 0;
    reader.object()?;
    while let Some(member) = reader.member()? {
        if member == "element" {
            reader.skip()?;
            continue;
        }
        let span = reader.span()?;
        bytes += span.len();
        let value: Value = reader.parse(&span)?;
        if !value.is_null() {
            node.insert(member, value);
        }
    }
    Ok((Node(node), bytes))
}
