//! Who made the document, when, and what it is about.

use export_core::ports::RenderError;
use serde_json::{Value, json};

use super::graph::{CREATION, Graph};
use super::licence;
use crate::agent::{Agent, AgentKind};
use crate::document::{Document, TOOL};
use crate::edges::End;
use crate::index::Index;
use crate::licence::Said;
use crate::object::{Object, Put as _};

/// The profiles whose elements may be in the document.
const PROFILES: [&str; 4] = ["core", "software", "simpleLicensing", "security"];

/// Writes the creation information, the document and its SBOM.
pub(super) fn write(document: &Document, index: &Index, graph: &mut Graph<'_>) -> Result<(), RenderError> {
    let maker = Agent { kind: AgentKind::Tool, name: TOOL.to_owned(), email: None };
    let mut creation = Object::new();
    let (mut by, mut using) = (vec![graph.agent(&maker)?], Vec::new());
    for agent in &document.agents {
        match agent.kind {
            AgentKind::Tool => using.push(Value::from(graph.tool(&agent.name)?)),
            AgentKind::Person | AgentKind::Organization => by.push(graph.agent(agent)?),
        }
    }
    creation.put("@id", CREATION);
    creation.put("type", "CreationInfo");
    creation.put("specVersion", "3.0.1");
    creation.put("created", document.created.as_str());
    creation.put("createdBy", by);
    creation.put_list("createdUsing", using);
    let comments = [document.comment.as_str()].into_iter().chain(document.kept("creationInfo.comment"));
    creation.put("comment", comments.collect::<Vec<_>>().join("\n"));
    graph.write(&creation)?;
    let data_licence = Said { expression: "CC0-1.0".to_owned(), own: Vec::new() };
    let data_licence = licence::write(&data_licence, graph)?;
    let roots: Vec<String> = index.tops.iter().map(|top| graph.end_id(&End::from(top))).collect();
    let (id, sbom_id) = (graph.end_id(&End::Document), graph.id("sbom"));
    let mut sbom = graph.element("software_Sbom", &sbom_id);
    sbom.put("profileConformance", json!(PROFILES));
    sbom.put("rootElement", roots);
    graph.write(&sbom)?;
    let mut element = graph.element("SpdxDocument", &id);
    element.put("name", document.name.as_str());
    element.put_some("comment", document.kept("comment"));
    element.put("dataLicense", data_licence);
    element.put("profileConformance", json!(PROFILES));
    element.put("rootElement", json!([sbom_id]));
    graph.write(&element)
}
