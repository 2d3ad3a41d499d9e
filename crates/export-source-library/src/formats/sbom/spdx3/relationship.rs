//! Relationships as the dependency graph, and as what is known of vulnerabilities; the rest is kept as properties.

use serde_json::{Value, json};

use super::node::Node;
use super::{Fault, Walk};
use crate::formats::sbom::spdx::doubts::Doubt;
use crate::formats::sbom::spdx::edges::Said;
use crate::formats::sbom::spdx::element::property;

/// What depends on this depends on nothing.
const NONE: &str = "NoneElement";

/// The property that keeps a plain dependency.
pub(super) fn plain(from: &str, to: &str) -> Value {
    let relationship =
        json!({"type": "Relationship", "relationshipType": "dependsOn", "from": from, "to": [to]});
    property("Relationship", &relationship)
}

impl Walk<'_> {
    /// Reads one relationship.
    pub(super) fn relationship(&mut self, node: Node, bytes: usize) -> Result<(), Fault> {
        let kind = node.text("relationshipType").to_owned();
        let from =
            node.ids("from").next().ok_or_else(|| "the relationship has no `from`".to_owned())?.to_owned();
        let is_plain = node.get("comment").is_none() && node.get("scope").is_none();
        let is_whole = match kind.as_str() {
            // Told with the element that has the licence.
            "hasDeclaredLicense" | "hasConcludedLicense" if self.index.has_component(&from) => true,
            "describes" if self.index.is_collection(&from) => self.is_root(&node),
            "hasAssociatedVulnerability" => {
                self.vulnerabilities.associate(&node, &from)?;
                is_plain
            }
            "dependsOn" => {
                self.edges(&node, &from, Said { plainly: is_plain, better: !is_plain })? && is_plain
            }
            "contains" if self.root.as_deref() == Some(&*from) => false,
            "contains"
            | "hasStaticLink"
            | "hasDynamicLink"
            | "hasPrerequisite"
            | "hasOptionalDependency"
            | "hasProvidedDependency" => {
                self.edges(&node, &from, Said { plainly: false, better: true })?;
                false
            }
            _ => false,
        };
        if !is_whole {
            self.keep("Relationship", node, bytes)?;
        }
        Ok(())
    }

    /// Adds an edge to each target that is a component; whether all are.
    fn edges(&mut self, node: &Node, from: &str, said: Said) -> Result<bool, Fault> {
        let mut all = self.index.has_component(from);
        for to in node.ids("to").filter(|to| *to != from) {
            let is_none = said.plainly && to.ends_with(NONE);
            let is_edge = self.index.has_component(from) && self.index.has_component(to);
            if is_none && all {
                self.edges.targets(from);
            } else if is_edge {
                self.edges.add(from, to, said, self.emit)?;
            } else {
                self.doubts.note(Doubt::NoTarget);
            }
            all &= is_edge || is_none;
        }
        Ok(all)
    }

    fn is_root(&self, node: &Node) -> bool {
        let is_root = |id: &str| self.root.as_deref() == Some(id) || self.index.is_collection(id);
        node.ids("to").all(is_root)
    }
}
