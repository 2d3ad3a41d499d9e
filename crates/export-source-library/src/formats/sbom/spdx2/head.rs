//! The document's own members as the head of a CycloneDX document.

use export_core::sbom::{SbomFamily, SbomHead};
use export_core::time::Timestamp;
use serde_json::{Value, json};

use super::component::component;
use super::first::{First, Root};
use crate::formats::sbom::spdx::agent::{Agent, AgentKind};
use crate::formats::sbom::spdx::doubts::{Doubt, Doubts};
use crate::formats::sbom::spdx::element::{Element, Object};
use crate::formats::sbom::spdx::members::{Members, text_of};

/// The head of the document at `place`, with what it describes.
pub(super) fn head(
    first: &mut First,
    root: Option<&Root>,
    place: String,
    doubts: &mut Doubts,
) -> SbomHead<'static> {
    let members = std::mem::take(&mut first.members);
    let spec_version = text_of(&members, "spdxVersion").to_owned();
    let mut metadata = metadata(members, doubts);
    doubts.settle(|| place.clone());
    if let Some(root) = root {
        let members = Members::new(root.object.clone(), doubts);
        // The element is wrong in some way: the walk behind the head comes to it and says which.
        if let Ok(component) = component(root.place.0, members, &first.licences) {
            metadata.put("component", Value::from(component));
        }
        doubts.settle(|| format!("{place}#/{}/{}", root.place.0.list(), root.place.1));
    }
    let mut head = Element::default();
    head.put("metadata", Value::from(metadata));
    SbomHead {
        family: SbomFamily::Spdx,
        spec_version: spec_version.into(),
        place: place.into(),
        json: Value::from(head).to_string().into(),
    }
}

fn metadata(members: Object, doubts: &mut Doubts) -> Element {
    let mut to = Element::default();
    let mut members = Members::new(members, doubts);
    for known in ["spdxVersion", "SPDXID"] {
        members.value(known);
    }
    if let Some(Value::Object(creation)) = members.value("creationInfo") {
        creation_info(creation, &mut members, &mut to);
    }
    match members.value("dataLicense") {
        Some(Value::String(licence)) if licence == "CC0-1.0" => {
            to.put("licenses", json!([{"license": {"id": licence}}]));
        }
        Some(other) => to.keep("dataLicense", &other),
        None => {}
    }
    members.keep_rest(&mut to);
    to
}

fn creation_info(mut creation: Object, members: &mut Members<'_>, to: &mut Element) {
    match creation.remove("created") {
        Some(Value::String(created)) if created.parse::<Timestamp>().is_ok() => to.put("timestamp", created),
        Some(other) => {
            members.doubt(Doubt::NoTime);
            to.keep("created", &other);
        }
        None => {}
    }
    let creators = creation.remove("creators").unwrap_or_default();
    let mut tools = Vec::new();
    for creator in creators.as_array().into_iter().flatten() {
        let text = creator.as_str().unwrap_or_default();
        match Agent::parse(text) {
            Some(agent) => {
                match agent.kind {
                    AgentKind::Tool => tools.push(agent.tool()),
                    AgentKind::Person => to.push("authors", agent.contact()),
                    AgentKind::Organization if to.get("manufacturer").is_none() => {
                        to.put("manufacturer", agent.entity());
                    }
                    AgentKind::Organization => to.keep("creators", creator),
                }
                if agent.kind != AgentKind::Organization && agent.text() != text {
                    to.keep("creators", creator);
                }
            }
            None => {
                members.doubt(Doubt::NoAgentKind);
                to.keep("creators", creator);
            }
        }
    }
    if !tools.is_empty() {
        to.put("tools", json!({"components": tools}));
    }
    creation.into_iter().for_each(|(name, value)| to.keep(&format!("creationInfo.{name}"), &value));
}
