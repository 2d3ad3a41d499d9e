//! A CycloneDX element in the making.

use export_core::error::PortError;
use export_core::sbom::{SbomPart, SbomSection};
use serde_json::{Map, Value, json};

use crate::emit::Emitter;

/// The types of components that SPDX has no purpose for.
const TYPES: [&str; 5] =
    ["platform", "device-driver", "machine-learning-model", "data", "cryptographic-asset"];

/// A JSON object.
pub(crate) type Object = Map<String, Value>;

/// The members of a CycloneDX element.
#[derive(Debug, Default, Clone)]
pub(crate) struct Element(Object);

impl Element {
    /// Sets a member.
    pub(crate) fn put(&mut self, name: &str, value: impl Into<Value>) {
        self.0.insert(name.to_owned(), value.into());
    }

    /// Sets a member that may be absent.
    pub(crate) fn put_some(&mut self, name: &str, value: Option<impl Into<Value>>) {
        if let Some(value) = value {
            self.put(name, value);
        }
    }

    /// Adds an item to a member that is a list.
    pub(crate) fn push(&mut self, list: &str, item: Value) {
        match self.0.entry(list).or_insert_with(|| Value::Array(Vec::new())) {
            Value::Array(items) => items.push(item),
            other => *other = Value::Array(vec![item]),
        }
    }

    /// Keeps a member of SPDX as properties.
    pub(crate) fn keep(&mut self, member: &str, value: &Value) {
        match value {
            Value::Array(items) => {
                items.iter().for_each(|item| self.push("properties", property(member, item)));
            }
            other => self.push("properties", property(member, other)),
        }
    }

    /// Keeps a text member of SPDX as a property.
    pub(crate) fn keep_text(&mut self, member: &str, value: &str) {
        self.push("properties", json!({"name": format!("spdx:{member}"), "value": value}));
    }

    /// Restores what a writer of ours kept under the name of a CycloneDX property: a property; or a member that SPDX has no
    /// place for, as JSON behind `cyclonedx:`. Members that could break CycloneDX's rules stay properties.
    pub(crate) fn restore(&mut self, name: &str, value: &str) {
        match (name, serde_json::from_str::<Value>(value)) {
            ("cyclonedx:group", Ok(Value::String(group))) => self.regroup(group),
            ("cyclonedx:scope", Ok(scope))
                if ["required", "optional", "excluded"].contains(&scope.as_str().unwrap_or_default()) =>
            {
                self.put("scope", scope);
            }
            ("cyclonedx:type", Ok(kind)) if TYPES.contains(&kind.as_str().unwrap_or_default()) => {
                self.put("type", kind);
            }
            _ => self.push("properties", json!({"name": name, "value": value})),
        }
    }

    /// Takes the group off the name, which SPDX has them both in.
    fn regroup(&mut self, group: String) {
        let name = self.get("name").and_then(Value::as_str).unwrap_or_default();
        let rest = name.strip_prefix(&group).and_then(|rest| rest.strip_prefix(['/', ':']));
        if let Some(rest) = rest.map(str::to_owned) {
            self.put("name", rest);
            self.put("group", group);
        }
    }

    /// A member that was set.
    pub(crate) fn get(&self, name: &str) -> Option<&Value> {
        self.0.get(name)
    }

    /// Emits it as an element of `section` that was read from `bytes` bytes.
    pub(crate) fn emit(
        self,
        section: SbomSection,
        bytes: usize,
        emit: &mut Emitter<SbomPart<'static>>,
    ) -> Result<(), PortError> {
        let json = Value::Object(self.0).to_string();
        emit.item(SbomPart::Element { section, json: json.into() }, bytes)
    }
}

/// An object is an element as it is; anything else is an empty one.
impl From<Value> for Element {
    fn from(value: Value) -> Self {
        match value {
            Value::Object(object) => Self(object),
            _ => Self::default(),
        }
    }
}

impl From<Element> for Value {
    fn from(element: Element) -> Self {
        Self::Object(element.0)
    }
}

/// The property that keeps one value of a member.
pub(crate) fn property(member: &str, value: &Value) -> Value {
    let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    json!({"name": format!("spdx:{member}"), "value": value})
}
