//! The packages that a report lists (`--list-all-pkgs`), as a bill of materials.
//!
//! A package is a component whose name (`bom-ref`) is its entry of `Results` with its id there, for Trivy's ids are
//! unique within an entry only. What CycloneDX has no member for becomes a property with the name that Trivy itself
//! gives it.

use std::collections::HashSet;

use export_core::digest::Digest;
use export_core::error::PortError;
use export_core::sbom::{SbomFamily, SbomHead, SbomPart, SbomSection};
use export_core::text::Text;
use export_sbom::is_spdx_id;
use serde_json::{Map, Value, json};

use super::head::Head;
use super::section::Layer;
use crate::emit::Emitter;
use crate::input::Input;
use crate::json::{JsonReader, Span, members};

/// The name of the artifact's own component.
const ROOT: &str = "artifact";

members! {
    struct Identifier<'a> {
        purl: Text<'a> = "PURL",
    }
    struct Package<'a> {
        id: Text<'a> = "ID",
        name: Text<'a> = "Name",
        identifier: Identifier<'a> = "Identifier",
        version: Text<'a> = "Version",
        release: Text<'a> = "Release",
        epoch: u64 = "Epoch",
        source_name: Text<'a> = "SrcName",
        source_version: Text<'a> = "SrcVersion",
        licences: Vec<Text<'a>> = "Licenses" | "License",
        maintainer: Text<'a> = "Maintainer",
        depends_on: Vec<Text<'a>> = "DependsOn",
        layer: Layer<'a> = "Layer",
        path: Text<'a> = "FilePath",
        digest: Text<'a> = "Digest",
    }
}

/// Whether the report lists any package.
pub(crate) fn lists_packages(input: Input) -> Result<bool, PortError> {
    let mut reader = JsonReader::new(input);
    let mut found = false;
    each(&mut reader, |_, _, _, _| {
        found = true;
        Ok(false)
    })?;
    Ok(found)
}

/// Reads the packages of a report to its end: a head, then each package with what it depends on.
pub(crate) fn read(
    input: Input,
    head: &Head,
    artifact: &str,
    emit: &mut Emitter<SbomPart<'static>>,
) -> Result<Digest, PortError> {
    let place = input.file().to_owned();
    let json = head_json(head, artifact).to_string();
    let bytes = json.len();
    let part = SbomHead {
        family: SbomFamily::Scan,
        spec_version: head.tool.clone().into(),
        place: place.into(),
        json: json.into(),
    };
    emit.item(SbomPart::Head(part), bytes)?;
    let mut reader = JsonReader::new(input);
    let mut names = HashSet::new();
    each(&mut reader, |reader, section, ecosystem, span| {
        let package: Package<'_> = reader.parse(span)?;
        let name = format!("{section}/{}", package.key());
        // Without an id, a package that lies in two places is listed twice without a difference.
        if names.insert(hash(&name)) {
            let component = package.component(&name, ecosystem);
            emit.item(element(SbomSection::Components, &component), span.len())?;
            if !package.depends_on.is_empty() {
                let dependency = package.dependency(&name, section);
                emit.item(element(SbomSection::Dependencies, &dependency), 0)?;
            }
        }
        Ok(true)
    })?;
    reader.finish()
}

fn head_json(head: &Head, artifact: &str) -> Value {
    let kind = if head.is_image() { "container" } else { "application" };
    let (tool, version) = head.tool.split_once(' ').unwrap_or((&head.tool, ""));
    let mut tool = json!({"type": "application", "name": tool});
    if !version.is_empty() {
        tool["version"] = version.into();
    }
    let mut metadata = json!({
        "tools": {"components": [tool]},
        "component": {"type": kind, "bom-ref": ROOT, "name": artifact},
    });
    if let Some(at) = head.created_at {
        metadata["timestamp"] = at.to_string().into();
    }
    if let Some(digest) = head.digest() {
        metadata["component"]["version"] = digest.into();
    }
    json!({ "metadata": metadata })
}

fn element(section: SbomSection, json: &Value) -> SbomPart<'static> {
    SbomPart::Element { section, json: json.to_string().into() }
}

