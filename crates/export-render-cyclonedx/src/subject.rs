//! What the file is about: one artifact, or several that it is the sum of.

use export_core::ports::RenderError;
use export_core::sbom::SbomDocument;
use export_core::scan::ScanRef;
use export_sbom::is_serial_number;
use serde_json::{Value, json};

use crate::section::parse;
use crate::work::Work;

/// The name of the component that stands for the whole file, where no document has one.
const ROOT: &str = "export-center:root";

/// What the file is about.
pub(crate) struct Subject {
    /// The component of the whole file; none if its only document has none.
    pub(crate) root: Option<Value>,
    /// The artifacts that the whole consists of, each with its scan; empty if it is one artifact.
    pub(crate) parts: Vec<(String, Value)>,
    /// References to the documents that the file was made from.
    pub(crate) links: Vec<Value>,
    /// The documents' heads, renamed.
    pub(crate) heads: Vec<Value>,
}

impl Subject {
    pub(crate) fn of(work: &Work<'_>) -> Result<Self, RenderError> {
        let facts = work.facts();
        let mut heads = Vec::new();
        let mut artifacts: Vec<(String, Option<Value>)> = Vec::new();
        let mut links = Vec::new();
        for (index, document) in facts.sboms.iter().enumerate() {
            let mut head = parse(&document.head, &document.place)?;
            links.extend(link(&head));
            work.rename(&mut head, export_sbom::Object::DOCUMENT, index);
            let component = head["metadata"]["component"].take();
            artifacts.push((document.scan_id.to_string(), Some(component).filter(Value::is_object)));
            heads.push(head);
        }
        let listed = |scan: &ScanRef| facts.sboms.iter().any(|document| document.scan_id == scan.id);
        for scan in facts.scans.iter().map(|it| &it.scan).filter(|scan| !listed(scan)) {
            artifacts.push((scan.id.to_string(), Some(of_scan(scan))));
        }
        let (root, parts) = match artifacts.len() {
            1 => (artifacts.remove(0).1, vec![]),
            _ => (Some(whole(work)), parts(artifacts, &facts.sboms)),
        };
        Ok(Self { root, parts, links, heads })
    }

    /// That the whole depends on its parts; nothing if it has none.
    pub(crate) fn dependencies(&self) -> Vec<Value> {
        let parts: Vec<&Value> = self.parts.iter().filter_map(|(_, part)| part.get("bom-ref")).collect();
        if parts.is_empty() { vec![] } else { vec![json!({"ref": ROOT, "dependsOn": parts})] }
    }
}

/// Each artifact as a component with a name; a document that says nothing of its artifact is named after its file.
fn parts(artifacts: Vec<(String, Option<Value>)>, documents: &[SbomDocument]) -> Vec<(String, Value)> {
    let named = artifacts.into_iter().enumerate().map(|(index, (scan, component))| {
        let place = documents.get(index).map_or("", |document| &document.place);
        let mut component = component.unwrap_or_else(|| json!({"type": "application", "name": place}));
        if component.get("bom-ref").is_none() {
            component["bom-ref"] = format!("export-center:part:{}", index + 1).into();
        }
        (scan, component)
    });
    named.collect()
}

fn whole(work: &Work<'_>) -> Value {
    json!({"type": "application", "bom-ref": ROOT, "name": work.brief.tenant})
}

fn of_scan(scan: &ScanRef) -> Value {
    let kind = if scan.image_digest.is_some() { "container" } else { "application" };
    let mut component =
        json!({"type": kind, "bom-ref": format!("export-center:scan:{}", scan.id), "name": scan.image});
    if let Some(digest) = &scan.image_digest {
        component["version"] = digest.as_str().into();
    }
    component
}

/// A link to the document that had this head (BOM-Link), if it has a serial number.
fn link(head: &Value) -> Option<Value> {
    let number = head["serialNumber"].as_str().filter(|number| is_serial_number(number))?;
    let uuid = number.strip_prefix("urn:uuid:")?;
    let version = head["version"].as_u64().unwrap_or(1);
    Some(
        json!({"type": "bom", "url": format!("urn:cdx:{uuid}/{version}"), "comment": "what this file was made from"}),
    )
}
