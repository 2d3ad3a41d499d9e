//! The document itself as the head of a CycloneDX document.

use export_core::sbom::{SbomFamily, SbomHead};
use export_core::time::Timestamp;
use serde_json::{Value, json};

use super::component::component;
use super::index::Index;
use super::node::Node;
use crate::formats::sbom::spdx::agent::AgentKind;
use crate::formats::sbom::spdx::doubts::{Doubt, Doubts};
use crate::formats::sbom::spdx::element::Element;
use crate::formats::sbom::spdx::members::Members;

/// The head of the document at `place`, with what it is about.
pub(super) fn head(
    index: &Index,
    root: Option<&Node>,
    place: String,
    doubts: &mut Doubts,
) -> SbomHead<'static> {
    let mut metadata = Element::default();
    creation(index, doubts, &mut metadata);
    document(index, doubts, &mut metadata);
    if let Some(root) = root {
        // The element is wrong in some way: the walk behind the head comes to it and says which.
        if let Ok(component) = component(root.clone(), index, doubts) {
            metadata.put("component", Value::from(component));
        }
    }
    doubts.settle(|| place.clone());
    let mut head = Element::default();
    head.put("metadata", Value::from(metadata));
    let spec_version = match index.creation.text("specVersion") {
        "" => "3.0",
        version => version,
    };
    SbomHead {
        family: SbomFamily::Spdx,
        spec_version: spec_version.to_owned().into(),
        place: place.into(),
        json: Value::from(head).to_string().into(),
    }
}

fn creation(index: &Index, doubts: &mut Doubts, to: &mut Element) {
    let created = index.creation.text("created");
    if created.parse::<Timestamp>().is_ok() {
        to.put("timestamp", created);
    } else if !created.is_empty() {
        doubts.note(Doubt::NoTime);
        to.keep_text("created", created);
    }
    let mut tools = Vec::new();
    for (id, member) in ["createdBy", "createdUsing"]
        .into_iter()
        .flat_map(|member| index.creation.ids(member).map(move |id| (id, member)))
    {
        match index.agent(id) {
            Some(agent) => match agent.kind {
                AgentKind::Tool => tools.push(agent.tool()),
                AgentKind::Person => to.push("authors", agent.contact()),
                AgentKind::Organization if to.get("manufacturer").is_none() => {
                    to.put("manufacturer", agent.entity());
                }
                AgentKind::Organization => to.keep_text(member, &agent.text()),
            },
            None => to.keep_text(member, id),
        }
    }
    if !tools.is_empty() {
        to.put("tools", json!({"components": tools}));
    }
    let comment = index.creation.text("comment");
    if !comment.is_empty() {
        to.keep_text("creationInfo.comment", comment);
    }
}

/// The document's own members; what refers to other elements is told with those.
fn document(index: &Index, doubts: &mut Doubts, to: &mut Element) {
    let mut members = Members::new(index.document.clone().into_object(), doubts);
    for told in ["type", "@type", "creationInfo", "rootElement", "profileConformance"] {
        members.value(told);
    }
    if let Some(Value::String(licence)) = members.value("dataLicense") {
        match index.licences.expression(&licence).as_str() {
            "CC0-1.0" => to.put("licenses", json!([{"license": {"id": "CC0-1.0"}}])),
            other => to.keep_text("dataLicense", other),
        }
    }
    members.keep_rest(to);
}
