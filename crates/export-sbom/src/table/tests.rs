//! The table against the official schemas, member by member and version by version. Skipped, visibly, where they
//! are absent.

use std::collections::{BTreeSet, HashSet};
use std::path::PathBuf;

use serde_json::Value;

use super::*;

/// The folder of the official schemas; none, said loudly, if it is absent.
fn schemas() -> Option<PathBuf> {
    let root = match std::env::var_os("EXPORT_SHARED_DATA") {
        Some(root) => PathBuf::from(root),
        None => PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data")),
    };
    let folder = root.join("schemas/cyclonedx");
    if !folder.exists() {
        println!("SKIPPED: {} is absent", folder.display());
        return None;
    }
    Some(folder)
}

#[test]
fn every_member_is_where_the_schemas_have_it() {
    let Some(folder) = schemas() else { return };
    for version in Version::ALL {
        let strict = if version < Version::V1_4 { "-strict" } else { "" };
        let read = |name: String| -> Value {
            serde_json::from_slice(&std::fs::read(folder.join(name)).unwrap()).unwrap()
        };
        let mut comparison = Comparison {
            version,
            schema: read(format!("bom-{version}{strict}.schema.json")),
            cryptography: read("cryptography-defs.schema.json".into()),
            signature: read("jsf-0.82.schema.json".into()),
            seen: HashSet::new(),
        };
        let differences = comparison.object(&comparison.schema.clone(), Object::DOCUMENT, "");
        assert!(differences.is_empty(), "{version}:\n{}", differences.join("\n"));
        let objects = comparison.seen.len();
        assert!(objects >= [20, 25, 40, 80, 110, 125][version as usize], "{version}: {objects} objects");
        println!("{version}: {objects} objects are the same");
    }
}

#[test]
fn every_licence_id_of_the_schema_is_known() {
    let Some(folder) = schemas() else { return };
    let schema: Value =
        serde_json::from_slice(&std::fs::read(folder.join("spdx.schema.json")).unwrap()).unwrap();
    for id in schema["enum"].as_array().unwrap() {
        assert!(crate::is_spdx_id(id.as_str().unwrap()), "{id}");
    }
}

struct Comparison {
    version: Version,
    schema: Value,
    cryptography: Value,
    signature: Value,
    seen: HashSet<(*const Object, String)>,
}

impl Comparison {
    /// The schema behind a reference, and its name.
    fn resolve(&self, schema: &Value) -> (Value, String) {
        let Some(reference) = schema["$ref"].as_str() else { return (schema.clone(), String::new()) };
        let (file, pointer) = reference.split_once('#').unwrap_or((reference, ""));
        let document = match file {
            "" => &self.schema,
            _ if file.starts_with("cryptography") => &self.cryptography,
            _ if file.starts_with("jsf") => &self.signature,
            _ => return (schema.clone(), reference.to_owned()),
        };
        // The signature's schema refers to itself.
        let found = document.pointer(pointer).or_else(|| self.signature.pointer(pointer)).expect(pointer);
        let (resolved, _) = self.resolve(found);
        (resolved, reference.to_owned())
    }

    fn object(&mut self, schema: &Value, kind: &'static Object, path: &str) -> Vec<String> {
        let (schema, name) = self.resolve(schema);
        let empty = serde_json::Map::new();
        let properties = schema["properties"].as_object().unwrap_or(&empty);
        let key: Vec<&str> = properties.keys().map(String::as_str).collect();
        if !self.seen.insert((std::ptr::from_ref(kind), format!("{name} {}", key.join(" ")))) {
            return Vec::new();
        }
        let mut differences = Vec::new();
        let theirs: BTreeSet<&str> = properties.keys().map(String::as_str).collect();
        let ours: BTreeSet<&str> =
            kind.members.iter().filter(|it| it.since <= self.version).map(|it| it.name).collect();
        for name in theirs.symmetric_difference(&ours) {
            let who = if ours.contains(name) { "only we have" } else { "only the schema has" };
            differences.push(format!("{path}: {who} {name}"));
        }
        let required: BTreeSet<&str> =
            schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        let ours_required: BTreeSet<&str> =
            kind.members.iter().filter(|it| it.is_required(self.version)).map(|it| it.name).collect();
        if required != ours_required {
            differences.push(format!("{path}: {required:?} are required, not {ours_required:?}"));
        }
        let is_closed = schema["additionalProperties"] == false;
        if is_closed == kind.unknown.is_allowed(self.version) {
            differences.push(format!("{path}: closed is {is_closed}"));
        }
        for (name, property) in properties {
            if let Some(member) = kind.member(name) {
                differences.extend(self.value(property, &member.kind, &format!("{path}/{name}")));
            }
        }
        differences
    }

