//! Packages (SPDX 2.3, 7).

use export_core::finding::Component;
use export_core::scan::ScanRef;
use export_render_kit::conversion::{Fate, Losses};
use serde_json::{Value, json};

use super::annotation::Stamp;
use crate::agent::Agent;
use crate::object::{Object, Put as _};
use crate::part::{Part, Reference, is_download, is_reference, is_web};

/// The purposes of SPDX 2.3 (7.24).
const PURPOSES: [&str; 12] = [
    "APPLICATION",
    "FRAMEWORK",
    "LIBRARY",
    "CONTAINER",
    "OPERATING-SYSTEM",
    "DEVICE",
    "FIRMWARE",
    "SOURCE",
    "ARCHIVE",
    "FILE",
    "INSTALL",
    "OTHER",
];

/// The package of a component.
pub(super) fn package(id: &str, source: u8, part: &mut Part, stamp: &Stamp, losses: &mut Losses) -> Object {
    let mut package = Object::new();
    package.put("SPDXID", id);
    package.put("name", part.name.as_str());
    package.put_some("versionInfo", part.version.as_deref());
    package.put_some("primaryPackagePurpose", purpose(source, part, id, losses));
    locations(source, part, id, losses, &mut package);
    for (member, agent) in [("supplier", &part.supplier), ("originator", &part.originator)] {
        let word = part.kept.one(member).filter(|word| *word == "NOASSERTION").map(str::to_owned);
        package.put_some(member, agent.as_ref().map(Agent::to_text).or(word));
    }
    // Absent in SPDX means that they were; a package of another origin has no files in the document.
    match part.kept.one("filesAnalyzed") {
        Some(analyzed) => package.put("filesAnalyzed", analyzed == "true"),
        None if source == 0 => package.put("filesAnalyzed", false),
        None => {}
    }
    package.put_list("checksums", checksums(part));
    package.put_list("externalRefs", external_references(part, id, losses));
    package.put_some("description", part.description.as_deref());
    common(part, stamp, &mut package);
    let texts = ["summary", "sourceInfo", "packageFileName", "builtDate", "releaseDate", "validUntilDate"];
    texts.iter().for_each(|member| package.put_some(member, part.kept.one(member)));
    package.put_list("licenseInfoFromFiles", part.kept.texts("licenseInfoFromFiles"));
    package.put_some("packageVerificationCode", part.kept.objects("packageVerificationCode").pop());
    package
}

/// What packages and files have in common.
pub(super) fn common(part: &Part, stamp: &Stamp, to: &mut Object) {
    to.put_some("licenseDeclared", part.declared.as_ref().map(|said| said.expression.as_str()));
    to.put_some("licenseConcluded", part.concluded.as_ref().map(|said| said.expression.as_str()));
    to.put_some("copyrightText", part.copyright.as_deref());
    to.put_some("comment", part.kept.one("comment"));
    to.put_some("licenseComments", part.kept.one("licenseComments"));
    to.put_list("attributionTexts", part.kept.texts("attributionTexts"));
    let mut annotations = part.kept.objects("annotations");
    annotations.extend(stamp.properties(&part.rest));
    to.put_list("annotations", annotations);
}

/// The checksums (SPDX 2.3, 7.10), with those that CycloneDX has no name for.
pub(super) fn checksums(part: &Part) -> Vec<Value> {
    let name = |algorithm: &str| match algorithm {
        "SHA-1" | "SHA-256" | "SHA-384" | "SHA-512" => algorithm.replace('-', ""),
        other => other.to_owned(),
    };
    let hashes = part.hashes.iter();
    let mut checksums: Vec<Value> = hashes
        .map(|(algorithm, digits)| json!({"algorithm": name(algorithm), "checksumValue": digits}))
        .collect();
    checksums.extend(part.kept.objects("checksums"));
    checksums
}

