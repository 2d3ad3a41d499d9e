//! What the tests of this crate share: rendering, and a reader that holds a log to the standard.

use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use export_contract::corpus;
use export_contract::renderers::{self, Files, WitnessPulse};
use export_core::catalogue::{ExportType, Format};
use export_core::id::{ExportId, TenantId};
use export_core::ports::{Brief, RenderError, Rendered, Renderer as _, Snapshot};
use export_render_sarif::SarifRenderer;
use serde_json::Value;

/// The official schema, where the shared test data are.
static VALIDATOR: LazyLock<Option<jsonschema::Validator>> = LazyLock::new(|| {
    let path = shared_data().join("schemas/sarif/sarif-schema-2.1.0.json");
    let Ok(bytes) = std::fs::read(&path) else {
        println!("SKIPPED: {} is absent", path.display());
        return None;
    };
    let schema: Value = serde_json::from_slice(&bytes).unwrap();
    Some(jsonschema::options().should_validate_formats(true).build(&schema).unwrap())
});

pub(crate) fn shared_data() -> PathBuf {
    match std::env::var_os("EXPORT_SHARED_DATA") {
        Some(root) => root.into(),
        None => Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data"),
    }
}

/// Renders a scan report with `options`, which are JSON.
pub(crate) fn render(snapshot: &dyn Snapshot, options: &str) -> Result<(Rendered, Files), RenderError> {
    render_as(ExportType::ScanReport, snapshot, options)
}

/// The same of any type.
pub(crate) fn render_as(
    kind: ExportType,
    snapshot: &dyn Snapshot,
    options: &str,
) -> Result<(Rendered, Files), RenderError> {
    let dir = tempfile::tempdir().unwrap();
    let mut request = renderers::request(kind, Format::Sarif);
    request.options = serde_json::from_str(options).unwrap();
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
    let mut files = Files::new();
    let rendered = SarifRenderer::new(dir.path()).render(&brief, snapshot, &mut files)?;
    Ok((rendered, files))
}

/// Reads a log and says what of it breaks the standard.
pub(crate) fn read(bytes: &[u8]) -> Result<Value, String> {
    let log: Value = serde_json::from_slice(bytes).map_err(|error| error.to_string())?;
    if let Some(validator) = &*VALIDATOR {
        let wrong: Vec<_> =
            validator.iter_errors(&log).map(|error| format!("{} {error}", error.instance_path())).collect();
        if !wrong.is_empty() {
            return Err(wrong.join("\n"));
        }
    }
    log["runs"].as_array().unwrap().iter().try_for_each(holds_together)?;
    Ok(log)
}

/// Whether what a run refers to is there, and its URIs and levels are what the standard asks for.
fn holds_together(run: &Value) -> Result<(), String> {
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    for (at, rule) in rules.iter().enumerate() {
        let named = ["shortDescription", "fullDescription", "help"]
            .iter()
            .all(|it| !text(&rule[*it]["text"]).is_empty());
        let score: f64 = text(&rule["properties"]["security-severity"]).parse().unwrap();
        let tags = rule["properties"]["tags"].as_array().unwrap().len();
        if !named || text(&rule["help"]["markdown"]).is_empty() || !(0.0..=10.0).contains(&score) || tags > 10
        {
            return Err(format!("rule {at}: {rule}"));
        }
        for relationship in rule["relationships"].as_array().into_iter().flatten() {
            taxon_is_there(run, &relationship["target"])?;
        }
    }
    let results = run["results"].as_array().unwrap();
    results.iter().try_for_each(|result| {
        if rules[index(&result["ruleIndex"])]["id"] != result["ruleId"] {
            return Err(format!("another rule stands at the index of {result}"));
        }
        if (text(&result["kind"]) == "fail") == (text(&result["level"]) == "none")
            || text(&result["message"]["text"]).is_empty()
        {
            return Err(format!("kind, level and message of {result}"));
        }
        let invocation = result["provenance"]["invocationIndex"].as_u64();
        let is_absent = result["baselineState"] == "absent";
        let scan =
            invocation.map(|at| &run["invocations"][usize::try_from(at).unwrap()]["properties"]["scanId"]);
        if scan.is_none_or(|scan| *scan != result["properties"]["scanId"]) && !is_absent {
            return Err(format!("another scan: {result}"));
        }
        result["taxa"].as_array().into_iter().flatten().try_for_each(|taxon| taxon_is_there(run, taxon))?;
        let related = result["relatedLocations"].as_array().into_iter().flatten();
        result["locations"].as_array().unwrap().iter().chain(related).try_for_each(is_relative)
    })
}

fn taxon_is_there(run: &Value, reference: &Value) -> Result<(), String> {
    let taxon = &run["taxonomies"][0]["taxa"][index(&reference["index"])];
    if taxon["id"] == reference["id"] { Ok(()) } else { Err(format!("{reference} is {taxon}")) }
}

/// RFC 3986, a path that stays below its base: `path-noscheme` without empty and dot segments.
fn is_relative(location: &Value) -> Result<(), String> {
    let artifact = &location["physicalLocation"]["artifactLocation"];
    let uri = text(&artifact["uri"]);
    let is_path =
        uri.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~@+,=!$&'()*;/%".contains(&byte));
    let escapes = uri
        .split('%')
        .skip(1)
        .all(|rest| rest.len() >= 2 && rest.as_bytes()[..2].iter().all(u8::is_ascii_hexdigit));
    let segments = uri.split('/').all(|segment| !matches!(segment, "" | "." | ".."));
    let based = artifact["uriBaseId"] == "%SRCROOT%";
    if is_path && escapes && segments && based {
        Ok(())
    } else {
        Err(format!("{artifact} is no relative path"))
    }
}

/// A text, empty if it is absent.
pub(crate) fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

/// A number that counts places.
pub(crate) fn index(value: &Value) -> usize {
    usize::try_from(value.as_u64().unwrap()).unwrap()
}
