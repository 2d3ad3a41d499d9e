//! Annotations (SPDX 3.0.1, Core).

use export_core::ports::RenderError;
use export_core::sbom::SbomSection;
use serde_json::{Value, json};

use super::component::time;
use super::graph::Graph;
use crate::agent::{Agent, AgentKind};
use crate::edges::End;
use crate::index::Index;
use crate::object::{Object, Put as _, text};
use crate::walk::Walk;

/// A new annotation of that author and time.
pub(super) fn element(
    author: Option<&Agent>,
    date: &str,
    graph: &mut Graph<'_>,
) -> Result<Object, RenderError> {
    let id = graph.next_id("annotation");
    let mut element = graph.element("Annotation", &id);
    if let (Some(author), Some(created)) = (author, time(date)) {
        let author = graph.agent(author)?;
        let creation = json!({"type": "CreationInfo", "specVersion": "3.0.1", "created": created, "createdBy": [author]});
        element.put("creationInfo", creation);
    }
    Ok(element)
}

/// Writes what SPDX has no member for, beside the document.
pub(super) fn property(at: usize, name: &str, value: &str, graph: &mut Graph<'_>) -> Result<(), RenderError> {
    let id = graph.next_id("annotation");
    let mut element = graph.element("Annotation", &id);
    element.put("annotationType", "other");
    element.put("subject", graph.end_id(&End::Document));
    element.put("contentType", "application/json");
    element.put("statement", json!({"document": at + 1, "name": name, "value": value}).to_string());
    graph.write(&element)
}

/// Writes the annotations of all documents, one for each component that one is about.
pub(super) fn write(
    walk: &Walk<'_>,
    index: &Index,
    rows: u64,
    graph: &mut Graph<'_>,
) -> Result<(), RenderError> {
    walk.elements(SbomSection::Annotations, rows, &mut |document, annotation| {
        let subjects = annotation.get("subjects").and_then(Value::as_array).into_iter().flatten();
        for subject in subjects.filter_map(Value::as_str) {
            let Some(key) = index.resolve(document, subject) else {
                let why = "it is about no component of the document";
                graph.lose("annotations[].subjects[]", why, &walk.documents()[document].place);
                continue;
            };
            let mut element = element(author(&annotation).as_ref(), text(&annotation, "timestamp"), graph)?;
            element.put("annotationType", "other");
            element.put("subject", graph.end_id(&End::Component(key)));
            element.put("statement", text(&annotation, "text"));
            graph.write(&element)?;
        }
        Ok(())
    })
}

fn author(annotation: &Object) -> Option<Agent> {
    let by = |member: &str| annotation.get("annotator")?.get(member)?.as_object();
    let tool = || by("component").or_else(|| by("service")).and_then(Agent::of_tool);
    let person = by("individual").and_then(Agent::of_contact);
    person
        .or_else(|| by("organization").and_then(Agent::of_entity))
        .or_else(tool)
        .filter(|it| it.kind <= AgentKind::Tool)
}
