//! Packages and files as CycloneDX components.

use serde_json::{Value, json};

use super::index::Index;
use super::node::{Node, id_of};
use crate::formats::sbom::spdx::agent::{Agent, AgentKind};
use crate::formats::sbom::spdx::doubts::{Doubt, Doubts};
use crate::formats::sbom::spdx::element::Element;
use crate::formats::sbom::spdx::licence::Acknowledgement;
use crate::formats::sbom::spdx::members::{Members, text_of};
use crate::formats::sbom::spdx::value::{hash, is_reference, says_something};

/// Types of external references: SPDX, CycloneDX.
const REFERENCES: [(&str, &str); 19] = [
    ("altDownloadLocation", "distribution"),
    ("altWebPage", "website"),
    ("buildMeta", "build-meta"),
    ("buildSystem", "build-system"),
    ("certificationReport", "certification-report"),
    ("chat", "chat"),
    ("componentAnalysisReport", "component-analysis-report"),
    ("documentation", "documentation"),
    ("dynamicAnalysisReport", "dynamic-analysis-report"),
    ("issueTracker", "issue-tracker"),
    ("license", "license"),
    ("mailingList", "mailing-list"),
    ("releaseNotes", "release-notes"),
    ("securityAdvisory", "advisories"),
    ("socialMedia", "social"),
    ("sourceArtifact", "source-distribution"),
    ("staticAnalysisReport", "static-analysis-report"),
    ("support", "support"),
    ("vcs", "vcs"),
];

/// Whether elements of this class are components.
pub(super) fn is_component(kind: &str) -> bool {
    matches!(kind, "software_Package" | "software_File" | "ai_AIPackage" | "dataset_DatasetPackage")
}

/// The component of an element, or what is wrong with it.
pub(super) fn component(node: Node, index: &Index, doubts: &mut Doubts) -> Result<Element, String> {
    let (id, kind) = (node.id().to_owned(), node.kind().to_owned());
    let licences = index.licences_of(&id);
    let has_own_creation = index.creation_of(&node).id() != index.creation.id();
    let mut from = Members::new(node.into_object(), doubts);
    let mut to = Element::default();
    let taken = ["spdxId", "@id", "type", "@type"];
    taken.iter().for_each(|member| drop(from.value(member)));
    from.value("creationInfo");
    if has_own_creation {
        from.doubt(Doubt::OwnCreation);
    }
    if id.is_empty() {
        from.doubt(Doubt::NoId);
    } else {
        to.put("bom-ref", id);
    }
    to.put("name", from.text("name")?.ok_or("the element has no `name`")?);
    to.put_some("version", from.text("software_packageVersion")?);
    purpose(&kind, &mut from, &mut to)?;
    describe(&mut from, &mut to)?;
    to.put_some("purl", from.text("software_packageUrl")?.filter(|purl| !purl.is_empty()));
    agents(index, &mut from, &mut to);
    hashes(&mut from, &mut to)?;
    identifiers(&mut from, &mut to)?;
    references(&mut from, &mut to)?;
    for (licence, said_by) in
        licences.into_iter().zip([Acknowledgement::Declared, Acknowledgement::Concluded])
    {
        put_licence(licence, said_by, index, &mut from, &mut to);
    }
    extensions(&mut from, &mut to)?;
    from.keep_rest(&mut to);
    Ok(to)
}

/// CycloneDX must have a type. `library` alone stands for a package that does not say what it is for.
fn purpose(kind: &str, from: &mut Members<'_>, to: &mut Element) -> Result<(), String> {
    let purpose = from.text("software_primaryPurpose")?;
    let of_class = match kind {
        "software_File" => Some("file"),
        "ai_AIPackage" => Some("machine-learning-model"),
        "dataset_DatasetPackage" => Some("data"),
        _ => None,
    };
    let of_purpose = match purpose.as_deref() {
        Some(exact @ ("application" | "framework" | "container" | "device" | "firmware" | "platform")) => {
            Some(exact)
        }
        Some("operatingSystem") => Some("operating-system"),
        Some("deviceDriver") => Some("device-driver"),
        Some("model") => Some("machine-learning-model"),
        Some("data") => Some("data"),
        Some(_) | None => None,
    };
    to.put("type", of_class.or(of_purpose).unwrap_or("library"));
    if (of_class.is_some() || of_purpose.is_none())
        && let Some(purpose) = purpose
    {
        to.keep_text("software_primaryPurpose", &purpose);
    }
    if kind.starts_with("ai_") || kind.starts_with("dataset_") {
        to.keep_text("type", kind);
    }
    Ok(())
}

fn describe(from: &mut Members<'_>, to: &mut Element) -> Result<(), String> {
    let (description, summary) = (from.text("description")?, from.text("summary")?);
    if let Some(summary) = &summary {
        to.keep_text("summary", summary);
    }
    to.put_some("description", description.or(summary));
    match from.text("software_copyrightText")? {
        Some(text) if says_something(&text) => to.put("copyright", text),
        Some(text) => to.keep_text("software_copyrightText", &text),
        None => {}
    }
    for (member, kind) in [("software_downloadLocation", "distribution"), ("software_homePage", "website")] {
        match from.text(member)? {
            Some(url) if says_something(&url) && is_reference(&url) => {
                to.push("externalReferences", json!({"type": kind, "url": url}));
            }
            Some(other) => to.keep_text(member, &other),
            None => {}
        }
    }
    Ok(())
}

