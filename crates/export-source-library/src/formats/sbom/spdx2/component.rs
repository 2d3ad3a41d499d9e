//! Packages and files as CycloneDX components.

use serde_json::{Value, json};

use crate::formats::sbom::spdx::agent::{Agent, AgentKind};
use crate::formats::sbom::spdx::doubts::Doubt;
use crate::formats::sbom::spdx::element::{Element, Object};
use crate::formats::sbom::spdx::licence::{Acknowledgement, OwnLicences};
use crate::formats::sbom::spdx::members::{Members, text_of};
use crate::formats::sbom::spdx::value::{hash, is_reference, says_something};

/// Which list an element stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Source {
    Package,
    File,
}

impl Source {
    /// The list's name.
    pub(super) const fn list(self) -> &'static str {
        match self {
            Self::Package => "packages",
            Self::File => "files",
        }
    }
}

/// The component of a package or file, or what is wrong with it.
pub(super) fn component(source: Source, mut from: Members<'_>, own: &OwnLicences) -> Result<Element, String> {
    let mut to = Element::default();
    match from.text("SPDXID")?.filter(|id| !id.is_empty()) {
        Some(id) => to.put("bom-ref", id),
        None => from.doubt(Doubt::NoId),
    }
    match source {
        Source::Package => package(&mut from, &mut to)?,
        Source::File => file(&mut from, &mut to)?,
    }
    checksums(&mut from, &mut to)?;
    licence("licenseDeclared", Acknowledgement::Declared, own, &mut from, &mut to)?;
    licence("licenseConcluded", Acknowledgement::Concluded, own, &mut from, &mut to)?;
    match from.text("copyrightText")? {
        Some(text) if says_something(&text) => to.put("copyright", text),
        Some(text) => to.keep_text("copyrightText", &text),
        None => {}
    }
    annotations(&mut from, &mut to)?;
    from.keep_rest(&mut to);
    Ok(to)
}

/// Our writer keeps CycloneDX properties in an annotation; all others are kept as they are.
fn annotations(from: &mut Members<'_>, to: &mut Element) -> Result<(), String> {
    for annotation in from.objects("annotations")? {
        let is_ours = text_of(&annotation, "annotator").starts_with("Tool: export-center-");
        let properties =
            text_of(&annotation, "comment").strip_prefix("CycloneDX properties: ").filter(|_| is_ours);
        match properties.and_then(|json| serde_json::from_str::<Vec<Object>>(json).ok()) {
            Some(properties) => {
                properties.iter().for_each(|it| to.restore(text_of(it, "name"), text_of(it, "value")));
            }
            None => to.keep("annotations", &Value::Object(annotation)),
        }
    }
    Ok(())
}

fn package(from: &mut Members<'_>, to: &mut Element) -> Result<(), String> {
    let name = from.text("name")?.ok_or("the package has no `name`")?;
    to.put("name", name);
    to.put_some("version", from.text("versionInfo")?);
    purpose(from, to)?;
    describe(from, to)?;
    agent("supplier", from, to)?;
    agent("originator", from, to)?;
    locations(from, to)?;
    external_references(from, to)?;
    // Told as relationships.
    from.value("hasFiles");
    Ok(())
}

fn file(from: &mut Members<'_>, to: &mut Element) -> Result<(), String> {
    to.put("type", "file");
    to.put("name", from.text("fileName")?.ok_or("the file has no `fileName`")?);
    Ok(())
}

/// CycloneDX must have a type. `library` alone stands for a package that does not say what it is for.
fn purpose(from: &mut Members<'_>, to: &mut Element) -> Result<(), String> {
    let Some(purpose) = from.text("primaryPackagePurpose")? else {
        to.put("type", "library");
        return Ok(());
    };
    let (kind, is_exact) = match purpose.as_str() {
        "APPLICATION" => ("application", true),
        "FRAMEWORK" => ("framework", true),
        "CONTAINER" => ("container", true),
        "OPERATING-SYSTEM" => ("operating-system", true),
        "DEVICE" => ("device", true),
        "FIRMWARE" => ("firmware", true),
        "OPERATING_SYSTEM" => {
            from.doubt(Doubt::UnknownWord);
            ("operating-system", true)
        }
        "FILE" => ("file", false),
        "LIBRARY" | "SOURCE" | "ARCHIVE" | "INSTALL" | "OTHER" => ("library", false),
        _ => {
            from.doubt(Doubt::UnknownWord);
            ("library", false)
        }
    };
    to.put("type", kind);
    if !is_exact {
        to.keep_text("primaryPackagePurpose", &purpose);
    }
    Ok(())
}

/// CycloneDX has one description; a summary stands for a missing one, and is kept as what it is.
fn describe(from: &mut Members<'_>, to: &mut Element) -> Result<(), String> {
    let (description, summary) = (from.text("description")?, from.text("summary")?);
    if let Some(summary) = &summary {
        to.keep_text("summary", summary);
    }
    to.put_some("description", description.or(summary));
    Ok(())
}

