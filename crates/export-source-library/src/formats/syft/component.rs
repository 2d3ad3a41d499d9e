//! An artifact, which is a package, as a component.

use export_core::text::Text;
use export_sbom::is_spdx_id;
use serde::{Deserialize, Deserializer, de};
use serde_json::{Map, Value, json};

use super::property;
use crate::json::members;

members! {
    pub(super) struct Artifact<'a> {
        id: Text<'a> = "id",
        pub(super) name: Text<'a> = "name",
        version: Text<'a> = "version",
        kind: Text<'a> = "type",
        found_by: Text<'a> = "foundBy",
        locations: Vec<Place<'a>> = "locations",
        licences: Vec<Licence> = "licenses",
        language: Text<'a> = "language",
        cpes: Vec<Cpe> = "cpes",
        purl: Text<'a> = "purl",
        metadata_type: Text<'a> = "metadataType",
        metadata: Value = "metadata",
    }
    pub(super) struct Place<'a> {
        pub(super) path: Text<'a> = "path",
        access_path: Text<'a> = "accessPath",
        pub(super) layer: Text<'a> = "layerID",
    }
    struct LicenceMembers<'a> {
        value: Text<'a> = "value",
        expression: Text<'a> = "spdxExpression",
        kind: Text<'a> = "type",
    }
    struct CpeMembers<'a> {
        cpe: Text<'a> = "cpe",
    }
}

/// A licence: a text in old schemas, an object since 7.
#[derive(Debug, Default)]
struct Licence {
    text: String,
    kind: String,
}

/// A CPE: a text in old schemas, an object since 15.
#[derive(Debug, Default)]
struct Cpe(String);

impl<'de> Deserialize<'de> for Licence {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match Value::deserialize(deserializer)? {
            Value::String(text) => Ok(Self { text, kind: String::new() }),
            value @ Value::Object(_) => {
                let it: LicenceMembers<'_> =
                    LicenceMembers::deserialize(&value).map_err(de::Error::custom)?;
                let text = if it.expression.is_empty() { it.value } else { it.expression };
                Ok(Self { text: text.to_string(), kind: it.kind.to_string() })
            }
            _ => Err(de::Error::custom("expected a text or an object")),
        }
    }
}

impl<'de> Deserialize<'de> for Cpe {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match Value::deserialize(deserializer)? {
            Value::String(text) => Ok(Self(text)),
            value @ Value::Object(_) => {
                let it: CpeMembers<'_> = CpeMembers::deserialize(&value).map_err(de::Error::custom)?;
                Ok(Self(it.cpe.to_string()))
            }
            _ => Err(de::Error::custom("expected a text or an object")),
        }
    }
}

impl Artifact<'_> {
    /// The component.
    pub(super) fn component(&self) -> Value {
        let mut component = Map::new();
        let mut put = |member: &str, value: Value| drop(component.insert(member.to_owned(), value));
        put("type", "library".into());
        for (member, text) in
            [("bom-ref", &self.id), ("name", &self.name), ("version", &self.version), ("purl", &self.purl)]
        {
            if !text.is_empty() {
                put(member, text.as_str().into());
            }
        }
        if let Some(Cpe(cpe)) = self.cpes.first() {
            put("cpe", cpe.as_str().into());
        }
        let licences = licences(&self.licences);
        if !licences.is_empty() {
            put("licenses", licences.into());
        }
        put("properties", self.properties().into());
        Value::Object(component)
    }

    fn properties(&self) -> Vec<Value> {
        let texts = [
            ("package:type", self.kind.as_str()),
            ("package:foundBy", &self.found_by),
            ("package:language", &self.language),
            ("package:metadataType", &self.metadata_type),
        ];
        let mut all: Vec<Value> = Vec::new();
        let mut put = |name: &str, value: &str| {
            if !value.is_empty() {
                all.push(property(name, value));
            }
        };
        texts.into_iter().for_each(|(name, value)| put(name, value));
        for Cpe(cpe) in self.cpes.iter().skip(1) {
            put("cpe23", cpe);
        }
        for (index, place) in self.locations.iter().enumerate() {
            put(&format!("location:{index}:path"), &place.path);
            if place.access_path != place.path {
                put(&format!("location:{index}:accessPath"), &place.access_path);
            }
            put(&format!("location:{index}:layerID"), &place.layer);
        }
        if !self.metadata.is_null() {
            put("metadata", &self.metadata.to_string());
        }
        all
    }
}

/// Licences as CycloneDX has them: each by its id or name, or one expression alone.
fn licences(all: &[Licence]) -> Vec<Value> {
    if let [Licence { text, kind }] = all
        && !is_spdx_id(text)
        && spdx::Expression::parse(text).is_ok()
    {
        return vec![acknowledged(json!({"expression": text}), kind)];
    }
    let licence = |licence: &Licence| {
        let member = if is_spdx_id(&licence.text) { "id" } else { "name" };
        let inner = acknowledged(json!({member: licence.text}), &licence.kind);
        json!({ "license": inner })
    };
    let mut licences: Vec<Value> = Vec::new();
    for licence in all.iter().filter(|it| !it.text.is_empty()).map(licence) {
        if !licences.contains(&licence) {
            licences.push(licence);
        }
    }
    licences
}

fn acknowledged(mut licence: Value, kind: &str) -> Value {
    if matches!(kind, "declared" | "concluded") {
        licence["acknowledgement"] = kind.into();
    }
    licence
}
