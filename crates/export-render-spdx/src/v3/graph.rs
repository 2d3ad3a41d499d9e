//! The graph that is being written.

use std::collections::HashSet;
use std::io;

use export_core::id::base32;
use export_core::ports::RenderError;
use export_render_kit::conversion::{Fate, Losses};
use serde_json::{Value, json};

use crate::agent::{Agent, AgentKind};
use crate::edges::End;
use crate::ids::{Token, token};
use crate::object::{Object, Put as _};

/// The name of the creation information of all elements.
pub(super) const CREATION: &str = "_:creationinfo";

/// Where elements go.
pub(super) type Sink<'o> = &'o mut dyn FnMut(&Object) -> io::Result<()>;

/// Elements, one after the other.
pub(super) struct Graph<'o> {
    sink: Sink<'o>,
    namespace: String,
    /// Agents, licences and the like that are written already.
    written: HashSet<Token>,
    count: u64,
    /// What the graph cannot hold.
    pub(super) losses: Losses,
}

impl<'o> Graph<'o> {
    pub(super) fn new(sink: Sink<'o>, namespace: &str, losses: Losses) -> Self {
        Self { sink, namespace: namespace.to_owned(), written: HashSet::new(), count: 0, losses }
    }

    /// The id of an element of that name.
    pub(super) fn id(&self, name: &str) -> String {
        format!("{}#{name}", self.namespace)
    }

    /// An id that no other element has.
    pub(super) fn next_id(&mut self, kind: &str) -> String {
        self.count += 1;
        self.id(&format!("{kind}-{}", self.count))
    }

    /// The id of an end of a relationship.
    pub(super) fn end_id(&self, end: &End) -> String {
        match end {
            End::Document => self.id("document"),
            End::Component(key) => self.id(&format!("component-{}", base32(key.token()))),
            End::Artifact(scan) => self.id(&format!("artifact-{}", scan + 1)),
            End::Named(token) => self.id(&format!("component-{}", base32(*token))),
            End::Nothing => "NoneElement".to_owned(),
            End::Unknown => "NoAssertionElement".to_owned(),
        }
    }

    /// A new element, to which members can be added.
    pub(super) fn element(&self, kind: &str, id: &str) -> Object {
        let mut element = Object::new();
        element.put("type", kind);
        element.put("spdxId", id);
        element.put("creationInfo", CREATION);
        element
    }

    /// Notes that something is not in the graph.
    pub(super) fn lose(&mut self, field: &str, why: &str, place: &str) {
        self.losses.note(field, Fate::Dropped, why, place);
    }

    /// Notes that something is in the graph in another shape.
    pub(super) fn change(&mut self, field: &str, why: &str, place: &str) {
        self.losses.note(field, Fate::Changed, why, place);
    }

    /// Writes an element.
    pub(super) fn write(&mut self, element: &Object) -> Result<(), RenderError> {
        Ok((self.sink)(element)?)
    }

    /// Writes an element if it was not written before.
    pub(super) fn write_once(&mut self, element: &Object) -> Result<(), RenderError> {
        let id = element.get("spdxId").and_then(Value::as_str).unwrap_or_default();
        if self.written.insert(token(&[id])) { self.write(element) } else { Ok(()) }
    }

    /// The id of somebody who can act, who is written if need be.
    pub(super) fn agent(&mut self, agent: &Agent) -> Result<String, RenderError> {
        let kind = match agent.kind {
            AgentKind::Person => "Person",
            AgentKind::Organization => "Organization",
            AgentKind::Tool => "SoftwareAgent",
        };
        self.somebody(kind, &agent.name, agent.email.as_deref())
    }

    /// The id of somebody of whom nothing but a name is known.
    pub(super) fn anybody(&mut self, name: &str) -> Result<String, RenderError> {
        self.somebody("Agent", name, None)
    }

    /// The id of a tool, which is written if need be.
    pub(super) fn tool(&mut self, name: &str) -> Result<String, RenderError> {
        self.somebody("Tool", name, None)
    }

    fn somebody(&mut self, kind: &str, name: &str, email: Option<&str>) -> Result<String, RenderError> {
        let key = token(&[kind, name, email.unwrap_or_default()]);
        let id = self.id(&format!("{}-{}", kind.to_ascii_lowercase(), base32(key)));
        let mut element = self.element(kind, &id);
        element.put("name", name);
        if let Some(email) = email {
            element.put_list("externalIdentifier", vec![identifier("email", email)]);
        }
        self.write_once(&element)?;
        Ok(id)
    }
}

/// An external identifier (SPDX 3.0.1, Core).
pub(super) fn identifier(kind: &str, identifier: &str) -> Value {
    json!({"type": "ExternalIdentifier", "externalIdentifierType": kind, "identifier": identifier})
}

/// An external reference (SPDX 3.0.1, Core).
pub(super) fn external_ref(kind: &str, locator: &str, comment: Option<&str>) -> Value {
    let mut reference = json!({"type": "ExternalRef", "externalRefType": kind, "locator": [locator]});
    if let Some(comment) = comment {
        reference["comment"] = comment.into();
    }
    reference
}

/// Properties, in the place that SPDX has for those of CycloneDX (SPDX 3.0.1, Extension).
pub(super) fn properties<'p>(properties: impl IntoIterator<Item = (&'p str, &'p str)>) -> Vec<Value> {
    let entries: Vec<Value> = properties
        .into_iter()
        .map(|(name, value)| {
            json!({"type": "extension_CdxPropertyEntry", "extension_cdxPropName": name, "extension_cdxPropValue": value})
        })
        .collect();
    if entries.is_empty() {
        return Vec::new();
    }
    vec![json!({"type": "extension_CdxPropertiesExtension", "extension_cdxProperty": entries})]
}
