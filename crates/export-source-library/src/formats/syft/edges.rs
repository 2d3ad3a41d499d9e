//! Relationships: who depends on whom, and the rest as properties.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use export_core::error::{ErrorKind, PortError};
use export_core::sbom::{SbomPart, SbomSection};
use export_core::text::Text;
use serde_json::json;

use super::property;
use crate::emit::Emitter;
use crate::json::{JsonReader, members};

/// Relationships that are held: what a file system of a million packages has.
const MOST: usize = 4_000_000;

members! {
    pub(super) struct Relationship<'a> {
        parent: Text<'a> = "parent",
        child: Text<'a> = "child",
        kind: Text<'a> = "type",
    }
}

/// The relationships of a document.
#[derive(Debug, Default)]
pub(super) struct Edges(BTreeSet<(String, String, String)>);

impl Edges {
    /// Adds one.
    pub(super) fn add(&mut self, it: &Relationship<'_>, reader: &JsonReader) -> Result<(), PortError> {
        self.0.insert((it.parent.to_string(), it.kind.to_string(), it.child.to_string()));
        if self.0.len() <= MOST {
            return Ok(());
        }
        let mut error = reader.invalid("a document may have 4,000,000 relationships");
        error.kind = ErrorKind::Limit;
        Err(error)
    }

    /// Emits them. `ids` are those of the components, `root` that of the artifact, which contains all without being told so.
    pub(super) fn emit(
        self,
        ids: &HashSet<String>,
        root: &str,
        emit: &mut Emitter<SbomPart<'static>>,
    ) -> Result<(), PortError> {
        let mut needed: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        let mut properties = Vec::new();
        for (parent, kind, child) in self.0 {
            let are_known = ids.contains(&parent) && ids.contains(&child);
            match kind.as_str() {
                // The parent is what the child depends on.
                "dependency-of" if are_known => drop(needed.entry(child).or_default().insert(parent)),
                "contains" if parent == root => {}
                _ => {
                    if are_known && matches!(kind.as_str(), "contains" | "ownership-by-file-overlap") {
                        needed.entry(parent.clone()).or_default().insert(child.clone());
                    }
                    properties.push(property("relationship", &format!("{parent} {kind} {child}")));
                }
            }
        }
        for (from, to) in needed {
            let json = json!({"ref": from, "dependsOn": to}).to_string();
            let bytes = json.len();
            emit.item(SbomPart::Element { section: SbomSection::Dependencies, json: json.into() }, bytes)?;
        }
        for property in properties {
            let json = property.to_string();
            let bytes = json.len();
            emit.item(SbomPart::Element { section: SbomSection::Properties, json: json.into() }, bytes)?;
        }
        Ok(())
    }
}
