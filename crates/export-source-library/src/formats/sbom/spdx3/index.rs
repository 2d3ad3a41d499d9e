//! The first pass: what must be known before the first element.

use std::collections::{HashMap, HashSet};

use export_core::error::{ErrorKind, PortError};

use super::agents;
use super::component::is_component;
use super::licences::{Licences, is_licence};
use super::node::{self, Node};
use crate::formats::sbom::spdx::agent::Agent;
use crate::formats::sbom::spdx::value::fingerprint;
use crate::input::Input;
use crate::json::JsonReader;

/// Elements that are held because others refer to them, and licences of elements: what a graph of a million packages has.
const HELD: usize = 4_000_000;

/// What the first pass finds.
#[derive(Default)]
pub(super) struct Index {
    /// The document itself.
    pub(super) document: Node,
    /// The creation information of the document.
    pub(super) creation: Node,
    pub(super) licences: Licences,
    agents: HashMap<String, Agent>,
    creations: HashMap<String, Node>,
    /// What collections say that they are about.
    collections: HashMap<String, Vec<String>>,
    described: Vec<String>,
    /// The numbers of the licences that an element declares, and of those that were concluded.
    licensed: HashMap<u64, [Option<u32>; 2]>,
    licence_ids: Vec<String>,
    components: HashSet<u64>,
    texts_are_too_large: bool,
}

impl Index {
    pub(super) fn of(input: Input) -> Result<Self, PortError> {
        let mut index = Self::default();
        let mut numbers = HashMap::new();
        let mut reader = JsonReader::new(input);
        node::each(&mut reader, |reader, node, _| {
            index.add(node, &mut numbers);
            index.check(reader)
        })?;
        let creation = index.document.ids("creationInfo").next().and_then(|id| index.creations.get(id));
        let inline = index.document.objects("creationInfo").next();
        index.creation = match (creation, inline) {
            (Some(creation), _) => creation.clone(),
            (None, Some(inline)) => Node::from(inline.clone()),
            (None, None) => Node::default(),
        };
        Ok(index)
    }

    /// The element that the document is about: what it, or the collection that it is about, has as root.
    pub(super) fn root(&self, input: Input) -> Result<Option<Node>, PortError> {
        let named = self.document.ids("rootElement").map(str::to_owned);
        let mut roots: HashSet<String> = named.chain(self.described.iter().cloned()).collect();
        let inner: Vec<&Vec<String>> = roots.iter().filter_map(|root| self.collections.get(root)).collect();
        let inner: Vec<String> = inner.into_iter().flatten().cloned().collect();
        roots.extend(inner);
        let mut found: Option<Node> = None;
        if roots.is_empty() {
            return Ok(found);
        }
        node::each(&mut JsonReader::new(input), |_, node, _| {
            if found.is_none() && roots.contains(node.id()) && is_component(node.kind()) {
                found = Some(node);
            }
            Ok(())
        })?;
        Ok(found)
    }

    /// The agent of that id.
    pub(super) fn agent(&self, id: &str) -> Option<&Agent> {
        self.agents.get(id)
    }

    /// The creation information that an element names.
    pub(super) fn creation_of(&self, node: &Node) -> &Node {
        let named = node.ids("creationInfo").next().and_then(|id| self.creations.get(id));
        named.unwrap_or(&self.creation)
    }

    /// The expressions of the licences that an element declares, and of those that were concluded.
    pub(super) fn licences_of(&self, id: &str) -> [Option<String>; 2] {
        let numbers = self.licensed.get(&fingerprint(id)).copied().unwrap_or_default();
        numbers
            .map(|number| number.map(|number| self.licences.expression(&self.licence_ids[number as usize])))
    }

    /// Whether the document has a package or file of that id.
    pub(super) fn has_component(&self, id: &str) -> bool {
        self.components.contains(&fingerprint(id))
    }

    /// Whether the id is that of the document, or of a collection in it.
    pub(super) fn is_collection(&self, id: &str) -> bool {
        id == self.document.id() || self.collections.contains_key(id)
    }

    fn add(&mut self, node: Node, numbers: &mut HashMap<String, u32>) {
        let id = node.id().to_owned();
        match node.kind() {
            "SpdxDocument" => self.document = node,
            "software_Sbom" | "Bom" | "Bundle" => {
                self.collections.insert(id, node.ids("rootElement").map(str::to_owned).collect());
            }
            "CreationInfo" => drop(self.creations.insert(id, node)),
            "Relationship" => self.relationship(&node, numbers),
            kind if is_component(kind) => drop(self.components.insert(fingerprint(&id))),
            kind if is_licence(kind) => self.texts_are_too_large |= !self.licences.add(&node),
            _ => {
                if let Some(agent) = agents::agent(&node) {
                    self.agents.insert(id, agent);
                }
            }
        }
    }

    fn relationship(&mut self, node: &Node, numbers: &mut HashMap<String, u32>) {
        let slot = match node.text("relationshipType") {
            "hasDeclaredLicense" => 0,
            "hasConcludedLicense" => 1,
            "describes" => {
                self.described.extend(node.ids("to").map(str::to_owned));
                return;
            }
            _ => return,
        };
        let (Some(from), Some(licence)) = (node.ids("from").next(), node.ids("to").next()) else { return };
        let number = *numbers.entry(licence.to_owned()).or_insert_with(|| {
            self.licence_ids.push(licence.to_owned());
            u32::try_from(self.licence_ids.len() - 1).unwrap_or(u32::MAX)
        });
        self.licensed.entry(fingerprint(from)).or_default()[slot] = Some(number);
    }

    fn check(&self, reader: &JsonReader) -> Result<(), PortError> {
        let held = self.agents.len() + self.licence_ids.len() + self.licensed.len() + self.described.len();
        let what = if self.texts_are_too_large {
            "the document's licence texts are larger than 64 MiB"
        } else if held > HELD {
            "the graph has more than 4,000,000 agents, licences and elements with licences"
        } else {
            return Ok(());
        };
        let mut error = reader.invalid(what);
        error.kind = ErrorKind::Limit;
        Err(error)
    }
}
