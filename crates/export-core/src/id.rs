//! Identifiers that cannot be wrong once they exist.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::time::Timestamp;

/// Crockford's base32 alphabet in lower case: no `i`, `l`, `o`, `u`.
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
/// 128 bits in digits of five bits.
const DIGITS: u32 = 26;

/// Why a text is not an identifier.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{what} {problem}")]
pub struct InvalidId {
    what: &'static str,
    problem: &'static str,
}

impl InvalidId {
    const fn new(what: &'static str, problem: &'static str) -> Self {
        Self { what, problem }
    }
}

/// The 128 bits as 26 lower-case digits of Crockford's base32, most significant first.
#[must_use]
pub fn base32(bits: u128) -> String {
    let digit = |place: u32| {
        let index = usize::try_from((bits >> (5 * place)) & 31).expect("five bits fit in usize");
        char::from(ALPHABET[index])
    };
    (0..DIGITS).rev().map(digit).collect()
}

fn from_base32(text: &str) -> Option<u128> {
    if text.len() != DIGITS as usize || text.as_bytes()[0] > b'7' {
        return None; // 26 digits hold 130 bits: the first one may only use three of its five
    }
    text.bytes().try_fold(0_u128, |bits, byte| {
        let digit = ALPHABET.iter().position(|&letter| letter == byte)?;
        Some((bits << 5) | digit as u128)
    })
}

/// 128 bits as text inside serialised documents: a number of that size does not survive serde's buffering.
pub(crate) mod as_base32 {
    use serde::{Deserialize, Deserializer, Serializer};

    pub(crate) fn serialize<S: Serializer>(bits: &u128, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&super::base32(*bits))
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u128, D::Error> {
        let text = crate::text::Text::deserialize(deserializer)?;
        super::from_base32(&text).ok_or_else(|| serde::de::Error::custom("must be 26 digits of base32"))
    }
}

macro_rules! timed_id {
    ($(#[$doc:meta])* $name:ident, $what:literal, $prefix:literal) => {
        $(#[$doc])*
        ///
        /// Ids sort by the time of creation, as text too.
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(Uuid);

        impl $name {
            /// An id for what is created at `at`; `random` must be fresh for each id.
            #[must_use]
            pub fn new(at: Timestamp, random: &[u8; 10]) -> Self {
                let millis = u64::try_from(at.as_millis()).unwrap_or(0);
                Self(uuid::Builder::from_unix_timestamp_millis(millis, random).into_uuid())
            }

            /// The sixteen bytes of the UUID.
            #[must_use]
            pub fn as_bytes(&self) -> &[u8; 16] {
                self.0.as_bytes()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!($prefix, "{}"), base32(self.0.as_u128()))
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, f)
            }
        }

        impl FromStr for $name {
            type Err = InvalidId;

            fn from_str(text: &str) -> Result<Self, InvalidId> {
                let bits = text.strip_prefix($prefix).and_then(from_base32);
                let wrong = concat!("must be `", $prefix, "` and 26 digits of lower-case Crockford base32");
                bits.map(|bits| Self(Uuid::from_u128(bits))).ok_or(InvalidId::new($what, wrong))
            }
        }

        impl TryFrom<String> for $name {
            type Error = InvalidId;

            fn try_from(text: String) -> Result<Self, InvalidId> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.to_string()
            }
        }
    };
}

timed_id! {
    /// The id of one export: `exp-` and a UUID version 7 (RFC 9562, 5.7) in lower-case Crockford base32.
    ExportId, "export id", "exp-"
}

timed_id! {
    /// The id of one sealed bundle: `bnd-` and a UUID version 7 (RFC 9562, 5.7) in lower-case Crockford base32.
    BundleId, "bundle id", "bnd-"
}

macro_rules! name_type {
    ($(#[$doc:meta])* $name:ident, $what:literal, $check:path) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// The id as text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Debug::fmt(&self.0, f)
            }
        }

        impl FromStr for $name {
            type Err = InvalidId;

            fn from_str(text: &str) -> Result<Self, InvalidId> {
                $check(text).map_err(|problem| InvalidId::new($what, problem))?;
                Ok(Self(text.to_owned()))
            }
        }

        impl TryFrom<String> for $name {
            type Error = InvalidId;

            fn try_from(text: String) -> Result<Self, InvalidId> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.0
            }
        }
    };
}

name_type! {
    /// The owner of every row, file, key and event: 1 to 63 of `a-z 0-9 -`, starting with a letter or digit.
    TenantId, "tenant id", check_tenant
}

name_type! {
    /// One scan. It is also a folder's name in a library, so it is one safe path segment: 1 to 200 of
    /// `A-Z a-z 0-9 . _ : @ + -`, not starting with `.` or `_` (names that libraries keep for themselves).
    ScanId, "scan id", check_scan
}

fn check_tenant(text: &str) -> Result<(), &'static str> {
    let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    match text.as_bytes() {
        [] => Err("must not be empty"),
        [b'-', ..] => Err("must not start with `-`"),
        bytes if bytes.len() > 63 => Err("must have at most 63 characters"),
        bytes if !bytes.iter().copied().all(allowed) => Err("may only hold a-z, 0-9 and `-`"),
        _ => Ok(()),
    }
}

fn check_scan(text: &str) -> Result<(), &'static str> {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"._:@+-".contains(&byte);
    match text.as_bytes() {
        [] => Err("must not be empty"),
        [b'.' | b'_', ..] => Err("must not start with `.` or `_`"),
        bytes if bytes.len() > 200 => Err("must have at most 200 characters"),
        bytes if !bytes.iter().copied().all(allowed) => Err("may only hold letters, digits and . _ : @ + -"),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn export_ids_round_trip_and_sort_by_time() {
        let early = ExportId::new(Timestamp::from_millis(1_700_000_000_000), &[255; 10]);
        let late = ExportId::new(Timestamp::from_millis(1_700_000_000_001), &[0; 10]);
        assert_eq!(early.to_string().parse(), Ok(early));
        assert_eq!(early.to_string().len(), 30);
        assert!(early < late && early.to_string() < late.to_string());
    }

    #[test]
    fn refuses_what_is_no_export_id() {
        for text in ["", "exp-", "exp-../../etc/passwd", "exp-0123456789abcdefghjkmnpqru", "EXP-01"] {
            assert!(text.parse::<ExportId>().is_err(), "{text}");
        }
        let too_large = format!("exp-8{}", "0".repeat(25));
        assert!(too_large.parse::<ExportId>().is_err());
    }

    #[test]
    fn tenants_and_scans_are_safe_path_segments() {
        for text in ["", "a\0b", "../b", "a, b", "A", "-a", &"a".repeat(64), "a/b", "a.b"] {
            assert!(text.parse::<TenantId>().is_err(), "{text:?}");
        }
        for text in ["", ".", "..", "_intelligence", "a/b", "a\\b", "a b", "é", &"a".repeat(201)] {
            assert!(text.parse::<ScanId>().is_err(), "{text:?}");
        }
        assert!("acme-1".parse::<TenantId>().is_ok());
        assert!("payments-api:1.2_3@x+y".parse::<ScanId>().is_ok());
    }
}