/// What the scanned artifact is where no document has it as a component.
pub(super) fn artifact(id: &str, scan: &ScanRef) -> Object {
    let mut package = Object::new();
    package.put("SPDXID", id);
    package.put("name", if scan.image.is_empty() { scan.id.as_str() } else { &scan.image });
    package.put("downloadLocation", "NOASSERTION");
    package.put("filesAnalyzed", false);
    let digest = scan.image_digest.as_deref().and_then(|digest| digest.strip_prefix("sha256:"));
    if let Some(digits) =
        digest.filter(|digits| digits.len() == 64 && digits.bytes().all(|byte| byte.is_ascii_hexdigit()))
    {
        package.put("primaryPackagePurpose", "CONTAINER");
        package.put_list(
            "checksums",
            vec![json!({"algorithm": "SHA256", "checksumValue": digits.to_ascii_lowercase()})],
        );
    }
    package
}

/// A component that only findings name.
pub(super) fn named(id: &str, component: &Component<'_>, losses: &mut Losses) -> Object {
    let purl = component.purl.as_deref().unwrap_or_default();
    let name = [&*component.name, purl, "unnamed"].into_iter().find(|name| !name.is_empty());
    let mut package = Object::new();
    package.put("SPDXID", id);
    package.put_some("name", name);
    package.put_some("versionInfo", Some(&*component.version).filter(|version| !version.is_empty()));
    package.put("downloadLocation", "NOASSERTION");
    package.put("filesAnalyzed", false);
    let reference = package_url(purl);
    if reference.is_none() && !purl.is_empty() {
        losses.note("findings[].component.purl", Fate::Dropped, "SPDX 2.3 wants one without spaces", id);
    }
    package.put_list("externalRefs", reference.into_iter().collect());
    package
}

/// What is no address stays as a property; an SPDX 2 document keeps its own words.
fn locations(source: u8, part: &mut Part, id: &str, losses: &mut Losses, package: &mut Object) {
    let is_download = |text: &String| source == 2 || is_download(text);
    let is_homepage =
        |text: &String| source == 2 || is_web(text) || matches!(text.as_str(), "NONE" | "NOASSERTION");
    let mut refuse = |member: &str, text: Option<String>| {
        let Some(text) = text else { return };
        let why = "SPDX 2.3 wants an address there; an annotation of the package holds it";
        losses.note(&format!("components[] ({member})"), Fate::Changed, why, id);
        part.rest.push((format!("spdx:{member}"), text));
    };
    let (download, refused) = split(part.download.take().filter(|text| !text.is_empty()), is_download);
    refuse("downloadLocation", refused);
    let (homepage, refused) = split(part.homepage.take(), is_homepage);
    refuse("homepage", refused);
    package.put("downloadLocation", download.as_deref().unwrap_or("NOASSERTION"));
    package.put_some("homepage", homepage);
}

fn split(text: Option<String>, is_good: impl Fn(&String) -> bool) -> (Option<String>, Option<String>) {
    match text {
        Some(text) if is_good(&text) => (Some(text), None),
        other => (None, other),
    }
}

fn purpose(source: u8, part: &mut Part, id: &str, losses: &mut Losses) -> Option<&'static str> {
    if let Some(kept) = part.kept.one("purpose") {
        let known = PURPOSES.iter().find(|purpose| **purpose == kept);
        return known.copied().or(Some("OTHER"));
    }
    let purpose = match part.kind.as_str() {
        "library" if source != 0 => return None,
        "library" => "LIBRARY",
        "application" => "APPLICATION",
        "framework" => "FRAMEWORK",
        "container" => "CONTAINER",
        "operating-system" => "OPERATING-SYSTEM",
        "device" => "DEVICE",
        "firmware" => "FIRMWARE",
        "file" => "FILE",
        _ => {
            let why =
                "SPDX 2.3 has no such purpose, so it is OTHER; an annotation of the package holds the type";
            losses.note("components[].type", Fate::Changed, why, id);
            part.rest.push(("cyclonedx:type".to_owned(), Value::from(part.kind.as_str()).to_string()));
            "OTHER"
        }
    };
    Some(purpose)
}

