//! Packages and files (SPDX 3.0.1, Software).

mod second;

use export_core::finding::Component;
use export_core::ports::RenderError;
use export_core::scan::ScanRef;
use export_core::time::Timestamp;
use serde_json::{Value, json};

use super::graph::{Graph, external_ref, identifier, properties};
use super::licence;
use crate::document::seconds;
use crate::object::{Object, Put as _};
use crate::part::{Part, Reference, is_reference};

/// The purposes of SPDX 3.0.1.
const PURPOSES: [&str; 28] = [
    "application",
    "archive",
    "bom",
    "configuration",
    "container",
    "data",
    "device",
    "deviceDriver",
    "diskImage",
    "documentation",
    "evidence",
    "executable",
    "file",
    "filesystemImage",
    "firmware",
    "framework",
    "install",
    "library",
    "manifest",
    "model",
    "module",
    "operatingSystem",
    "other",
    "patch",
    "platform",
    "requirement",
    "source",
    "test",
];

/// Types of external references: CycloneDX, SPDX.
const REFERENCES: [(&str, &str); 28] = [
    ("advisories", "securityAdvisory"),
    ("adversary-model", "securityAdversaryModel"),
    ("attestation", "secureSoftwareAttestation"),
    ("build-meta", "buildMeta"),
    ("build-system", "buildSystem"),
    ("certification-report", "certificationReport"),
    ("chat", "chat"),
    ("component-analysis-report", "componentAnalysisReport"),
    ("distribution", "altDownloadLocation"),
    ("documentation", "documentation"),
    ("dynamic-analysis-report", "dynamicAnalysisReport"),
    ("exploitability-statement", "vulnerabilityExploitabilityAssessment"),
    ("issue-tracker", "issueTracker"),
    ("license", "license"),
    ("mailing-list", "mailingList"),
    ("pentest-report", "securityPenTestReport"),
    ("quality-metrics", "metrics"),
    ("release-notes", "releaseNotes"),
    ("risk-assessment", "riskAssessment"),
    ("runtime-analysis-report", "runtimeAnalysisReport"),
    ("social", "socialMedia"),
    ("source-distribution", "sourceArtifact"),
    ("static-analysis-report", "staticAnalysisReport"),
    ("support", "support"),
    ("threat-model", "securityThreatModel"),
    ("vcs", "vcs"),
    ("vulnerability-assertion", "vulnerabilityDisclosureReport"),
    ("website", "altWebPage"),
];

/// Writes the element of a component, what it refers to, and its licences.
pub(super) fn write(id: &str, source: u8, mut part: Part, graph: &mut Graph<'_>) -> Result<(), RenderError> {
    let is_file = part.is_file();
    let mut element = graph.element(if is_file { "software_File" } else { "software_Package" }, id);
    element.put("name", part.name.as_str());
    if !is_file {
        package(&mut part, &mut element);
    }
    element.put_some("software_primaryPurpose", purpose(is_file, source, &mut part, id, graph));
    element.put_some("description", part.description.as_deref());
    for member in ["summary", "comment"] {
        element.put_some(member, part.kept.one(member));
    }
    element.put_some("software_copyrightText", part.copyright.as_deref());
    element.put_list("software_attributionText", part.kept.texts("attributionTexts"));
    times(&mut part, &mut element);
    if let Some(supplier) = &part.supplier {
        element.put("suppliedBy", graph.agent(supplier)?);
    }
    if let Some(originator) = &part.originator {
        element.put("originatedBy", json!([graph.agent(originator)?]));
    }
    element.put_list("verifiedUsing", integrity(&part));
    element.put_list("externalIdentifier", identifiers(&part));
    element.put_list("externalRef", references(&part, id, graph));
    for member in ["contentType", "software_fileKind"] {
        element.put_some(member, part.kept.one(member).filter(|_| is_file));
    }
    for member in ["standardName", "supportLevel", "software_additionalPurpose"] {
        element.put_list(member, part.kept.texts(member));
    }
    element.put_list("software_contentIdentifier", part.kept.objects("software_contentIdentifier"));
    let mut extensions = properties(part.rest.iter().map(|(name, value)| (name.as_str(), value.as_str())));
    extensions.extend(part.kept.objects("extension"));
    element.put_list("extension", extensions);
    graph.write(&element)?;
    second::annotations(id, &part, graph)?;
    licences(id, &part, graph)
}

