//! Relationships (SPDX 3.0.1, Core), with those of one element and type that follow each other as one.

use export_core::ports::RenderError;
use serde_json::Value;

use super::graph::Graph;
use crate::edges::{Edge, End, What};
use crate::object::{Object, Put as _, text};

/// The most targets of one relationship.
const TARGETS: usize = 1_000;

/// Relationships on their way into the graph.
#[derive(Default)]
pub(super) struct Relationships {
    waiting: Option<Waiting>,
}

#[derive(PartialEq, Eq)]
struct Waiting {
    from: String,
    kind: String,
    scope: &'static str,
    /// Members beside the ends and the type.
    members: Object,
    to: Vec<Value>,
}

impl Relationships {
    /// Adds one.
    pub(super) fn add(&mut self, edge: Edge, graph: &mut Graph<'_>) -> Result<(), RenderError> {
        let to = Value::from(graph.end_id(&edge.to));
        let next = waiting(edge, graph);
        match &mut self.waiting {
            Some(waiting) if waiting.continues(&next) => waiting.to.push(to),
            _ => {
                self.flush(graph)?;
                self.waiting = Some(Waiting { to: vec![to], ..next });
            }
        }
        Ok(())
    }

    /// Writes what waits.
    pub(super) fn flush(&mut self, graph: &mut Graph<'_>) -> Result<(), RenderError> {
        let Some(waiting) = self.waiting.take() else { return Ok(()) };
        let class = if waiting.scope.is_empty() { "Relationship" } else { "LifecycleScopedRelationship" };
        let id = graph.next_id("relationship");
        let mut element = graph.element(class, &id);
        element.put("relationshipType", waiting.kind);
        element.put("from", waiting.from);
        element.put("to", waiting.to);
        if !waiting.scope.is_empty() {
            element.put("scope", waiting.scope);
        }
        waiting.members.into_iter().for_each(|(member, value)| element.put(&member, value));
        graph.write(&element)
    }
}

impl Waiting {
    fn continues(&self, next: &Self) -> bool {
        self.to.len() < TARGETS
            && (&self.from, &self.kind, self.scope, &self.members)
                == (&next.from, &next.kind, next.scope, &next.members)
    }
}

fn waiting(edge: Edge, graph: &Graph<'_>) -> Waiting {
    let from = graph.end_id(&edge.from);
    let mut members = Object::new();
    for member in ["comment", "completeness", "startTime", "endTime"] {
        let value = text(&edge.object, member);
        members.put_some(member, Some(value).filter(|value| !value.is_empty()));
    }
    if matches!(edge.to, End::Nothing) {
        members.put("completeness", "complete");
    }
    let (kind, scope) = match edge.what {
        What::Row(row) => (row.third.to_owned(), row.scope),
        What::Other(kind) => {
            let comment = text(&members, "comment").to_owned();
            members.put("comment", if comment.is_empty() { kind } else { format!("{kind}: {comment}") });
            ("other".to_owned(), "")
        }
    };
    Waiting { from, kind, scope, members, to: Vec::new() }
}
