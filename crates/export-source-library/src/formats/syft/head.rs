//! What a document says of itself and of what was looked at.

use export_core::error::PortError;
use export_core::text::Text;
use serde_json::{Value, json};

use super::property;
use crate::about::About;
use crate::input::Input;
use crate::json::{JsonReader, members};

/// The name of the artifact's own component.
const ROOT: &str = "artifact";

members! {
    struct Descriptor<'a> {
        name: Text<'a> = "name",
        version: Text<'a> = "version",
        timestamp: Text<'a> = "timestamp",
    }
}

/// The head of a document.
#[derive(Debug, Default)]
pub(super) struct Head {
    source: Value,
    distro: Value,
    schema: Value,
    name: String,
    version: String,
    timestamp: String,
}

impl Head {
    /// Reads it, wherever it stands.
    pub(super) fn of(input: Input) -> Result<Self, PortError> {
        let mut head = Self::default();
        let mut reader = JsonReader::new(input);
        reader.object()?;
        while let Some(member) = reader.member()? {
            match member.as_str() {
                "source" => head.source = reader.value()?,
                "distro" => head.distro = reader.value()?,
                "schema" => head.schema = reader.value()?,
                "descriptor" => {
                    let Descriptor { name, version, timestamp } =
                        reader.value::<Option<Descriptor<'_>>>()?.unwrap_or_default();
                    (head.name, head.version) = (name.to_string(), version.to_string());
                    head.timestamp = timestamp.to_string();
                }
                _ => reader.skip()?,
            }
        }
        Ok(head)
    }

    /// The tool with its version.
    pub(super) fn tool(&self) -> String {
        let name = if self.name.is_empty() { "syft" } else { &self.name };
        let version = if self.version.starts_with('[') { "" } else { &self.version };
        format!("{name} {version}").trim_end().to_owned()
    }

    /// The id of the artifact; empty in old schemas.
    pub(super) fn id(&self) -> &str {
        self.source["id"].as_str().unwrap_or_default()
    }

    /// What the document says of its artifact.
    pub(super) fn about(&self) -> About {
        let details = self.details();
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let list = |name: &str| details[name].as_array().into_iter().flatten().map(text);
        let pushed: Vec<String> = list("repoDigests").collect();
        let in_registry =
            pushed.first().and_then(|name| name.split_once('@')).map(|(_, digest)| digest.to_owned());
        let known = [&details["manifestDigest"], &details["imageID"]].map(text);
        let digest = in_registry.or_else(|| known.iter().find(|text| !text.is_empty()).cloned());
        About {
            image: self.artifact(),
            image_digest: digest,
            created_at: self.timestamp.parse().ok(),
            tool: self.tool(),
            aliases: list("tags")
                .chain(pushed.clone())
                .chain(known)
                .filter(|name| !name.is_empty())
                .collect(),
            scan_id: None,
        }
    }

    /// The document without its lists, as CycloneDX.
    pub(super) fn json(&self) -> Value {
        let kind = if self.source["type"] == "image" { "container" } else { "application" };
        let tool = self.tool();
        let (name, version) = tool.split_once(' ').unwrap_or((&tool, ""));
        let mut tool = json!({"type": "application", "name": name});
        if !version.is_empty() {
            tool["version"] = version.into();
        }
        let mut component = json!({"type": kind, "bom-ref": ROOT, "name": self.artifact()});
        let version = self.about().image_digest;
        if let Some(version) = version.or_else(|| self.source["version"].as_str().map(str::to_owned)) {
            component["version"] = version.into();
        }
        component["properties"] = json!([property("source", &self.source.to_string())]);
        let mut metadata = json!({"tools": {"components": [tool]}, "component": component});
        if let Ok(at) = self.timestamp.parse::<export_core::time::Timestamp>() {
            metadata["timestamp"] = at.to_string().into();
        }
        if let Some(version) = self.schema["version"].as_str() {
            metadata["properties"] = json!([property("schema", version)]);
        }
        json!({ "metadata": metadata })
    }

    /// The operating system as a component, if it is known.
    pub(super) fn system(&self) -> Option<Value> {
        let text = |names: &[&str]| {
            names.iter().find_map(|name| self.distro[*name].as_str().filter(|text| !text.is_empty()))
        };
        let name = text(&["id", "name"])?;
        let mut system = json!({"type": "operating-system", "bom-ref": format!("os:{name}"), "name": name,
            "properties": [property("distro", &self.distro.to_string())]});
        if let Some(version) = text(&["versionID", "version"]) {
            system["version"] = version.into();
        }
        Some(system)
    }

    /// What was looked at: an image's name as it was asked for, else a name or path.
    fn artifact(&self) -> String {
        let details = self.details();
        let texts = [&details["userInput"], &self.source["name"], &details["path"], &self.source["target"]];
        texts
            .into_iter()
            .filter_map(Value::as_str)
            .find(|text| !text.is_empty())
            .unwrap_or_default()
            .to_owned()
    }

    /// `metadata`; `target` in old schemas.
    fn details(&self) -> &Value {
        if self.source["metadata"].is_object() { &self.source["metadata"] } else { &self.source["target"] }
    }
}
