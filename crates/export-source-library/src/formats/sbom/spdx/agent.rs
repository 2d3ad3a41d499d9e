//! Persons, organizations and tools, as SPDX 2 writes them in one text: `Person: Jane Doe (jane@example.com)`.

use serde_json::{Value, json};

/// What kind of agent it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum AgentKind {
    Person,
    Organization,
    Tool,
}

/// An agent (SPDX 2.3, 6.8).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Agent {
    pub(crate) kind: AgentKind,
    pub(crate) name: String,
    pub(crate) email: Option<String>,
}

impl Agent {
    /// Reads the text; none if it names no kind of agent.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (kind, rest) = text.split_once(':')?;
        let kind = match kind.trim() {
            "Person" => AgentKind::Person,
            "Organization" => AgentKind::Organization,
            "Tool" => AgentKind::Tool,
            _ => return None,
        };
        let rest = rest.trim();
        let (name, email) = match rest.strip_suffix(')').and_then(|rest| rest.rsplit_once('(')) {
            Some((name, email)) if kind != AgentKind::Tool && email.contains('@') => {
                (name.trim(), Some(email.trim()))
            }
            Some((name, "")) if kind != AgentKind::Tool => (name.trim(), None),
            _ => (rest, None),
        };
        Some(Self { kind, name: name.to_owned(), email: email.map(str::to_owned) })
            .filter(|it| !it.name.is_empty())
    }

    /// The text that a writer makes of it, which may differ from the one that was read.
    pub(crate) fn text(&self) -> String {
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

    /// As a CycloneDX `organizationalContact`.
    pub(crate) fn contact(&self) -> Value {
        match &self.email {
            Some(email) => json!({"name": self.name, "email": email}),
            None => json!({"name": self.name}),
        }
    }

    /// As a CycloneDX `organizationalEntity`.
    pub(crate) fn entity(&self) -> Value {
        match &self.email {
            Some(email) => json!({"name": self.name, "contact": [{"email": email}]}),
            None => json!({"name": self.name}),
        }
    }

    /// As a CycloneDX component that is a tool. SPDX writes name and version with a hyphen between.
    pub(crate) fn tool(&self) -> Value {
        match self.name_and_version() {
            (name, Some(version)) => json!({"type": "application", "name": name, "version": version}),
            (name, None) => json!({"type": "application", "name": name}),
        }
    }

    /// A tool's name, and its version if the text behind the last hyphen that can begin one is one.
    pub(crate) fn name_and_version(&self) -> (&str, Option<&str>) {
        let is_version = |text: &str| {
            let digits = text.strip_prefix('v').unwrap_or(text);
            digits.starts_with(|c: char| c.is_ascii_digit())
        };
        let hyphens = self.name.match_indices('-').map(|(at, _)| at);
        let first = hyphens.filter(|at| is_version(&self.name[at + 1..])).find(|at| *at > 0);
        match first {
            Some(at) => (&self.name[..at], Some(&self.name[at + 1..])),
            None => (&self.name, None),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agents_of_real_documents() {
        let agent = |text: &str| Agent::parse(text).unwrap();
        let jane = agent("Person: Jane Doe (jane.doe@example.com)");
        assert_eq!(
            (jane.kind, &*jane.name, jane.email.as_deref()),
            (AgentKind::Person, "Jane Doe", Some("jane.doe@example.com"))
        );
        assert_eq!(agent("Organization: ExampleCodeInspect ()").text(), "Organization: ExampleCodeInspect");
        assert_eq!(agent("Organization: Foo (Bar)").name, "Foo (Bar)");
        assert_eq!(agent("Organization:Anchore, Inc").name, "Anchore, Inc");
        for (text, name, version) in [
            ("Tool: syft-1.18.1", "syft", Some("1.18.1")),
            ("Tool: export-center-0.1.0-rc-1", "export-center", Some("0.1.0-rc-1")),
            ("Tool: GitHub.com-Dependency-Graph", "GitHub.com-Dependency-Graph", None),
            ("Tool: apko (v0.8.0)", "apko (v0.8.0)", None),
        ] {
            assert_eq!(agent(text).name_and_version(), (name, version), "{text}");
        }
        for text in ["NOASSERTION", "", "Jane", "Person: ", "Robot: x"] {
            assert_eq!(Agent::parse(text), None, "{text}");
        }
    }
}
