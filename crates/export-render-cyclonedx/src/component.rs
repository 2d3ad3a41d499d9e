//! Components: those of the documents, the artifacts they are about, and those that only findings name.

use std::collections::HashSet;
use std::io::Write;

use export_core::digest::Digest;
use export_core::finding::{Component, Finding};
use export_core::ports::RenderError;
use export_core::sbom::SbomSection;
use export_render_kit::json_stream::{JsonArray, JsonStream};
use export_sbom::Object;
use serde_json::{Value, json};

use crate::index::Index;
use crate::section::{hash, write_elements};
use crate::subject::Subject;
use crate::work::{Origin, Work};

/// Records between two beats.
const BEAT: u64 = 1_000;

/// Writes all components, and adds each to `index`.
pub(crate) fn write_components<W: Write>(
    work: &mut Work<'_>,
    subject: &Subject,
    index: &mut Index,
    stream: &mut JsonStream<W>,
) -> Result<(), RenderError> {
    let section = SbomSection::Components;
    let mut array = stream.array(section.as_str(), section.as_str())?;
    let mut count = 0;
    let has_findings = work.facts().totals.findings > 0;
    write_elements(work, section, &mut array, &mut |work, component, document| {
        count += 1;
        if has_findings {
            name(component, count);
            index.add(work.facts().sboms[document].scan_id.as_str(), component);
        }
    })?;
    for (_, part) in &subject.parts {
        let mut part = part.clone();
        if work.fit(&mut part, Object::of(section), Origin { field: "metadata.component", place: "" }) {
            array.item(&part)?;
        }
    }
    write_found(work, index, &mut array)?;
    array.end();
    Ok(())
}

/// Gives a component a name that findings can refer to, if it has none.
fn name(component: &mut Value, number: u64) {
    if component.get("bom-ref").is_none() {
        component["bom-ref"] = format!("export-center:component:{number}").into();
    }
}

/// Writes the components that only findings name.
fn write_found<W: Write>(
    work: &mut Work<'_>,
    index: &Index,
    array: &mut JsonArray<'_, W>,
) -> Result<(), RenderError> {
    let from = work.from;
    let mut cursor = from.findings()?;
    let mut written = HashSet::new();
    let mut read = 0;
    while let Some(record) = cursor.next()? {
        let finding = &record.finding;
        // A vulnerability affects something, if only the artifact's part that it was found in.
        let is_named = finding.vulnerability().is_some() || finding.listed_component().is_some();
        if is_named && listed(index, finding).is_none() {
            let mut found = found(work, finding);
            let is_new = written.insert(hash(&found["bom-ref"].to_string()));
            let origin = Origin { field: "findings[].component", place: &finding.id };
            if is_new && work.fit(&mut found, Object::of(SbomSection::Components), origin) {
                array.item(&found)?;
            }
        }
        read += 1;
        if read % BEAT == 0 {
            work.beat()?;
        }
    }
    Ok(())
}

/// The name of the component that a finding is in.
pub(crate) fn reference(work: &Work<'_>, index: &Index, finding: &Finding<'_>) -> String {
    listed(index, finding).map_or_else(|| found_name(work, &of_finding(finding)), str::to_owned)
}

/// The name of the component of a document that a finding is in.
fn listed<'i>(index: &'i Index, finding: &Finding<'_>) -> Option<&'i str> {
    index.find(&finding.scan_id, finding.component.as_ref())
}

/// The component of a finding; the artifact itself if the scanner names none.
fn of_finding<'f>(finding: &'f Finding<'f>) -> Component<'f> {
    let artifact = || Component { name: finding.image.as_str().into(), ..Component::default() };
    finding.component.clone().unwrap_or_else(artifact)
}

fn found(work: &Work<'_>, finding: &Finding<'_>) -> Value {
    let component = of_finding(finding);
    let mut found =
        json!({"type": "library", "bom-ref": found_name(work, &component), "name": component.name});
    if !component.version.is_empty() {
        found["version"] = component.version.as_str().into();
    }
    if let Some(purl) = purl(&component) {
        found["purl"] = purl.into();
    }
    if !component.ecosystem.is_empty() {
        found["properties"] = json!([{"name": "export-center:ecosystem", "value": component.ecosystem}]);
    }
    found
}

/// The package URL, or a digest of what a component without one has. Beside documents it gets a prefix that no
/// document uses.
fn found_name(work: &Work<'_>, component: &Component<'_>) -> String {
    let prefix = if work.facts().sboms.is_empty() { "" } else { "export-center:found:" };
    match purl(component) {
        Some(purl) => format!("{prefix}{purl}"),
        None => {
            let parts = [component.name.as_str(), &component.version, &component.ecosystem].join("\0");
            format!("{prefix}component:{}", &Digest::of(parts.as_bytes()).to_string()[..32])
        }
    }
}

fn purl<'f>(component: &'f Component<'_>) -> Option<&'f str> {
    component.purl.as_deref().filter(|purl| !purl.is_empty())
}
