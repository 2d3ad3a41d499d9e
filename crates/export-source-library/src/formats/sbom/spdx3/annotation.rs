//! Annotations, which CycloneDX has too.

use serde_json::{Value, json};

use super::index::Index;
use super::node::Node;
use crate::formats::sbom::spdx::agent::{Agent, AgentKind};
use crate::formats::sbom::spdx::element::Element;

/// The CycloneDX annotation; none if CycloneDX cannot hold it.
pub(super) fn annotation(node: &Node, index: &Index) -> Option<Element> {
    let creation = index.creation_of(node);
    let agent = creation.ids("createdBy").find_map(|id| index.agent(id))?;
    let text = Some(node.text("statement")).filter(|text| !text.is_empty())?;
    let is_whole = node.text("annotationType") == "other" && node.get("contentType").is_none();
    let (created, subject) = (creation.text("created"), node.ids("subject").next()?);
    if created.is_empty() || !is_whole || !index.has_component(subject) {
        return None;
    }
    let mut to = Element::default();
    to.put("bom-ref", node.id());
    to.put("subjects", json!([subject]));
    to.put("annotator", annotator(agent));
    to.put("timestamp", created);
    to.put("text", text);
    Some(to)
}

fn annotator(agent: &Agent) -> Value {
    match agent.kind {
        AgentKind::Person => json!({"individual": agent.contact()}),
        AgentKind::Organization => json!({"organization": agent.entity()}),
        AgentKind::Tool => json!({"component": agent.tool()}),
    }
}
