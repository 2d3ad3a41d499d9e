//! Files that were rendered, and what they are held to.

use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use export_contract::renderers::{self, Files, WitnessPulse};
use export_contract::{MemorySnapshot, corpus};
use export_core::catalogue::{ExportType, Format};
use export_core::id::{ExportId, TenantId};
use export_core::ports::{Brief, Rendered, Renderer as _, Snapshot};
use export_core::sbom::SbomFamily;
use export_render_cyclonedx::CyclonedxRenderer;
use export_sbom::{Object, Version, check};
use serde_json::Value;

/// The versions that are written.
pub(crate) const VERSIONS: [&str; 4] = ["1.4", "1.5", "1.6", "1.7"];

static SCHEMAS: LazyLock<Vec<(&str, jsonschema::Validator)>> =
    LazyLock::new(|| VERSIONS.iter().filter_map(|version| Some((*version, schema(version)?))).collect());

/// A rendering.
pub(crate) struct Done {
    pub(crate) rendered: Rendered,
    pub(crate) text: String,
    pub(crate) document: Value,
    /// `conversion-report.json`; null if nothing was lost.
    pub(crate) report: Value,
}

impl Done {
    /// What was lost: fields with their numbers.
    pub(crate) fn lost(&self, fate: &str) -> Vec<(&str, u64)> {
        let losses = self.report[fate].as_array().into_iter().flatten();
        losses.map(|it| (it["field"].as_str().unwrap(), it["count"].as_u64().unwrap())).collect()
    }
}

/// Renders a snapshot in one version, and holds the file to the standard.
pub(crate) fn render(snapshot: &dyn Snapshot, version: &str) -> Done {
    let mut request = renderers::request(ExportType::Sbom, Format::Cyclonedx);
    request.options.spec_version = Some(version.to_owned());
    let tenant: TenantId = "acme".parse().unwrap();
    let brief = Brief {
        export_id: ExportId::new(corpus::AT, &[5; 10]),
        tenant: &tenant,
        request: &request,
        created_at: corpus::AT,
        template: None,
        seal: None,
        pulse: &WitnessPulse::default(),
    };
    let mut out = Files::new();
    let rendered = CyclonedxRenderer.render(&brief, snapshot, &mut out).unwrap();
    let text = String::from_utf8(out.main().to_vec()).unwrap();
    let document = serde_json::from_str(&text).unwrap();
    if let Err(problem) = is_valid(&document) {
        panic!("CycloneDX {version}: {problem}");
    }
    assert_eq!(document["specVersion"], version);
    let report = match out.further() {
        [] => Value::Null,
        [(name, bytes)] if name == "conversion-report.json" => serde_json::from_slice(bytes).unwrap(),
        other => panic!("unexpected files: {:?}", other.iter().map(|(name, _)| name).collect::<Vec<_>>()),
    };
    Done { rendered, text, document, report }
}

/// A snapshot without findings, of these documents.
pub(crate) fn snapshot(documents: &[Value]) -> MemorySnapshot {
    documents.iter().fold(MemorySnapshot::new(vec![]), |snapshot, document| {
        snapshot.with_sbom(SbomFamily::Cyclonedx, "1.7", document)
    })
}

/// Holds a document to the table, and to the official schema where it is.
pub(crate) fn is_valid(document: &Value) -> Result<(), String> {
    let name = document["specVersion"].as_str().unwrap_or_default();
    let version: Version = name.parse().map_err(|_| format!("{name} is no version"))?;
    check(document, Object::DOCUMENT, version).map_err(|violation| violation.to_string())?;
    let schema = SCHEMAS.iter().find(|(known, _)| *known == name);
    let wrong = schema.into_iter().flat_map(|(_, schema)| schema.iter_errors(document));
    let wrong: Vec<String> = wrong.map(|error| format!("{} {error}", error.instance_path())).collect();
    if wrong.is_empty() { Ok(()) } else { Err(wrong.join("\n")) }
}

/// The folder of data that is not part of this repository; none, said loudly, if it is absent.
#[expect(clippy::print_stdout, reason = "a skipped test must be seen")]
pub(crate) fn shared(path: &str) -> Option<PathBuf> {
    let root = match std::env::var_os("EXPORT_SHARED_DATA") {
        Some(root) => PathBuf::from(root),
        None => Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data"),
    };
    let path = root.join(path);
    if !path.exists() {
        println!("SKIPPED: {} is absent", path.display());
        return None;
    }
    Some(path)
}

/// The official schema of one version, with formats.
fn schema(version: &str) -> Option<jsonschema::Validator> {
    let folder = shared("schemas/cyclonedx")?;
    let read =
        |name: &str| -> Value { serde_json::from_slice(&std::fs::read(folder.join(name)).unwrap()).unwrap() };
    let mut registry = jsonschema::Registry::new();
    for name in ["spdx.schema.json", "jsf-0.82.schema.json", "cryptography-defs.schema.json"] {
        registry = registry.add(format!("http://cyclonedx.org/schema/{name}"), read(name)).unwrap();
    }
    let registry = registry.prepare().unwrap();
    let options = jsonschema::options().with_registry(&registry).should_validate_formats(true);
    Some(options.build(&read(&format!("bom-{version}.schema.json"))).unwrap())
}
