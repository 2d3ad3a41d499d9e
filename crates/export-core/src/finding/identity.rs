//! The id of a finding.

use sha2::Digest as _;

use super::{FindingKind, Purl};
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
}
