//! Agents and tools.

use serde_json::Value;

use super::node::Node;
use crate::formats::sbom::spdx::agent::{Agent, AgentKind};
use crate::formats::sbom::spdx::members::text_of;

/// Whether elements of this class are agents.
pub(super) fn is_agent(kind: &str) -> bool {
    matches!(kind, "Agent" | "Person" | "Organization" | "SoftwareAgent" | "Tool")
}

/// The agent that an element is.
pub(super) fn agent(node: &Node) -> Option<Agent> {
    let kind = match node.kind() {
        "Person" => AgentKind::Person,
        "Tool" | "SoftwareAgent" => AgentKind::Tool,
        kind if is_agent(kind) => AgentKind::Organization,
        _ => return None,
    };
    let identifiers = node.get("externalIdentifier").and_then(Value::as_array).into_iter().flatten();
    let mut emails = identifiers.filter_map(Value::as_object).filter_map(|identifier| {
        let is_email = text_of(identifier, "externalIdentifierType") == "email";
        is_email.then(|| text_of(identifier, "identifier").to_owned())
    });
    let name = Some(node.text("name")).filter(|name| !name.is_empty()).unwrap_or(node.id());
    Some(Agent { kind, name: name.to_owned(), email: emails.next() })
}