fn agents(index: &Index, from: &mut Members<'_>, to: &mut Element) {
    for value in from.list("suppliedBy") {
        match id_of(&value).and_then(|id| index.agent(id)) {
            Some(agent) => {
                to.put("supplier", agent.entity());
                if agent.kind != AgentKind::Organization {
                    to.keep_text("suppliedBy", &agent.text());
                }
            }
            None => to.keep("suppliedBy", &value),
        }
    }
    for value in from.list("originatedBy") {
        match id_of(&value).and_then(|id| index.agent(id)) {
            Some(agent @ Agent { kind: AgentKind::Person, .. }) => to.push("authors", agent.contact()),
            Some(agent) if to.get("publisher").is_none() && agent.email.is_none() => {
                to.put("publisher", agent.name.clone());
            }
            Some(agent) => to.keep_text("originatedBy", &agent.text()),
            None => to.keep("originatedBy", &value),
        }
    }
}

fn hashes(from: &mut Members<'_>, to: &mut Element) -> Result<(), String> {
    for method in from.objects("verifiedUsing")? {
        match hash(text_of(&method, "algorithm"), text_of(&method, "hashValue")) {
            Some(hash) if text_of(&method, "type") == "Hash" && !method.contains_key("comment") => {
                to.push("hashes", hash);
            }
            _ => to.keep("verifiedUsing", &Value::Object(method)),
        }
    }
    Ok(())
}

fn identifiers(from: &mut Members<'_>, to: &mut Element) -> Result<(), String> {
    for identifier in from.objects("externalIdentifier")? {
        let value = text_of(&identifier, "identifier");
        let is_bare = identifier.len() == 3;
        match text_of(&identifier, "externalIdentifierType") {
            "packageUrl" if is_bare && to.get("purl").is_none_or(|purl| purl == value) => {
                to.put("purl", value);
            }
            "cpe23" | "cpe22" if is_bare && to.get("cpe").is_none() => to.put("cpe", value),
            "swhid" if is_bare => to.push("swhid", value.into()),
            "gitoid" if is_bare => to.push("omniborId", value.into()),
            _ => to.keep("externalIdentifier", &Value::Object(identifier)),
        }
    }
    Ok(())
}

fn references(from: &mut Members<'_>, to: &mut Element) -> Result<(), String> {
    for reference in from.objects("externalRef")? {
        let kind = text_of(&reference, "externalRefType");
        let known = REFERENCES.iter().find(|(spdx, _)| *spdx == kind);
        let locators = match reference.get("locator") {
            Some(Value::Array(locators)) => locators.iter().filter_map(Value::as_str).collect(),
            Some(Value::String(locator)) => vec![locator.as_str()],
            _ => vec![],
        };
        match known {
            Some((_, kind))
                if !locators.is_empty() && locators.iter().all(|locator| is_reference(locator)) =>
            {
                for locator in locators {
                    let mut kept = json!({"type": kind, "url": locator});
                    if let Some(comment) = reference.get("comment") {
                        kept["comment"] = comment.clone();
                    }
                    to.push("externalReferences", kept);
                }
            }
            _ => to.keep("externalRef", &Value::Object(reference)),
        }
    }
    Ok(())
}

fn put_licence(
    licence: Option<String>,
    said_by: Acknowledgement,
    index: &Index,
    from: &mut Members<'_>,
    to: &mut Element,
) {
    match licence {
        Some(text) if says_something(&text) => {
            let choices = index.licences.own().choices(&text, said_by).unwrap_or_else(|(choices, doubt)| {
                from.doubt(doubt);
                choices
            });
            choices.into_iter().for_each(|choice| to.push("licenses", choice));
        }
        Some(text) => {
            let member = match said_by {
                Acknowledgement::Declared => "hasDeclaredLicense",
                Acknowledgement::Concluded => "hasConcludedLicense",
            };
            to.keep_text(member, &text);
        }
        None => {}
    }
}

/// CycloneDX properties have a place of their own in SPDX 3.
fn extensions(from: &mut Members<'_>, to: &mut Element) -> Result<(), String> {
    for extension in from.objects("extension")? {
        if text_of(&extension, "type") != "extension_CdxPropertiesExtension" {
            to.keep("extension", &Value::Object(extension));
            continue;
        }
        let entries = extension.get("extension_cdxProperty").and_then(Value::as_array).into_iter().flatten();
        for entry in entries.filter_map(Value::as_object) {
            let (name, value) =
                (text_of(entry, "extension_cdxPropName"), text_of(entry, "extension_cdxPropValue"));
            to.restore(name, value);
        }
    }
    Ok(())
}
