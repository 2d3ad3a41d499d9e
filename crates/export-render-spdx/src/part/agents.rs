//! Who supplies a component, and who made it.

use serde_json::Value;

use super::Part;
use crate::agent::{Agent, AgentKind};
use crate::object::{Object, text};

impl Part {
    /// SPDX has one supplier and one originator. Further ones stay in the object, as what is left over.
    pub(super) fn agents(&mut self, object: &mut Object) {
        self.supplier = match self.kept.one("supplier") {
            Some(kept) => Agent::of_text(kept),
            None => object.get("supplier").and_then(Value::as_object).and_then(Agent::of_entity),
        };
        if self.supplier.is_some() {
            remove_entity(object, "supplier");
        }
        self.originator = match self.kept.one("originator") {
            Some(kept) => Agent::of_text(kept),
            None => makers(object).into_iter().flatten().next().map(|(_, agent)| agent),
        };
        let made_by = |agent: &Agent| self.originator.as_ref().is_some_and(|it| it.name == agent.name);
        let told = makers(object).into_iter().flatten().find(|(_, agent)| made_by(agent));
        match told.map(|(member, _)| member) {
            Some("authors") => remove_only_author(object),
            Some("manufacturer") => remove_entity(object, "manufacturer"),
            Some(member) => drop(object.remove(member)),
            None => {}
        }
        for (member, agent) in [("supplier", &self.supplier), ("originator", &self.originator)] {
            // A text that names nobody, of a document that breaks the rules.
            let unread = self.kept.one(member).filter(|text| agent.is_none() && *text != "NOASSERTION");
            self.rest.extend(unread.map(|text| (format!("spdx:{member}"), text.to_owned())));
        }
    }
}

/// Who may have made a component, the likeliest first, with the member that says so.
fn makers(object: &Object) -> [Option<(&'static str, Agent)>; 4] {
    let author = || Agent::of_contact(object.get("authors")?.get(0)?.as_object()?);
    let manufacturer = || Agent::of_entity(object.get("manufacturer")?.as_object()?);
    let named = |kind, member| Agent::new(kind, text(object, member), None);
    [
        author().map(|agent| ("authors", agent)),
        manufacturer().map(|agent| ("manufacturer", agent)),
        named(AgentKind::Organization, "publisher").map(|agent| ("publisher", agent)),
        named(AgentKind::Person, "author").map(|agent| ("author", agent)),
    ]
}

/// Removes the authors if there is one, and SPDX holds all that is said of them.
fn remove_only_author(object: &mut Object) {
    let authors = object.get("authors").and_then(Value::as_array);
    let is_told = authors
        .is_some_and(|authors| authors.len() == 1 && holds_only(&authors[0], &["name", "email", "bom-ref"]));
    if is_told {
        object.remove("authors");
    }
}

/// Removes an organization if SPDX holds all that is said of it.
fn remove_entity(object: &mut Object, member: &str) {
    let is_told = |entity: &Value| {
        let contacts = entity.get("contact").and_then(Value::as_array);
        let one_email =
            contacts.is_none_or(|contacts| contacts.len() == 1 && holds_only(&contacts[0], &["email"]));
        one_email && holds_only(entity, &["name", "contact", "bom-ref"])
    };
    if object.get(member).is_some_and(is_told) {
        object.remove(member);
    }
}

fn holds_only(value: &Value, members: &[&str]) -> bool {
    value.as_object().is_some_and(|object| object.keys().all(|name| members.contains(&name.as_str())))
}