impl Package<'_> {
    /// What tells it apart in its entry.
    fn key(&self) -> String {
        if self.id.is_empty() {
            format!("{}@{} {}", self.name, self.version(), self.path)
        } else {
            self.id.to_string()
        }
    }

    /// The version as the package manager writes it.
    fn version(&self) -> String {
        let epoch = if self.epoch > 0 { format!("{}:", self.epoch) } else { String::new() };
        let release = if self.release.is_empty() { String::new() } else { format!("-{}", self.release) };
        format!("{epoch}{}{release}", self.version)
    }

    fn component(&self, name: &str, ecosystem: &str) -> Value {
        let mut component = Map::new();
        let mut put = |member: &str, value: Value| drop(component.insert(member.to_owned(), value));
        put("type", "library".into());
        put("bom-ref", name.into());
        put("name", self.name.as_str().into());
        if !self.version.is_empty() {
            put("version", self.version().into());
        }
        if !self.identifier.purl.is_empty() {
            put("purl", self.identifier.purl.as_str().into());
        }
        if !self.maintainer.is_empty() {
            put("supplier", json!({"name": self.maintainer}));
        }
        if let Some(hash) = hash_of(&self.digest) {
            put("hashes", json!([hash]));
        }
        if !self.licences.is_empty() {
            put("licenses", self.licences.iter().map(|licence| licence_of(licence)).collect());
        }
        let properties = self.properties(ecosystem);
        if !properties.is_empty() {
            put("properties", properties.into());
        }
        Value::Object(component)
    }

    fn properties(&self, ecosystem: &str) -> Vec<Value> {
        let (layer, diff) = self.layer.digests();
        let all = [
            ("PkgID", self.id.as_str()),
            ("PkgType", ecosystem),
            ("SrcName", &self.source_name),
            ("SrcVersion", &self.source_version),
            ("FilePath", &self.path),
            ("LayerDigest", layer),
            ("LayerDiffID", diff),
        ];
        let known = all.into_iter().filter(|(_, value)| !value.is_empty());
        known
            .map(|(name, value)| json!({"name": format!("aquasecurity:trivy:{name}"), "value": value}))
            .collect()
    }

    fn dependency(&self, name: &str, section: usize) -> Value {
        let mut needed: Vec<String> = self.depends_on.iter().map(|id| format!("{section}/{id}")).collect();
        needed.sort();
        needed.dedup();
        json!({"ref": name, "dependsOn": needed})
    }
}

fn licence_of(licence: &str) -> Value {
    let member = if is_spdx_id(licence) { "id" } else { "name" };
    json!({"license": {member: licence}})
}

/// A digest such as `sha256:...`, if CycloneDX knows its algorithm and it has as many digits as it must.
fn hash_of(digest: &str) -> Option<Value> {
    let (algorithm, content) = digest.split_once(':')?;
    let (algorithm, digits) = match algorithm {
        "md5" => ("MD5", 32),
        "sha1" => ("SHA-1", 40),
        "sha256" => ("SHA-256", 64),
        _ => return None,
    };
    let fits = content.len() == digits && content.bytes().all(|byte| byte.is_ascii_hexdigit());
    fits.then(|| json!({"alg": algorithm, "content": content}))
}

fn hash(name: &str) -> [u8; 16] {
    use sha2::Digest as _;
    *sha2::Sha256::digest(name).first_chunk().expect("SHA-256 has 32 bytes")
}

/// Calls `visit` with each package, the index and the type of its entry of `Results`, until it says false.
fn each(
    reader: &mut JsonReader,
    mut visit: impl FnMut(&JsonReader, usize, &str, &Span) -> Result<bool, PortError>,
) -> Result<(), PortError> {
    reader.object()?;
    while let Some(name) = reader.member()? {
        if name != "Results" {
            reader.skip()?;
            continue;
        }
        let mut section = 0;
        let entered = reader.array()?;
        while entered && reader.item()? {
            let mut ecosystem = String::new();
            reader.object()?;
            while let Some(name) = reader.member()? {
                match name.as_str() {
                    "Type" => ecosystem = reader.value::<Option<String>>()?.unwrap_or_default(),
                    "Packages" => {
                        let entered = reader.array()?;
                        while entered && reader.item()? {
                            let span = reader.span()?;
                            if !visit(reader, section, &ecosystem, &span)? {
                                return Ok(());
                            }
                        }
                    }
                    _ => reader.skip()?,
                }
            }
            section += 1;
        }
    }
    Ok(())
}
