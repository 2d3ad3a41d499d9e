//! What a document of SPDX 2 kept of a component, in the terms of SPDX 3.

use export_core::ports::RenderError;
use serde_json::{Value, json};

use super::hash;
use crate::agent::Agent;
use crate::object::{Put as _, text};
use crate::part::{Part, is_reference};
use crate::v3::annotation;
use crate::v3::graph::{Graph, external_ref, identifier};

/// Checksums whose algorithms CycloneDX does not have, and the code over a package's files.
pub(super) fn checksums(part: &Part) -> Vec<Value> {
    let kept = part.kept.objects("checksums");
    let checksums = kept.iter().filter_map(Value::as_object).map(|checksum| {
        let algorithm = text(checksum, "algorithm").replace('-', "").to_ascii_lowercase();
        hash(&algorithm, text(checksum, "checksumValue"))
    });
    let codes = part.kept.objects("packageVerificationCode");
    let codes = codes.iter().filter_map(Value::as_object).map(|code| {
        let mut written = json!({
            "type": "PackageVerificationCode",
            "algorithm": "sha1",
            "hashValue": text(code, "packageVerificationCodeValue"),
        });
        if let Some(excluded) = code.get("packageVerificationCodeExcludedFiles") {
            written["packageVerificationCodeExcludedFile"] = excluded.clone();
        }
        written
    });
    checksums.chain(codes).collect()
}

/// Further package URLs and CPEs.
pub(super) fn identifiers(part: &Part) -> Vec<Value> {
    let kept = part.kept.objects("externalRefs");
    let kind = |kind: &str| match kind {
        "cpe22Type" => Some("cpe22"),
        "cpe23Type" => Some("cpe23"),
        "purl" => Some("packageUrl"),
        "swid" => Some("swid"),
        "swh" => Some("swhid"),
        "gitoid" => Some("gitoid"),
        _ => None,
    };
    let identifiers = kept.iter().filter_map(Value::as_object).filter_map(|reference| {
        let mut written =
            identifier(kind(text(reference, "referenceType"))?, text(reference, "referenceLocator"));
        if let Some(comment) = reference.get("comment") {
            written["comment"] = comment.clone();
        }
        Some(written)
    });
    identifiers.collect()
}

/// All other external references.
pub(super) fn references(part: &Part) -> Vec<Value> {
    let kept = part.kept.objects("externalRefs");
    let references = kept.iter().filter_map(Value::as_object).filter_map(|reference| {
        let (kind, locator) = (text(reference, "referenceType"), text(reference, "referenceLocator"));
        if matches!(kind, "cpe22Type" | "cpe23Type" | "purl" | "swid" | "swh" | "gitoid")
            || !is_reference(locator)
        {
            return None;
        }
        let comment = reference.get("comment").and_then(Value::as_str);
        Some(match kind {
            // CycloneDX has it as one of its own references.
            "advisory" => return None,
            "bower" | "npm" | "nuget" => external_ref(kind, locator, comment),
            "maven-central" => external_ref("mavenCentral", locator, comment),
            "fix" => external_ref("securityFix", locator, comment),
            "url" => external_ref("securityOther", locator, comment),
            other => {
                let comment = [Some(other), comment].into_iter().flatten().collect::<Vec<_>>().join(": ");
                external_ref("other", locator, Some(&comment))
            }
        })
    });
    references.collect()
}

/// Annotations, which are elements of their own now.
pub(super) fn annotations(id: &str, part: &Part, graph: &mut Graph<'_>) -> Result<(), RenderError> {
    for kept in part.kept.objects("annotations") {
        let Some(kept) = kept.as_object() else { continue };
        let annotator = Agent::of_text(text(kept, "annotator"));
        let mut element = annotation::element(annotator.as_ref(), text(kept, "annotationDate"), graph)?;
        element
            .put("annotationType", if text(kept, "annotationType") == "REVIEW" { "review" } else { "other" });
        element.put("subject", id);
        element.put("statement", text(kept, "comment"));
        graph.write(&element)?;
    }
    Ok(())
}
