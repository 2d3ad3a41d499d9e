//! Values that both generations have: words for "unknown", references, hashes.

use std::hash::{BuildHasher as _, BuildHasherDefault, DefaultHasher};

use serde_json::{Value, json};

/// Whether a text says something: SPDX writes that nothing is known, or that there is nothing, as texts.
pub(crate) fn says_something(text: &str) -> bool {
    !matches!(text, "" | "NOASSERTION" | "NONE")
}

/// Whether a text may stand where CycloneDX wants an IRI reference (RFC 3987, 2.2), as far as one byte tells.
pub(crate) fn is_reference(text: &str) -> bool {
    let is_forbidden = |c: char| {
        c.is_whitespace()
            || c.is_control()
            || matches!(c, '<' | '>' | '"' | '{' | '}' | '|' | '\\' | '^' | '`' | '[' | ']')
    };
    let percents_are_whole = text
        .split('%')
        .skip(1)
        .all(|rest| rest.len() >= 2 && rest.as_bytes()[..2].iter().all(u8::is_ascii_hexdigit));
    // A colon before the first slash must end a scheme; `1:2` begins with none.
    let scheme = text.split(['/', '?', '#']).next().and_then(|start| start.split_once(':'));
    let scheme_is_one = scheme.is_none_or(|(scheme, _)| is_scheme(scheme));
    !text.is_empty()
        && !text.contains(is_forbidden)
        && percents_are_whole
        && scheme_is_one
        && text.matches('#').count() <= 1
}

fn is_scheme(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.'))
}

/// Algorithms: SPDX 2, SPDX 3, CycloneDX.
const ALGORITHMS: [(&str, &str, &str); 12] = [
    ("MD5", "md5", "MD5"),
    ("SHA1", "sha1", "SHA-1"),
    ("SHA256", "sha256", "SHA-256"),
    ("SHA384", "sha384", "SHA-384"),
    ("SHA512", "sha512", "SHA-512"),
    ("SHA3-256", "sha3_256", "SHA3-256"),
    ("SHA3-384", "sha3_384", "SHA3-384"),
    ("SHA3-512", "sha3_512", "SHA3-512"),
    ("BLAKE2b-256", "blake2b256", "BLAKE2b-256"),
    ("BLAKE2b-384", "blake2b384", "BLAKE2b-384"),
    ("BLAKE2b-512", "blake2b512", "BLAKE2b-512"),
    ("BLAKE3", "blake3", "BLAKE3"),
];

/// The CycloneDX hash with an SPDX algorithm of either generation; none if CycloneDX cannot hold it.
pub(crate) fn hash(algorithm: &str, value: &str) -> Option<Value> {
    let (_, _, alg) =
        ALGORITHMS.iter().find(|(second, third, _)| *second == algorithm || *third == algorithm)?;
    let fits =
        matches!(value.len(), 32 | 40 | 64 | 96 | 128) && value.bytes().all(|byte| byte.is_ascii_hexdigit());
    fits.then(|| json!({"alg": alg, "content": value}))
}

/// An id in eight bytes, for indexes; the same in each pass.
pub(crate) fn fingerprint(id: &str) -> u64 {
    BuildHasherDefault::<DefaultHasher>::default().hash_one(id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_told_from_other_texts() {
        for text in
            ["https://a.example/x?y#z", "git+https://a.example", "git+testdata/repo", "ä/ö", "mailto:a@b"]
        {
            assert!(is_reference(text), "{text}");
        }
        for text in ["", "a b", "https://a/%zz", "https://a/%4", "1:2", "a\nb", "#a#b", "a<b"] {
            assert!(!is_reference(text), "{text}");
        }
    }

    #[test]
    fn hashes_keep_to_the_pattern() {
        let sha1 = "d6a770ba38583ed4bb4525bd96e50461655d2759";
        assert_eq!(hash("SHA1", sha1), Some(json!({"alg": "SHA-1", "content": sha1})));
        assert_eq!(hash("sha1", sha1), hash("SHA1", sha1));
        assert_eq!((hash("SHA224", sha1), hash("SHA1", "xyz")), (None, None));
    }
}