/// The external references (SPDX 2.3, 7.21), with those that CycloneDX has no member for.
fn external_references(part: &Part, id: &str, losses: &mut Losses) -> Vec<Value> {
    let mut references = Vec::new();
    for (member, text) in [("purl", &part.purl), ("cpe", &part.cpe)] {
        let Some(text) = text else { continue };
        match if member == "purl" { package_url(text) } else { cpe(text) } {
            Some(reference) => references.push(reference),
            None => losses.note(
                &format!("components[].{member}"),
                Fate::Dropped,
                "SPDX 2.3 wants one without spaces",
                id,
            ),
        }
    }
    let persistent =
        part.swhids.iter().map(|id| ("swh", id)).chain(part.gitoids.iter().map(|id| ("gitoid", id)));
    references.extend(persistent.map(|(kind, locator)| reference("PERSISTENT-ID", kind, locator)));
    let kept = part.kept.objects("externalRefs");
    for it in &part.references {
        let is_kept = kept.iter().any(|kept| kept["referenceLocator"] == it.url.as_str());
        match external_reference(it) {
            Some(reference) if !is_kept => references.push(reference),
            Some(_) => {}
            None => losses.note(
                "components[].externalReferences[]",
                Fate::Dropped,
                "SPDX wants a locator without spaces",
                id,
            ),
        }
    }
    references.extend(kept);
    references
}

fn external_reference(it: &Reference) -> Option<Value> {
    if !is_reference(&it.url) {
        return None;
    }
    let is_advisory = it.kind == "advisories" && is_web(&it.url);
    let (category, kind) = if is_advisory { ("SECURITY", "advisory") } else { ("OTHER", it.kind.as_str()) };
    let mut written = reference(category, kind, &it.url);
    if let Some(comment) = &it.comment {
        written["comment"] = comment.as_str().into();
    }
    Some(written)
}

/// A package URL as the standard has it, or as another reference where it breaks its form; none if no reference can be it.
fn package_url(purl: &str) -> Option<Value> {
    let is_one = purl.strip_prefix("pkg:").is_some_and(|rest| {
        rest.split_once('/').is_some_and(|(kind, name)| !kind.is_empty() && !name.is_empty())
    });
    let category = if is_one { "PACKAGE-MANAGER" } else { "OTHER" };
    is_locator(purl).then(|| reference(category, "purl", purl))
}

/// A CPE as the standard has it, or as another reference where it breaks its form; none if no reference can be it.
fn cpe(cpe: &str) -> Option<Value> {
    let kind = if cpe.starts_with("cpe:2.3:") { "cpe23Type" } else { "cpe22Type" };
    let category = if is_cpe(cpe) { "SECURITY" } else { "OTHER" };
    is_locator(cpe).then(|| reference(category, kind, cpe))
}

fn is_locator(text: &str) -> bool {
    !text.is_empty() && !text.contains(|c: char| c.is_whitespace() || c.is_control())
}

/// Whether a text has the form of a CPE (SPDX 2.3, F.2.1 and F.2.2), as far as its parts go.
fn is_cpe(cpe: &str) -> bool {
    let is_plain =
        |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_' | '*' | '?' | '~' | '%');
    let Some(parts) = cpe.strip_prefix("cpe:2.3:") else {
        return cpe.starts_with("cpe:/")
            && cpe[5..].chars().all(|c| c == ':' || is_plain(c))
            && cpe.matches(':').count() <= 7;
    };
    let (mut count, mut escaped) = (1, false);
    for c in parts.chars() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            ':' => count += 1,
            c if is_plain(c) => {}
            _ => return false,
        }
    }
    count == 11 && !parts.contains("::")
}

fn reference(category: &str, kind: &str, locator: &str) -> Value {
    json!({"referenceCategory": category, "referenceType": kind, "referenceLocator": locator})
}