    fn value(&mut self, schema: &Value, kind: &'static Type, path: &str) -> Vec<String> {
        let (schema, name) = self.resolve(schema);
        let alternatives = ["oneOf", "anyOf", "allOf"].iter().find_map(|word| schema[*word].as_array());
        match kind {
            Type::Obj(kind) => self.object(&schema, kind, path),
            Type::List(item) | Type::Set(item) | Type::Filled(item) => {
                let is_set = schema["uniqueItems"] == true;
                let mut differences = self.value(&schema["items"], item, &format!("{path}/-"));
                // Versions 1.2 and 1.3 leave the items of some lists open.
                differences.retain(|_| !schema["items"].is_null());
                if is_set != matches!(kind, Type::Set(_)) {
                    differences.push(format!("{path}: uniqueItems is {is_set}"));
                }
                if (schema["minItems"] == 1) != matches!(kind, Type::Filled(_)) {
                    differences.push(format!("{path}: minItems is {}", schema["minItems"]));
                }
                differences
            }
            Type::Word(words) => {
                let theirs: BTreeSet<&str> =
                    schema["enum"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
                let ours: BTreeSet<&str> =
                    words.all().filter(|(since, _)| *since <= self.version).map(|(_, word)| word).collect();
                let differing: Vec<&&str> = theirs.symmetric_difference(&ours).collect();
                if differing.is_empty() {
                    vec![]
                } else {
                    vec![format!("{path}: words differ: {differing:?}")]
                }
            }
            // The schema tells its keys apart by conditions; conformance files cover them.
            Type::Either(_) if path.ends_with("/publicKey") => vec![],
            Type::Either(ours) => {
                let ours = ours.iter().filter(|(since, _)| *since <= self.version);
                self.either(&schema, alternatives, &ours.map(|(_, kind)| kind).collect::<Vec<_>>(), path)
            }
            Type::Licences => self.licences(&schema, path),
            Type::Signature => self.value(&schema, &SIGNATURE, path),
            Type::Formed(_) | Type::Text | Type::Ref | Type::Link => {
                let texts = alternatives.is_some() || name.contains("spdx") || schema["type"] == "string";
                if texts { vec![] } else { vec![format!("{path}: is no text but {schema}")] }
            }
            Type::Bool => is(&schema, "boolean", path),
            Type::Integer(..) => is(&schema, "integer", path),
            Type::Number | Type::Share => is(&schema, "number", path),
        }
    }

    fn either(
        &mut self,
        schema: &Value,
        theirs: Option<&Vec<Value>>,
        ours: &[&'static Type],
        path: &str,
    ) -> Vec<String> {
        let theirs = theirs.map_or_else(|| vec![schema.clone()], Clone::clone);
        if theirs.len() != ours.len() {
            return vec![format!("{path}: {} alternatives, not {}", theirs.len(), ours.len())];
        }
        let best = |alternative: &Value, this: &mut Self| {
            let before = this.seen.clone();
            let tried = ours.iter().map(|kind| {
                this.seen.clone_from(&before);
                (this.value(alternative, kind, path), this.seen.clone())
            });
            let (differences, seen) = tried.min_by_key(|(differences, _)| differences.len()).unwrap();
            this.seen = seen;
            differences
        };
        theirs.iter().flat_map(|alternative| best(alternative, self)).collect()
    }

    fn licences(&mut self, schema: &Value, path: &str) -> Vec<String> {
        let (items, _) = self.resolve(&schema["items"]);
        let alternatives = schema["oneOf"].as_array().or_else(|| items["oneOf"].as_array());
        let with = |member: &str| {
            let choice = alternatives.into_iter().flatten().find_map(|it| {
                let choice = [it, &it["items"], &it["items"][0]]
                    .into_iter()
                    .find(|it| it["properties"][member].is_object());
                choice.cloned()
            });
            // Before 1.5 both stand in one object.
            choice.unwrap_or_else(|| {
                let property = items["properties"][member].clone();
                serde_json::json!({
                    "properties": {member: property}, "required": [member], "additionalProperties": false
                })
            })
        };
        let mut differences = self.object(&with("license"), &LICENCE_CHOICE, path);
        differences.extend(self.object(&with("expression"), &EXPRESSION_CHOICE, path));
        differences
    }
}

fn is(schema: &Value, wanted: &str, path: &str) -> Vec<String> {
    if schema["type"] == wanted { vec![] } else { vec![format!("{path}: is no {wanted}")] }
}
