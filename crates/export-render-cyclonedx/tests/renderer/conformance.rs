//! The standard's own examples: read by the library, written in each version. Skipped, visibly, where they are
//! absent.

use std::fs;

use serde_json::{Map, Value, json};

use crate::common::{VERSIONS, render, shared, snapshot};
use crate::library::read_sbom;

/// The standard's examples of one version.
fn examples(version: &str) -> Vec<(String, Value)> {
    let Some(folder) = shared(&format!("reference/conformance/cyclonedx/{version}")) else { return vec![] };
    let paths = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let named = paths.map(|path| (path.file_name().unwrap().to_string_lossy().into_owned(), path));
    let wanted = named.filter(|(name, _)| name.starts_with("valid-") && name.ends_with(".json"));
    let read = |path| serde_json::from_slice(&fs::read(path).unwrap()).unwrap();
    let mut examples: Vec<_> = wanted.map(|(name, path)| (name, read(path))).collect();
    examples.sort_by(|a, b| a.0.cmp(&b.0));
    examples
}

#[test]
fn every_example_is_written_in_its_own_version_as_it_was() {
    for version in VERSIONS {
        for (name, source) in examples(version) {
            let read = read_sbom(source.to_string().as_bytes());
            let done = render(&snapshot(&[read]), version);
            // Properties without a name have one since 1.6; nothing else of an example is lost.
            if name.starts_with("valid-properties") && version < "1.6" {
                continue;
            }
            let signed = if source.get("signature").is_some() { vec![("signature", 1)] } else { vec![] };
            let mut expected = source;
            strip(&mut expected);
            let mut written = done.document.clone();
            strip(&mut written);
            assert_eq!(written, expected, "{name}: {}", done.report);
            assert!(done.lost("changed").is_empty(), "{name}: {}", done.report);
            assert_eq!(done.lost("dropped"), signed, "{name}");
        }
    }
}

/// Takes away what a rendering adds or says of itself, and lists that are empty.
fn strip(document: &mut Value) {
    let members = document.as_object_mut().unwrap();
    for name in ["$schema", "serialNumber", "version", "signature"] {
        members.remove(name);
    }
    for list in ["externalReferences", "properties"] {
        if let Some(Value::Array(items)) = members.get_mut(list) {
            items.retain(|item| item["comment"] != "what this file was made from");
        }
    }
    if let Some(metadata) = members.get_mut("metadata").and_then(Value::as_object_mut) {
        metadata.remove("timestamp");
        if let Some(Value::Array(properties)) = metadata.get_mut("properties") {
            properties.retain(|property| property["name"] != "export-center:source_timestamp");
        }
        let is_ours = |tool: &Value| tool["name"] == "export-center";
        for list in [Some("components"), None] {
            let tools = metadata.get_mut("tools");
            let list = match list {
                Some(name) => tools.and_then(|tools| tools.get_mut(name)),
                None => tools,
            };
            if let Some(Value::Array(tools)) = list {
                tools.retain(|tool| !is_ours(tool));
            }
        }
        remove_empty(metadata);
    }
    remove_empty(members);
}

fn remove_empty(members: &mut Map<String, Value>) {
    for value in members.values_mut() {
        if let Value::Object(inner) = value {
            inner.retain(|_, value| *value != json!([]));
        }
    }
    members.retain(|_, value| *value != json!([]) && *value != json!({}));
}

#[test]
fn every_example_is_written_in_every_other_version() {
    for from in VERSIONS {
        for (name, source) in examples(from) {
            let read = read_sbom(source.to_string().as_bytes());
            for to in VERSIONS {
                let done = render(&snapshot(std::slice::from_ref(&read)), to);
                let is_later = from < to && source.get("signature").is_none();
                assert!(!is_later || done.report.is_null(), "{name} to {to}: {}", done.report);
            }
        }
    }
}
