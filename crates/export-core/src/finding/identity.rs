//! The id of a finding.

use std::borrow::Cow;

use sha2::Digest as _;

use super::{Component, FindingKind, Purl, Vulnerability};
use crate::id::base32;

/// The stable id of a finding: `fnd-` and 26 digits of Crockford base32.
///
/// The digits are the first 128 bits of SHA-256 over a version tag and, each behind a NUL, the kind, the
/// artifact, the target, the component's package URL without qualifiers (or its name, where there is none), the
/// rule and the place in the artifact. Neither the scan, nor the tool's version, nor texts, nor severity take part,
/// so the same weakness keeps its id from one run to the next.
#[must_use]
pub fn finding_id(
    kind: FindingKind,
    artifact: &str,
    target: &str,
    component: &str,
    rule: &str,
    place: &str,
) -> String {
    let mut hasher = sha2::Sha256::new_with_prefix(b"finding/v1");
    for part in [kind.as_str(), artifact, target, Purl::of(component).without_qualifiers(), rule, place] {
        hasher.update([0]);
        hasher.update(part.as_bytes());
    }
    let digest = hasher.finalize();
    let head = digest.first_chunk::<16>().expect("SHA-256 has 32 bytes");
    format!("fnd-{}", base32(u128::from_be_bytes(*head)))
}

/// The stable id of a vulnerability in a component, whichever tool found it.
///
/// As [`finding_id`], of the artifact, the component's package URL without qualifiers (or its name and version), the
/// vulnerability's [canonical id](Vulnerability::canonical_id) and [the component's place](component_place). The part of the
/// artifact (a tool's "target") takes no part: tools name it differently, and the same tool from one version to the next.
#[must_use]
pub fn vulnerability_finding_id(
    artifact: &str,
    component: &Component<'_>,
    vulnerability: &Vulnerability<'_>,
    path: &str,
) -> String {
    let named = component_identity(component);
    let place = component_place(component, path);
    finding_id(FindingKind::Vulnerability, artifact, "", &named, vulnerability.canonical_id(), place)
}

/// What makes two components the same: the package URL without qualifiers; where there is none, name and version.
#[must_use]
pub fn component_identity<'a>(component: &'a Component<'_>) -> Cow<'a, str> {
    match &component.purl {
        Some(purl) if !purl.is_empty() => Purl::of(purl).without_qualifiers().into(),
        _ if component.version.is_empty() => component.name.as_str().into(),
        _ => format!("{}@{}", component.name, component.version).into(),
    }
}

/// Where a component lies, as all tools can tell it: its path without a slash or `./` before it. A package of the system is in
/// the system's database, of which tools name different files, or none: it has no place.
#[must_use]
pub fn component_place<'a>(component: &Component<'_>, path: &'a str) -> &'a str {
    const OF_THE_SYSTEM: [&str; 6] =
        ["pkg:deb/", "pkg:rpm/", "pkg:apk/", "pkg:alpm/", "pkg:ebuild/", "pkg:qpkg/"];
    let purl = component.purl.as_deref().unwrap_or_default();
    if OF_THE_SYSTEM.iter().any(|kind| purl.starts_with(kind)) {
        return "";
    }
    path.trim_start_matches("./").trim_start_matches('/')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn qualifiers_do_not_change_the_id_and_parts_do_not_run_together() {
        let id = |target: &str, component: &str| {
            finding_id(FindingKind::Vulnerability, "image", target, component, "CVE-2024-1", "")
        };
        assert_eq!(id("t", "pkg:deb/debian/x@1?arch=amd64"), id("t", "pkg:deb/debian/x@1"));
        assert_ne!(id("ta", "b"), id("t", "ab"));
        assert_eq!(id("t", "x").len(), 30);
    }

    #[test]
    fn two_tools_give_a_vulnerability_one_id() {
        let id = |purl: &'static str, id: &'static str, alias: Option<&'static str>, path: &str| {
            let component = Component {
                name: "x".into(),
                version: "1".into(),
                purl: Some(purl.into()),
                ..Component::default()
            };
            let aliases = alias.into_iter().map(Into::into).collect();
            let vulnerability = Vulnerability { id: id.into(), aliases, ..Vulnerability::default() };
            vulnerability_finding_id("app", &component, &vulnerability, path)
        };
        let npm = id("pkg:npm/x@1", "CVE-2024-1", None, "a/package-lock.json");
        assert_eq!(npm, id("pkg:npm/x@1", "GHSA-1", Some("CVE-2024-1"), "/a/package-lock.json"));
        assert_ne!(npm, id("pkg:npm/x@1", "CVE-2024-1", None, "b/package-lock.json"), "two places are two");
        let deb = id("pkg:deb/debian/x@1?arch=amd64", "CVE-2024-1", None, "");
        assert_eq!(
            deb,
            id("pkg:deb/debian/x@1?arch=amd64&distro=12", "CVE-2024-1", None, "/var/lib/dpkg/status")
        );
    }
}
