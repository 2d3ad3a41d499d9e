//! The schemas, and documents as a user asks for them.

use std::collections::HashMap;
use std::sync::LazyLock;

use export_contract::{corpus, renderers};
use export_core::catalogue::{ExportType, Format};
use export_core::id::{ExportId, TenantId};
use export_core::ports::{Brief, Rendered, Renderer as _, Snapshot};
use export_render_json::JsonRenderer;
use serde_json::{Value, json};

static VALIDATORS: LazyLock<HashMap<&str, jsonschema::Validator>> = LazyLock::new(|| {
    ["scan-report", "ai-code-guard-report", "policy-compliance"].map(|name| (name, validator(name))).into()
});

fn validator(name: &str) -> jsonschema::Validator {
    let path = format!("{}/../../docs/formats/{name}.schema.json", env!("CARGO_MANIFEST_DIR"));
    let schema = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    assert!(jsonschema::meta::is_valid(&schema), "{name}");
    jsonschema::options().should_validate_formats(true).build(&schema).unwrap()
}

/// Holds a document to the schema that it names.
pub(crate) fn validate(document: &Value) -> Result<(), String> {
    let name = document["schema"].as_str().and_then(|name| name.strip_suffix("/v1"));
    let validator = name.and_then(|name| VALIDATORS.get(name));
    let validator = validator.ok_or_else(|| format!("{} is no schema", document["schema"]))?;
    let wrong: Vec<String> =
        validator.iter_errors(document).map(|error| format!("{} {error}", error.instance_path())).collect();
    if wrong.is_empty() { Ok(()) } else { Err(wrong.join("\n")) }
}

/// A report of type `kind`, which is delivered with a secret.
pub(crate) fn render(kind: ExportType, snapshot: &dyn Snapshot, options: &str) -> (Rendered, String) {
    let mut request = renderers::request(kind, Format::Json);
    request.options = serde_json::from_str(options).unwrap();
    request.delivery.config.insert("secret".to_owned(), json!("hunter2"));
    let tenant: TenantId = "acme".parse().unwrap();
    let brief = Brief {
        export_id: ExportId::new(corpus::AT, &[5; 10]),
        tenant: &tenant,
        request: &request,
        created_at: corpus::AT,
        template: None,
        seal: None,
        pulse: &renderers::WitnessPulse::default(),
    };
    let mut out = Vec::new();
    let rendered = JsonRenderer.render(&brief, snapshot, &mut out).unwrap();
    (rendered, String::from_utf8(out).unwrap())
}

/// The same as a document that its schema allows.
pub(crate) fn document(kind: ExportType, snapshot: &dyn Snapshot) -> Value {
    let document = serde_json::from_str(&render(kind, snapshot, "{}").1).unwrap();
    validate(&document).unwrap();
    document
}
