//! Answers held against the published document.

use std::sync::OnceLock;

use serde_json::{Value, json};

/// The document, with every object closed: a member that it does not describe is a fault.
fn closed() -> &'static Value {
    static DOCUMENT: OnceLock<Value> = OnceLock::new();
    DOCUMENT.get_or_init(|| {
        let mut document = serde_json::to_value(export_http::openapi_document()).unwrap();
        for schema in document["components"]["schemas"].as_object_mut().unwrap().values_mut() {
            if schema.get("properties").is_some() {
                schema["additionalProperties"] = json!(false);
            }
        }
        document
    })
}

/// Panics unless `value` is as the document's schema `name` describes it.
pub(crate) fn conforms(name: &str, value: &Value) {
    let schema =
        json!({"$ref": format!("#/components/schemas/{name}"), "components": closed()["components"]});
    let validator = jsonschema::draft202012::new(&schema).unwrap();
    let faults: Vec<String> =
        validator.iter_errors(value).map(|fault| format!("{}: {fault}", fault.instance_path())).collect();
    assert!(faults.is_empty(), "{name}: {faults:#?}\n{value:#}");
}