fn agent(member: &str, from: &mut Members<'_>, to: &mut Element) -> Result<(), String> {
    let Some(text) = from.text(member)? else { return Ok(()) };
    let agent = Agent::parse(&text).filter(|agent| agent.kind != AgentKind::Tool);
    let exact = agent.as_ref().is_some_and(|agent| agent.text() == text);
    match (member, agent) {
        ("supplier", Some(agent)) => {
            to.put("supplier", agent.entity());
            if !exact || agent.kind == AgentKind::Person {
                to.keep_text(member, &text);
            }
        }
        (_, Some(agent)) => {
            match agent.kind {
                AgentKind::Person => to.push("authors", agent.contact()),
                AgentKind::Organization | AgentKind::Tool => to.put("publisher", agent.name),
            }
            if !exact || agent.email.is_some() {
                to.keep_text(member, &text);
            }
        }
        (_, None) => {
            if says_something(&text) {
                from.doubt(Doubt::NoAgentKind);
            }
            to.keep_text(member, &text);
        }
    }
    Ok(())
}

fn locations(from: &mut Members<'_>, to: &mut Element) -> Result<(), String> {
    match from.text("downloadLocation")? {
        Some(text) if says_something(&text) && is_reference(&text) => {
            let kind = if text.starts_with("git+") { "vcs" } else { "distribution" };
            to.push("externalReferences", json!({"type": kind, "url": text}));
        }
        Some(text) => to.keep_text("downloadLocation", &text),
        None => from.doubt(Doubt::NoDownloadLocation),
    }
    match from.text("homepage")? {
        Some(text) if says_something(&text) && is_reference(&text) => {
            to.push("externalReferences", json!({"type": "website", "url": text}));
        }
        Some(text) => to.keep_text("homepage", &text),
        None => {}
    }
    Ok(())
}

/// The first package URL and the first CPE have members of their own; everything else is kept as a property.
fn external_references(from: &mut Members<'_>, to: &mut Element) -> Result<(), String> {
    for reference in from.objects("externalRefs")? {
        let (kind, locator) = (text_of(&reference, "referenceType"), text_of(&reference, "referenceLocator"));
        let has_comment = reference.contains_key("comment");
        match kind {
            "purl" if !has_comment && to.get("purl").is_none() => to.put("purl", locator),
            "cpe23Type" | "cpe22Type" if !has_comment && to.get("cpe").is_none() => to.put("cpe", locator),
            "swh" if !has_comment => to.push("swhid", locator.into()),
            "gitoid" if !has_comment => to.push("omniborId", locator.into()),
            _ => {
                if kind == "advisory" && is_reference(locator) {
                    to.push("externalReferences", json!({"type": "advisories", "url": locator}));
                }
                to.keep("externalRefs", &Value::Object(reference));
            }
        }
    }
    Ok(())
}

fn checksums(from: &mut Members<'_>, to: &mut Element) -> Result<(), String> {
    for checksum in from.objects("checksums")? {
        match hash(text_of(&checksum, "algorithm"), text_of(&checksum, "checksumValue")) {
            Some(hash) => to.push("hashes", hash),
            None => to.keep("checksums", &Value::Object(checksum)),
        }
    }
    Ok(())
}

fn licence(
    member: &str,
    said_by: Acknowledgement,
    own: &OwnLicences,
    from: &mut Members<'_>,
    to: &mut Element,
) -> Result<(), String> {
    match from.text(member)? {
        Some(text) if says_something(&text) => {
            let choices = own.choices(&text, said_by).unwrap_or_else(|(choices, doubt)| {
                from.doubt(doubt);
                choices
            });
            choices.into_iter().for_each(|choice| to.push("licenses", choice));
        }
        Some(text) => to.keep_text(member, &text),
        None => {}
    }
    Ok(())
}

/// A digest by which an image is known, of an object that may be an image.
pub(super) fn image_digest(object: &Object) -> Option<String> {
    let version = text_of(object, "versionInfo");
    let locators = object.get("externalRefs").and_then(Value::as_array).into_iter().flatten();
    let purls = locators
        .filter_map(|it| it.get("referenceLocator")?.as_str())
        .filter(|it| it.starts_with("pkg:oci/"));
    let of_purl = |purl: &str| {
        let digest = purl.split_once("@sha256")?.1.get(1..)?.trim_start_matches("3A");
        Some(format!("sha256:{}", digest.split(['?', '#']).next()?))
    };
    let named = [version, text_of(object, "name")].into_iter().find(|text| text.starts_with("sha256:"));
    named.map(str::to_owned).or_else(|| purls.filter_map(of_purl).next())
}