/// What the scanned artifact is where no document has it as a component.
pub(super) fn artifact(id: &str, scan: &ScanRef) -> Object {
    let mut element = Object::new();
    element.put("type", "software_Package");
    element.put("spdxId", id);
    element.put("creationInfo", super::graph::CREATION);
    element.put("name", if scan.image.is_empty() { scan.id.as_str() } else { &scan.image });
    let digest = scan.image_digest.as_deref().and_then(|digest| digest.strip_prefix("sha256:"));
    if let Some(digits) =
        digest.filter(|digits| digits.len() == 64 && digits.bytes().all(|byte| byte.is_ascii_hexdigit()))
    {
        element.put("software_primaryPurpose", "container");
        element.put_list("verifiedUsing", vec![hash("sha256", digits)]);
    }
    element
}

/// A component that only findings name.
pub(super) fn named(id: &str, component: &Component<'_>, graph: &Graph<'_>) -> Object {
    let purl = component.purl.as_deref().unwrap_or_default();
    let name = [&*component.name, purl, "unnamed"].into_iter().find(|name| !name.is_empty());
    let mut element = graph.element("software_Package", id);
    element.put_some("name", name);
    element
        .put_some("software_packageVersion", Some(&*component.version).filter(|version| !version.is_empty()));
    package_url(purl, &mut element);
    element
}

fn package(part: &mut Part, element: &mut Object) {
    element.put_some("software_packageVersion", part.version.as_deref());
    package_url(part.purl.as_deref().unwrap_or_default(), element);
    let said = |text: &&str| !matches!(*text, "NONE" | "NOASSERTION" | "") && is_reference(text);
    element.put_some("software_downloadLocation", part.download.as_deref().filter(said));
    element.put_some("software_homePage", part.homepage.as_deref().filter(said));
    element.put_some("software_sourceInfo", part.kept.one("sourceInfo"));
}

/// A package URL has a member of its own if it is a URL, and is an identifier like any other if it is none.
fn package_url(purl: &str, element: &mut Object) {
    if purl.starts_with("pkg:") && is_reference(purl) {
        element.put("software_packageUrl", purl);
    } else if !purl.is_empty() {
        element.put_list("externalIdentifier", vec![identifier("other", purl)]);
    }
}

fn purpose(
    is_file: bool,
    source: u8,
    part: &mut Part,
    id: &str,
    graph: &mut Graph<'_>,
) -> Option<&'static str> {
    if let Some(kept) = part.kept.one("purpose") {
        let kept = if kept == "OPERATING-SYSTEM" { "operatingSystem".to_owned() } else { kept.to_owned() };
        let lower = kept.to_ascii_lowercase();
        let known = PURPOSES.iter().find(|purpose| **purpose == kept || **purpose == lower);
        return Some(known.copied().unwrap_or("other"));
    }
    match part.kind.as_str() {
        "file" if is_file => None,
        "library" if source != 0 => None,
        "operating-system" => Some("operatingSystem"),
        "device-driver" => Some("deviceDriver"),
        "machine-learning-model" => Some("model"),
        kind => Some(PURPOSES.iter().find(|purpose| **purpose == kind).copied().unwrap_or_else(|| {
            let why =
                "SPDX 3.0.1 has no such purpose, so it is other; a property of the package holds the type";
            graph.change("components[].type", why, id);
            part.rest.push(("cyclonedx:type".to_owned(), Value::from(kind).to_string()));
            "other"
        })),
    }
}

