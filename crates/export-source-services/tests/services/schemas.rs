//! The examples are what the OpenAPI documents say, and every example of a document is a file that the stub serves.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use export_contract::services::examples;
use serde_json::{Value, json};

const DOCUMENTS: [&str; 4] = ["scanner", "policy", "vexlens", "sbom"];

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/contracts")
}

fn document(name: &str) -> Value {
    let path = folder().join(format!("{name}.openapi.json"));
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

/// A schema of a document, as one of its own.
fn validator(document: &Value, schema: &Value) -> jsonschema::Validator {
    let mut whole = schema.clone();
    whole["components"] = document["components"].clone();
    whole["$schema"] = json!("https://json-schema.org/draft/2020-12/schema");
    jsonschema::validator_for(&whole).unwrap()
}

/// Every media type of every answer: schema and examples.
fn contents(document: &Value) -> Vec<(String, &Value, Vec<PathBuf>)> {
    let mut found = Vec::new();
    for operations in document["paths"].as_object().unwrap().values() {
        for (media_type, content) in operations["get"]["responses"]["200"]["content"].as_object().unwrap() {
            let files = content["examples"].as_object().unwrap().values();
            let files =
                files.map(|it| folder().join(it["externalValue"].as_str().unwrap()).canonicalize().unwrap());
            found.push((media_type.clone(), &content["schema"], files.collect()));
        }
    }
    found
}

#[test]
fn every_example_is_valid() {
    let mut seen = BTreeSet::new();
    for name in DOCUMENTS {
        let document = document(name);
        assert_eq!(document["openapi"], "3.1.0");
        for (media_type, schema, files) in contents(&document) {
            let validator = validator(&document, schema);
            for file in files {
                let text = std::fs::read_to_string(&file).unwrap();
                let values: Vec<Value> = match media_type.as_str() {
                    "application/x-ndjson" => {
                        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
                    }
                    _ => vec![serde_json::from_str(&text).unwrap()],
                };
                for value in values {
                    let wrong: Vec<String> = validator
                        .iter_errors(&value)
                        .map(|error| format!("{error} at {}", error.instance_path()))
                        .collect();
                    assert!(wrong.is_empty(), "{}: {value}: {wrong:#?}", file.display());
                }
                seen.insert(file);
            }
        }
    }
    assert!(seen.len() >= 11, "{seen:#?}");
    assert!(seen.iter().all(|file| file.starts_with(examples().canonicalize().unwrap())));
}

#[test]
fn what_is_wrong_is_not_valid() {
    let scanner = document("scanner");
    let contents = contents(&scanner);
    let of = |media_type: &str, nth: usize| {
        contents.iter().filter(|it| it.0 == media_type).nth(nth).map(|it| validator(&scanner, it.1)).unwrap()
    };
    let (line, page) = (of("application/x-ndjson", 1), of("application/json", 1));
    let code = json!({"rule_id": "r"});
    assert!(line.is_valid(&json!({"type": "finding", "severity": "high", "code": code})));
    for wrong in [
        json!({"type": "finding", "severity": "high"}),
        json!({"type": "finding", "severity": "high", "code": code, "secret": code}),
        json!({"type": "finding", "severity": "huge", "code": code}),
        json!({"type": "findings", "severity": "high", "code": code}),
        json!({"severity": "high", "code": code}),
        json!({"type": "end"}),
        json!({"type": "end", "count": -1}),
        json!({"type": "head", "image": "a:1"}),
    ] {
        assert!(!line.is_valid(&wrong), "{wrong}");
    }
    let scan = json!({"id": "a", "image": "a:1"});
    assert!(page.is_valid(&json!({"scan": scan, "findings": [], "next": "x"})));
    assert!(page.is_valid(&json!({"scan": scan, "findings": [], "next": null, "count": 0})));
    for wrong in [json!({"scan": scan, "findings": []}), json!({"findings": [], "count": 0}), json!([])] {
        assert!(!page.is_valid(&wrong), "{wrong}");
    }
}
