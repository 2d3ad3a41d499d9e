//! A file as a component.

use export_core::text::Text;
use serde_json::{Map, Value};

use super::component::Place;
use super::{hash_of, property};
use crate::json::members;

members! {
    pub(super) struct File<'a> {
        id: Text<'a> = "id",
        location: Place<'a> = "location",
        metadata: Map<String, Value> = "metadata",
        digests: Vec<Hash<'a>> = "digests",
    }
    struct Hash<'a> {
        algorithm: Text<'a> = "algorithm",
        value: Text<'a> = "value",
    }
}

impl File<'_> {
    /// The component.
    pub(super) fn component(&self) -> Value {
        let mut component = Map::new();
        component.insert("type".into(), "file".into());
        component.insert("bom-ref".into(), self.id.as_str().into());
        component.insert("name".into(), self.location.path.as_str().into());
        let (mut hashes, mut properties) = (Vec::new(), Vec::new());
        for Hash { algorithm, value } in &self.digests {
            match hash_of(algorithm, value) {
                Some(hash) => hashes.push(hash),
                None => properties.push(property(&format!("file:digest:{algorithm}"), value)),
            }
        }
        if !self.location.layer.is_empty() {
            properties.push(property("location:0:layerID", &self.location.layer));
        }
        for (name, value) in &self.metadata {
            let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            properties.push(property(&format!("file:{name}"), &text));
        }
        for (member, list) in [("hashes", hashes), ("properties", properties)] {
            if !list.is_empty() {
                component.insert(member.into(), list.into());
            }
        }
        Value::Object(component)
    }
}