/// A time that is none stays as a property.
fn times(part: &mut Part, element: &mut Object) {
    for (member, kept) in
        [("builtTime", "builtDate"), ("releaseTime", "releaseDate"), ("validUntilTime", "validUntilDate")]
    {
        let Some(text) = part.kept.one(kept).map(str::to_owned) else { continue };
        match time(&text) {
            Some(time) => element.put(member, time),
            None => part.rest.push((format!("spdx:{kept}"), text)),
        }
    }
}

/// A time as SPDX writes it; none if it is none.
pub(super) fn time(text: &str) -> Option<String> {
    text.parse::<Timestamp>().ok().map(seconds)
}

fn integrity(part: &Part) -> Vec<Value> {
    let name = |algorithm: &str| match algorithm {
        "SHA-1" | "SHA-256" | "SHA-384" | "SHA-512" => algorithm.replace('-', "").to_ascii_lowercase(),
        "SHA3-256" | "SHA3-384" | "SHA3-512" => algorithm.replace('-', "_").to_ascii_lowercase(),
        other => other.replace('-', "").to_ascii_lowercase(),
    };
    let mut methods: Vec<Value> =
        part.hashes.iter().map(|(algorithm, digits)| hash(&name(algorithm), digits)).collect();
    methods.extend(second::checksums(part));
    methods.extend(part.kept.objects("verifiedUsing"));
    methods
}

/// A hash (SPDX 3.0.1, Core).
fn hash(algorithm: &str, digits: &str) -> Value {
    json!({"type": "Hash", "algorithm": algorithm, "hashValue": digits})
}

fn identifiers(part: &Part) -> Vec<Value> {
    let purl = part.purl.as_deref().filter(|purl| !(purl.starts_with("pkg:") && is_reference(purl)));
    let mut identifiers: Vec<Value> = purl.map(|purl| identifier("other", purl)).into_iter().collect();
    if let Some(cpe) = part.cpe.as_deref() {
        identifiers.push(identifier(if cpe.starts_with("cpe:2.3:") { "cpe23" } else { "cpe22" }, cpe));
    }
    identifiers.extend(part.swhids.iter().map(|id| identifier("swhid", id)));
    identifiers.extend(part.gitoids.iter().map(|id| identifier("gitoid", id)));
    identifiers.extend(second::identifiers(part));
    identifiers.extend(part.kept.objects("externalIdentifier"));
    identifiers
}

fn references(part: &Part, id: &str, graph: &mut Graph<'_>) -> Vec<Value> {
    let mut references = Vec::new();
    for Reference { kind, url, comment } in &part.references {
        if !is_reference(url) {
            graph.lose("components[].externalReferences[]", "SPDX wants a locator that is a URI", id);
            continue;
        }
        references.push(match REFERENCES.iter().find(|(cyclonedx, _)| cyclonedx == kind) {
            Some((_, spdx)) => external_ref(spdx, url, comment.as_deref()),
            None => {
                let comment =
                    [Some(kind.as_str()), comment.as_deref()].into_iter().flatten().collect::<Vec<_>>();
                external_ref("other", url, Some(&comment.join(": ")))
            }
        });
    }
    references.extend(second::references(part));
    references.extend(part.kept.objects("externalRef"));
    references
}

fn licences(id: &str, part: &Part, graph: &mut Graph<'_>) -> Result<(), RenderError> {
    for (said, kind) in [(&part.declared, "hasDeclaredLicense"), (&part.concluded, "hasConcludedLicense")] {
        let Some(said) = said else { continue };
        let licence = licence::write(said, graph)?;
        let mut relationship = graph.element("Relationship", &format!("{id}-{kind}"));
        relationship.put("relationshipType", kind);
        relationship.put("from", id);
        relationship.put("to", json!([licence]));
        graph.write(&relationship)?;
    }
    Ok(())
}
