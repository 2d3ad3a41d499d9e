//! What documents say of themselves, as one.

use export_core::ports::RenderError;
use export_sbom::{Object, Version};
use serde_json::{Map, Value, json};

use crate::merge::merge;
use crate::subject::Subject;
use crate::tools::{add_tool, as_object};
use crate::work::{Origin, Work};

/// The members of the file that are no lists.
pub(crate) struct Head {
    pub(crate) metadata: Value,
    /// Null if there are none.
    pub(crate) declarations: Value,
    /// Null if there are none.
    pub(crate) definitions: Value,
}

impl Head {
    pub(crate) fn of(work: &mut Work<'_>, subject: &Subject) -> Result<Self, RenderError> {
        let mut members = Map::new();
        for (index, head) in subject.heads.iter().enumerate() {
            add(work, &mut members, head.clone(), index);
        }
        let mut metadata = members.remove("metadata").unwrap_or_else(|| json!({}));
        metadata["timestamp"] = work.brief.created_at.to_string().into();
        if let Some(root) = &subject.root {
            metadata["component"] = root.clone();
        }
        if metadata["tools"].is_null() {
            metadata["tools"] = if work.version < Version::V1_5 { json!([]) } else { json!({}) };
        }
        add_tool(&mut metadata["tools"]);
        members.insert("metadata".into(), metadata);
        Ok(Self::fitted(work, &members))
    }

    /// The members as the version has them.
    fn fitted(work: &mut Work<'_>, members: &Map<String, Value>) -> Self {
        let places: Vec<&str> = work.facts().sboms.iter().map(|document| document.place.as_str()).collect();
        let place = format!("{}#", places.first().unwrap_or(&""));
        // A document needs these, and the stream has written them.
        let mut document =
            json!({"bomFormat": "CycloneDX", "specVersion": work.version.as_str(), "version": 1});
        document.as_object_mut().into_iter().for_each(|document| document.extend(members.clone()));
        work.fit(&mut document, Object::DOCUMENT, Origin { field: "", place: &place });
        let mut take = |name: &str| document.get_mut(name).map(Value::take).unwrap_or_default();
        Self {
            metadata: take("metadata"),
            declarations: take("declarations"),
            definitions: take("definitions"),
        }
    }
}

/// Adds the head of document number `index`.
fn add(work: &mut Work<'_>, members: &mut Map<String, Value>, mut head: Value, index: usize) {
    let document = &work.facts().sboms[index];
    let place = format!("{}#", document.place);
    let Some(head) = head.as_object_mut() else { return };
    if head.remove("signature").is_some() {
        let origin = Origin { field: "signature", place: &format!("{place}/signature") };
        work.dropped(origin, "it signs the document, which is written anew");
    }
    if let Some(Value::Object(metadata)) = head.get_mut("metadata") {
        prepare(work, metadata);
    }
    for name in ["metadata", "declarations", "definitions"] {
        let Some(value) = head.remove(name) else { continue };
        let into = members.entry(name).or_insert_with(|| json!({}));
        merge(into, value, &mut |path| {
            let origin = Origin { field: &format!("{name}{path}"), place: &format!("{place}/{name}{path}") };
            work.dropped(origin, "another document says something else");
        });
    }
}

/// The time of the document itself becomes a property, and tools get the shape in which they can be merged.
fn prepare(work: &Work<'_>, metadata: &mut Map<String, Value>) {
    metadata.remove("component");
    if let Some(at) = metadata.remove("timestamp") {
        let property = json!({"name": "export-center:source_timestamp", "value": at});
        let properties = metadata.entry("properties").or_insert_with(|| json!([]));
        properties.as_array_mut().into_iter().for_each(|it| it.push(property.clone()));
    }
    if work.merges() && work.version >= Version::V1_5 {
        metadata.get_mut("tools").into_iter().for_each(as_object);
    }
}
