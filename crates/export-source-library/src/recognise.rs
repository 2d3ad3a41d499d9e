//! What a file is, told by its content. A name is never asked.

use export_core::error::PortError;

use crate::guard;
use crate::input::{Input, Position};
use crate::json::JsonReader;
use crate::trivy::{Head, HeadMembers};

/// The content of a file.
#[derive(Debug)]
pub(crate) enum Content {
    /// A Trivy JSON report of schema version 2.
    Trivy(Box<Head>),
    /// An OpenVEX document.
    OpenVex,
    /// What a guard of AI-written code found.
    Guard(guard::Head),
    /// Policy verdicts, one a line.
    Verdicts,
    /// CISA's catalogue of known exploited vulnerabilities.
    KnownExploited,
    /// FIRST's EPSS scores.
    Epss,
    /// A CycloneDX SBOM.
    Cyclonedx,
    /// An SPDX 2 document.
    Spdx2,
    /// An SPDX 3 document.
    Spdx3,
    /// Nothing that is read: the words follow "this is" or "this looks like".
    Other(String),
}

/// Members that only one kind of document has, and what that is. Looked at in the order of the file.
const TELLING: [(&str, &str); 11] = [
    ("runs", "a SARIF log"),
    ("matches", "a Grype report"),
    ("artifactRelationships", "a Syft SBOM"),
    ("product_tree", "a CSAF document"),
    ("predicateType", "an in-toto statement"),
    ("payloadType", "a DSSE envelope"),
    ("ClusterName", "a Trivy report about a Kubernetes cluster"),
    ("check_type", "a Checkov report"),
    ("checks_passed", "a Checkov report"),
    ("generated_at", "a Bandit report"),
    ("interfile_languages_used", "a Semgrep report"),
];

/// Tells what a file is, reading no further than needed: the head of a report, not its results.
///
/// # Errors
/// If it begins as JSON and is not, if it is cut off, or if it is in an encoding that is not read.
pub(crate) fn recognise(mut input: Input) -> Result<Content, PortError> {
    while input.window().len() < 64 && input.fill()? {}
    let start = input.window();
    let refused = |what: &str| Err(input.invalid(what, "", Position::default()));
    if start.starts_with(b"\x1F\x8B") {
        return refused("gzip-compressed files are not read yet: unpack it");
    }
    if start.starts_with(b"\xFF\xFE") || start.starts_with(b"\xFE\xFF") {
        return refused("the file is UTF-16 text: save it as UTF-8");
    }
    if start.starts_with(b"#model_version") || start.starts_with(b"cve,epss,percentile") {
        return Ok(Content::Epss);
    }
    let mut reader = JsonReader::new(input);
    match reader.peek()? {
        None => Ok(Content::Other("an empty file".into())),
        Some(b'{') => recognise_object(reader),
        Some(b'[') => recognise_list(reader),
        Some(b'n') if reader.value::<()>().is_ok() => Ok(Content::Other("`null`".into())),
        Some(b'<') => Ok(Content::Other("XML or HTML".into())),
        Some(_) => Ok(Content::Other("no JSON".into())),
    }
}

fn recognise_object(mut reader: JsonReader) -> Result<Content, PortError> {
    let mut head = HeadMembers::default();
    let mut guard = guard::HeadMembers::default();
    let mut names = Vec::new();
    reader.object()?;
    while let Some(name) = reader.member()? {
        if let Some((_, what)) = TELLING.iter().find(|(telling, _)| *telling == name) {
            return Ok(Content::Other((*what).into()));
        }
        match name.as_str() {
            "catalogVersion" => return Ok(Content::KnownExploited),
            "bomFormat" => return Ok(Content::Cyclonedx),
            "spdxVersion" => return Ok(Content::Spdx2),
            "@context" | "$schema" => {
                // A context may be one of several.
                let span = reader.span()?;
                let schema = String::from_utf8_lossy(reader.text(&span)).into_owned();
                if let Some(content) = of_schema(&schema) {
                    return Ok(content);
                }
            }
            "Results" if head.is_complete() => return head.read().map(Content::Trivy),
            _ if guard::HeadMembers::takes(&name) => {
                guard.take(&name, &mut reader)?;
                if guard.is_complete() {
                    return guard.read().map(Content::Guard);
                }
            }
            _ if HeadMembers::takes(&name) => head.take(&name, &mut reader)?,
            _ => reader.skip()?,
        }
        names.push(name);
        let has = |wanted: &str| names.iter().any(|name| name == wanted);
        if has("decision") && has("policy") {
            return Ok(Content::Verdicts);
        }
    }
    if guard.is_report() {
        return guard.read().map(Content::Guard);
    }
    match head.schema_version() {
        Some("2") => head.read().map(Content::Trivy),
        Some(other) => Ok(Content::Other(format!("a report of schema version {other}; Trivy's is 2"))),
        None if names.is_empty() => Ok(Content::Other("`{}`".into())),
        None => {
            names.truncate(5);
            Ok(Content::Other(format!("JSON of an unknown kind, with the members {}", names.join(", "))))
        }
    }
}

/// The kinds of documents that name their schema: `text` is the value of `@context` or `$schema`.
fn of_schema(text: &str) -> Option<Content> {
    let other = |what: &str| Some(Content::Other(what.into()));
    match text {
        _ if text.contains("openvex") => Some(Content::OpenVex),
        _ if text.contains("spdx.org") => Some(Content::Spdx3),
        _ if text.contains("sarif") => other("a SARIF log"),
        _ if text.contains("cyclonedx") => Some(Content::Cyclonedx),
        _ => None,
    }
}

fn recognise_list(mut reader: JsonReader) -> Result<Content, PortError> {
    reader.array()?;
    if !reader.item()? {
        return Ok(Content::Other("`[]`".into()));
    }
    if reader.peek()? == Some(b'{') {
        reader.object()?;
        while let Some(name) = reader.member()? {
            if name == "Target" {
                let what = "a Trivy report of schema version 1; scan again with a current Trivy";
                return Ok(Content::Other(what.into()));
            }
            reader.skip()?;
        }
    }
    Ok(Content::Other("a JSON list of an unknown kind".into()))
}
