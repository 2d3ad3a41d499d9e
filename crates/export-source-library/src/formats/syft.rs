//! Syft's own JSON, of the first schemas (1) and of today's (16), as a bill of materials.
//!
//! A document is read twice: for what it says of itself (`head`), which stands last; then element by element (`component`,
//! `file`). What CycloneDX has no member for becomes a property whose name begins with `syft:`.

mod component;
mod edges;
mod file;
mod head;

use std::collections::HashSet;

use export_core::digest::Digest;
use export_core::error::PortError;
use export_core::sbom::{SbomFamily, SbomHead, SbomPart, SbomSection};
use export_sbom::{Object, Version, check, mend};
use serde_json::{Value, json};

use self::component::Artifact;
use self::edges::{Edges, Relationship};
use self::file::File;
use self::head::Head;
use crate::document::Document;
use crate::emit::Emitter;
use crate::format::{Authority, Format};
use crate::json::JsonReader;
use crate::kit::Doubts;
use crate::shape::Root;

const REPEATED: &str = "A part whose id the document has already was left out";
const INVALID: &str = "A value that CycloneDX does not allow was kept as a property";

/// Syft.
pub(crate) static SYFT: Format = Format {
    key: "syft",
    name: "a Syft SBOM",
    is: |it| {
        it.root == Root::Object
            && (it.has("artifactRelationships") || it.has_all(&["artifacts", "descriptor"]))
    },
    about: Some(|document| Ok(Head::of(document.open()?)?.about())),
    authority: Authority::Sbom,
    sbom: Some(|document, _, emit| read(document, emit)),
    ..Format::NOTHING
};

fn read(document: &Document, emit: &mut Emitter<SbomPart<'static>>) -> Result<Digest, PortError> {
    let head = Head::of(document.open()?)?;
    let json = head.json().to_string();
    let bytes = json.len();
    let part = SbomHead {
        family: SbomFamily::Scan,
        spec_version: head.tool().into(),
        place: document.name.clone().into(),
        json: json.into(),
    };
    emit.item(SbomPart::Head(part), bytes)?;
    let mut walk = Walk { ids: HashSet::new(), edges: Edges::default(), doubts: Doubts::default(), emit };
    if let Some(system) = head.system() {
        walk.component(system, 256, &String::new)?;
    }
    let mut reader = JsonReader::new(document.open()?);
    reader.object()?;
    while let Some(member) = reader.member()? {
        walk.member(&member, &mut reader)?;
    }
    let Walk { ids, edges, doubts, emit, .. } = walk;
    edges.emit(&ids, head.id(), emit)?;
    doubts.tell(emit)?;
    reader.finish()
}

struct Walk<'a> {
    /// The names of what was emitted.
    ids: HashSet<String>,
    edges: Edges,
    doubts: Doubts,
    emit: &'a mut Emitter<SbomPart<'static>>,
}

impl Walk<'_> {
    fn member(&mut self, member: &str, reader: &mut JsonReader) -> Result<(), PortError> {
        if !matches!(member, "artifacts" | "files" | "artifactRelationships") {
            return reader.skip();
        }
        let entered = reader.array()?;
        while entered && reader.item()? {
            let span = reader.span()?;
            let place = || reader.place();
            match member {
                "artifacts" => {
                    let artifact: Artifact<'_> = reader.parse(&span)?;
                    if artifact.name.is_empty() {
                        return Err(reader.invalid_in(&span, "the artifact has no name", ""));
                    }
                    self.component(artifact.component(), span.len(), &place)?;
                }
                "files" => {
                    let file: File<'_> = reader.parse(&span)?;
                    self.component(file.component(), span.len(), &place)?;
                }
                _ => {
                    let relationship: Relationship<'_> = reader.parse(&span)?;
                    self.edges.add(&relationship, reader)?;
                }
            }
        }
        Ok(())
    }

    /// Emits a component that is valid CycloneDX.
    fn component(
        &mut self,
        mut component: Value,
        bytes: usize,
        place: &dyn Fn() -> String,
    ) -> Result<(), PortError> {
        let id = component["bom-ref"].as_str().unwrap_or_default();
        if !id.is_empty() && !self.ids.insert(id.to_owned()) {
            self.doubts.add(REPEATED, place);
            return Ok(());
        }
        let kind = Object::of(SbomSection::Components);
        while let Err(violation) = check(&component, kind, Version::V1_7) {
            if mend(&mut component, &violation).is_none() {
                keep(&mut component, &violation.pointer);
            }
            self.doubts.add(INVALID, place);
        }
        let part = SbomPart::Element { section: SbomSection::Components, json: component.to_string().into() };
        self.emit.item(part, bytes)
    }
}

/// Makes the member that `pointer` lies in a property.
fn keep(component: &mut Value, pointer: &str) {
    let member = pointer.split('/').nth(1).unwrap_or_default().to_owned();
    let Some(members) = component.as_object_mut() else { return };
    let value = members.remove(&member).unwrap_or_default();
    if member == "properties" {
        return;
    }
    let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let properties = members.entry("properties").or_insert_with(|| json!([]));
    properties.as_array_mut().into_iter().for_each(|all| all.push(property(&member, &value)));
}

/// A property of Syft.
fn property(name: &str, value: &str) -> Value {
    json!({"name": format!("syft:{name}"), "value": value})
}

/// A digest, if CycloneDX knows its algorithm and it has as many digits as it must.
fn hash_of(algorithm: &str, content: &str) -> Option<Value> {
    let (name, digits) = match algorithm {
        "md5" => ("MD5", 32),
        "sha1" => ("SHA-1", 40),
        "sha256" => ("SHA-256", 64),
        "sha384" => ("SHA-384", 96),
        "sha512" => ("SHA-512", 128),
        _ => return None,
    };
    let fits = content.len() == digits && content.bytes().all(|byte| byte.is_ascii_hexdigit());
    fits.then(|| json!({"alg": name, "content": content}))
}
