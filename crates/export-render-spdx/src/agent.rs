//! Persons, organizations and tools.

use serde_json::Value;

use crate::object::{Object, text};

/// What kind of agent it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum AgentKind {
    Person,
    Organization,
    Tool,
}

/// An agent.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Agent {
    pub(crate) kind: AgentKind,
    pub(crate) name: String,
    pub(crate) email: Option<String>,
}

impl Agent {
    /// An agent of that name; none if the name is empty once it is on one line.
    pub(crate) fn new(kind: AgentKind, name: &str, email: Option<&str>) -> Option<Self> {
        let line = |text: &str| {
            text.split(|c: char| c.is_whitespace() || c.is_control())
                .filter(|word| !word.is_empty())
                .collect::<Vec<_>>()
                .join(" ")
        };
        // SPDX 2 writes an e-mail address in parentheses behind the name, so a name cannot begin with one.
        let name = line(name).trim_start_matches(['(', ' ']).to_owned();
        let email = email.map(line).filter(|email| email.contains('@') && !email.contains(['(', ')']));
        (!name.is_empty()).then_some(Self { kind, name, email: email.filter(|_| kind != AgentKind::Tool) })
    }

    /// Of a CycloneDX `organizationalEntity`.
    pub(crate) fn of_entity(entity: &Object) -> Option<Self> {
        let contact = entity.get("contact").and_then(|contacts| contacts.get(0)?.get("email")?.as_str());
        Self::new(AgentKind::Organization, text(entity, "name"), contact)
    }

    /// Of a CycloneDX `organizationalContact`.
    pub(crate) fn of_contact(contact: &Object) -> Option<Self> {
        Self::new(AgentKind::Person, text(contact, "name"), contact.get("email").and_then(Value::as_str))
    }

    /// Of a CycloneDX tool: a component, or the older shape.
    pub(crate) fn of_tool(tool: &Object) -> Option<Self> {
        match (text(tool, "name"), text(tool, "version")) {
            (name, "") => Self::new(AgentKind::Tool, name, None),
            (name, version) => Self::new(AgentKind::Tool, &format!("{name}-{version}"), None),
        }
    }

    /// Of the text that SPDX 2 writes: `Person: Jane Doe (jane@example.com)`.
    pub(crate) fn of_text(written: &str) -> Option<Self> {
        let (kind, rest) = written.split_once(':')?;
        let kind = match kind.trim() {
            "Person" => AgentKind::Person,
            "Organization" => AgentKind::Organization,
            "Tool" => AgentKind::Tool,
            _ => return None,
        };
        let parts = rest.trim().strip_suffix(')').and_then(|rest| rest.rsplit_once('('));
        match parts {
            Some((name, email)) if kind != AgentKind::Tool && (email.contains('@') || email.is_empty()) => {
                Self::new(kind, name, Some(email))
            }
            _ => Self::new(kind, rest, None),
        }
    }

    /// The text that SPDX 2 writes (2.3, 6.8).
    pub(crate) fn to_text(&self) -> String {
        let kind = match self.kind {
            AgentKind::Person => "Person",
            AgentKind::Organization => "Organization",
            AgentKind::Tool => "Tool",
        };
        match &self.email {
            Some(email) => format!("{kind}: {} ({email})", self.name),
            None => format!("{kind}: {}", self.name),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agents_are_one_line_and_come_back() {
        for (name, text) in [("a\nb", "Person: a b"), ("(x) y", "Person: x) y"), (" é ", "Person: é")] {
            let agent = Agent::new(AgentKind::Person, name, None).unwrap();
            assert_eq!(agent.to_text(), text);
            assert_eq!(Agent::of_text(text), Some(agent));
        }
        assert_eq!(Agent::new(AgentKind::Person, "( ", None), None);
        let jane = Agent::new(AgentKind::Person, "Jane", Some("j@example.org")).unwrap();
        assert_eq!(Agent::of_text(&jane.to_text()), Some(jane));
    }
}
