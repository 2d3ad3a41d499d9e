//! The names (`bom-ref`) of a document's components and services, each of which must be the only one.

use std::collections::HashSet;

use export_core::sbom::SbomSection;
use export_sbom::{Object, Role, each_ref};
use serde_json::Value;

/// Names that are remembered at most: some 70 MB. Beyond them, repetitions are not found.
const LIMIT: usize = 2_000_000;

/// What is known of a document's names and elements.
#[derive(Debug, Default)]
pub(super) struct Names {
    /// Those of the head, with their places.
    head: Vec<(String, String)>,
    names: HashSet<[u8; 16]>,
    elements: HashSet<[u8; 16]>,
}

impl Names {
    /// Adds the names of the components and services in a document's head.
    pub(super) fn add_head(&mut self, head: &mut Value) {
        each_ref(head, Object::DOCUMENT, &mut |role, name, path| {
            if role == Role::NamesPart {
                self.names.insert(hash(name.as_bytes()));
                self.head.push((name.clone(), path.pointer()));
            }
        });
    }

    /// The place of `name` in the head.
    pub(super) fn place_in_head(&self, name: &str) -> Option<String> {
        self.head.iter().find(|(known, _)| known == name).map(|(_, place)| place.clone())
    }

    /// Adds the names in an element; the first that is known already, with its place in the element.
    pub(super) fn add(&mut self, element: &mut Value, section: SbomSection) -> Option<(String, String)> {
        let mut repeated = None;
        each_ref(element, Object::of(section), &mut |role, name, path| {
            let is_new = role != Role::NamesPart
                || self.names.len() >= LIMIT
                || self.names.insert(hash(name.as_bytes()));
            if !is_new && repeated.is_none() {
                repeated = Some((name.clone(), path.pointer()));
            }
        });
        repeated
    }

    /// Whether the list has no element so far that is the same, to the letter.
    pub(super) fn is_new(&mut self, section: SbomSection, text: &str) -> bool {
        self.elements.len() >= LIMIT || self.elements.insert(hash(format!("{section:?}{text}").as_bytes()))
    }
}

/// The place of `name` in an element, if the element names a component or service so.
pub(super) fn place_of(element: &mut Value, section: SbomSection, name: &str) -> Option<String> {
    let mut place = None;
    each_ref(element, Object::of(section), &mut |role, known, path| {
        if role == Role::NamesPart && known == name && place.is_none() {
            place = Some(path.pointer());
        }
    });
    place
}

fn hash(bytes: &[u8]) -> [u8; 16] {
    use sha2::Digest as _;
    *sha2::Sha256::digest(bytes).first_chunk().expect("SHA-256 has 32 bytes")
}
