//! Ids: each a function of what it names, so that every pass and every reference comes to the same.

use export_core::digest::Digest;
use export_core::id::base32;

/// What an id names, in sixteen bytes.
pub(crate) type Token = u128;

/// The first 128 bits of SHA-256 over the parts, each behind a NUL.
pub(crate) fn token(parts: &[&str]) -> Token {
    let digest = Digest::of(
        parts.iter().flat_map(|part| [b"\0", part.as_bytes()].concat()).collect::<Vec<_>>().as_slice(),
    );
    let head = digest.as_bytes().first_chunk::<16>().expect("a digest has 32 bytes");
    u128::from_be_bytes(*head)
}

/// A component of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Key {
    /// The document, as an index into the snapshot's.
    pub(crate) document: usize,
    /// The component's place in the walk over all documents.
    pub(crate) ordinal: u64,
    /// What references call it; none if nothing can.
    pub(crate) bom_ref: Option<String>,
}

impl Key {
    /// The token that references lead to, or that of the place.
    pub(crate) fn token(&self) -> Token {
        match &self.bom_ref {
            Some(bom_ref) => reference(self.document, bom_ref),
            None => token(&["place", &self.ordinal.to_string()]),
        }
    }
}

/// The token of a reference in a document.
pub(crate) fn reference(document: usize, bom_ref: &str) -> Token {
    token(&["ref", &document.to_string(), bom_ref])
}

/// The longest part of a reference that an id of SPDX 2 shows.
const SHOWN: usize = 60;
/// Beginnings that our own ids have.
const RESERVED: [&str; 4] = ["DOCUMENT", "Artifact-", "Component-", "Named-"];

/// The SPDX 2 id of a component: its own if it has one, else made from its reference (2.3, 7.2: letters, digits, `.`, `-`).
/// `several` tells that there are other documents, whose ids may be the same.
pub(crate) fn second(key: &Key, several: bool) -> String {
    let prefix = if several { format!("{}-", key.document + 1) } else { String::new() };
    let Some(bom_ref) = &key.bom_ref else { return format!("SPDXRef-{prefix}Component-{}", key.ordinal) };
    match bom_ref.strip_prefix("SPDXRef-") {
        Some(own) if is_id(own) && !RESERVED.iter().any(|reserved| own.starts_with(reserved)) => {
            format!("SPDXRef-{prefix}{own}")
        }
        _ => format!("SPDXRef-{prefix}{}-{}", shown(bom_ref), &base32(key.token())[14..]),
    }
}

/// As much of a text as may stand in an id.
pub(crate) fn shown(text: &str) -> String {
    let allowed = |c: char| if c.is_ascii_alphanumeric() || c == '.' { c } else { '-' };
    let shown: String = text.chars().take(SHOWN).map(allowed).collect();
    shown.trim_matches('-').to_owned()
}

/// Whether a text may stand behind `SPDXRef-` or `LicenseRef-` as it is.
pub(crate) fn is_id(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= 255
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(bom_ref: &str, several: bool) -> String {
        second(&Key { document: 1, ordinal: 7, bom_ref: Some(bom_ref.to_owned()) }, several)
    }

    #[test]
    fn own_ids_stay_and_others_are_told_apart() {
        assert_eq!(id("SPDXRef-Package-a.b-1", false), "SPDXRef-Package-a.b-1");
        assert_eq!(id("SPDXRef-Package-a.b-1", true), "SPDXRef-2-Package-a.b-1");
        assert!(id("pkg:npm/%40a/b@1", false).starts_with("SPDXRef-pkg-npm--40a-b-1-"));
        let alike = ["a b", "a/b", "a_b", "a-b", "SPDXRef-a_b", "SPDXRef-DOCUMENT", "", "é"];
        for (index, one) in alike.iter().enumerate() {
            assert!(is_id(&id(one, false)), "{one}");
            for other in &alike[index + 1..] {
                assert_ne!(id(one, false), id(other, false), "{one} and {other}");
            }
        }
        assert_ne!(id("SPDXRef-DOCUMENT", false), "SPDXRef-DOCUMENT");
    }
}
