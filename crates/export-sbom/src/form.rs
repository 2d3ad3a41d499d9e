//! The forms that strings have.

mod email;
pub mod iri;
mod time;

use crate::version::Version::{self, V1_6};

/// A form that a string may be held to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    /// A day (RFC 3339, `full-date`).
    Date,
    /// A point in time (RFC 3339, `date-time`).
    DateTime,
    /// An address for mail that may be international (RFC 6531).
    Email,
    /// A link, absolute or not (RFC 3987, `IRI-reference`).
    Iri,
    /// An absolute link (RFC 3986, `URI`).
    Uri,
    /// `urn:uuid:` and a UUID in small letters.
    SerialNumber,
    /// `type/subtype` in small letters.
    MediaType,
    /// A digest in hexadecimal digits, of a length that a known algorithm has.
    HashContent,
    /// A language, with a country if need be: `en`, `en-US`.
    Locale,
    /// A number of the Open Common Requirement Enumeration: `CRE:616-305`.
    OpenCre,
    /// A number of a patent or an application for one.
    PatentNumber,
    /// A country or office of WIPO ST.3, of two letters.
    Jurisdiction,
    /// An id of SPDX's list of licences and exceptions.
    SpdxId,
    /// A version, of 1,024 characters at most since 1.6.
    Version,
    /// A version that is affected; before 1.6 it could not be empty.
    AffectedVersion,
    /// A range of versions.
    VersionRange,
}

impl Form {
    /// Whether `text` has this form in `version`.
    pub(crate) fn fits(self, text: &str, version: Version) -> bool {
        let no_longer_than = |most: usize| text.chars().take(most + 1).count() <= most;
        match self {
            Self::Date => time::is_date(text),
            Self::DateTime => time::is_date_time(text),
            Self::Email => email::is_email(text),
            Self::Iri => iri::fits(text),
            Self::Uri => iri::is_absolute(text) && text.is_ascii(),
            Self::SerialNumber => is_serial_number(text),
            Self::MediaType => is_media_type(text),
            Self::HashContent => is_hash_content(text),
            Self::Locale => is_locale(text),
            Self::OpenCre => is_open_cre(text),
            Self::PatentNumber => is_patent_number(text),
            Self::Jurisdiction => text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_uppercase()),
            Self::SpdxId => is_spdx_id(text),
            Self::Version => version < V1_6 || no_longer_than(1024),
            Self::AffectedVersion => no_longer_than(1024) && (version >= V1_6 || !text.is_empty()),
            Self::VersionRange => {
                !text.is_empty() && no_longer_than(if version < V1_6 { 1024 } else { 4096 })
            }
        }
    }

    /// What a text must be, behind "must be".
    pub(crate) const fn wanted(self) -> &'static str {
        match self {
            Self::Date => "a day such as 2026-11-23",
            Self::DateTime => "a time with its zone such as 2026-11-23T14:05:00Z",
            Self::Email => "an address for mail",
            Self::Iri => "a link without spaces and other characters that links cannot have",
            Self::Uri => "one of the known algorithms or an absolute link",
            Self::SerialNumber => "`urn:uuid:` and a UUID in small letters",
            Self::MediaType => "a media type such as text/plain",
            Self::HashContent => "32, 40, 64, 96 or 128 hexadecimal digits",
            Self::Locale => "a language such as en or en-US",
            Self::OpenCre => "a number such as CRE:616-305",
            Self::PatentNumber => "a patent number of 2 to 30 letters, digits, spaces and -/.()",
            Self::Jurisdiction => "two capital letters",
            Self::SpdxId => "an id of the SPDX licence list",
            Self::Version | Self::AffectedVersion => "a version of at most 1,024 characters",
            Self::VersionRange => "a range of at most 4,096 characters that is not empty",
        }
    }
}

/// Whether `text` is an id of SPDX's list of licences and exceptions.
#[must_use]
pub fn is_spdx_id(text: &str) -> bool {
    // Not `license_id`, which takes `MIT+` for an id, and does not know `GPL-2.0+`, which is one.
    let licences = spdx::identifiers::LICENSES;
    licences.binary_search_by(|known| known.name.cmp(text)).is_ok() || spdx::exception_id(text).is_some()
}

/// Whether `text` is a serial number of a document: `urn:uuid:` and a UUID in small letters.
#[must_use]
pub fn is_serial_number(text: &str) -> bool {
    let Some(uuid) = text.strip_prefix("urn:uuid:") else { return false };
    let groups: Vec<&str> = uuid.split('-').collect();
    let is_small_hex = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
    groups.iter().map(|group| group.len()).eq([8, 4, 4, 4, 12])
        && groups.iter().all(|group| group.bytes().all(is_small_hex))
}

fn is_media_type(text: &str) -> bool {
    let is_part = |part: &str| {
        let may_stand = |byte: u8| {
            byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'-' | b'+' | b'.')
        };
        !part.is_empty() && part.bytes().all(may_stand)
    };
    text.split_once('/').is_some_and(|(kind, subtype)| is_part(kind) && is_part(subtype))
}

fn is_hash_content(text: &str) -> bool {
    matches!(text.len(), 32 | 40 | 64 | 96 | 128) && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

fn is_locale(text: &str) -> bool {
    let (language, country) = text.split_once('-').map_or((text, None), |(a, b)| (a, Some(b)));
    let two = |part: &str, is: fn(&u8) -> bool| part.len() == 2 && part.as_bytes().iter().all(is);
    two(language, u8::is_ascii_lowercase) && country.is_none_or(|it| two(it, u8::is_ascii_uppercase))
}

fn is_open_cre(text: &str) -> bool {
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let numbers = text.strip_prefix("CRE:").and_then(|rest| rest.split_once('-'));
    numbers.is_some_and(|(a, b)| is_number(a) && is_number(b))
}

fn is_patent_number(text: &str) -> bool {
    let inner = |c: char| c.is_ascii_alphanumeric() || c.is_whitespace() || "-/.()".contains(c);
    let ends_well = text.starts_with(|c: char| c.is_ascii_alphanumeric())
        && text.ends_with(|c: char| c.is_ascii_alphanumeric());
    (2..=30).contains(&text.chars().count()) && ends_well && text.chars().all(inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_form_takes_its_own_and_nothing_near_it() {
        for (form, good, bad) in [
            (
                Form::SerialNumber,
                "urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79",
                "urn:uuid:3e671687-395b-41f5-a30f",
            ),
            (
                Form::SerialNumber,
                "urn:uuid:00000000-0000-0000-0000-000000000000",
                "urn:uuid:3E671687-395b-41f5-a30f-a58921a69b79",
            ),
            (Form::MediaType, "application/vnd.api+json", "Text/plain"),
            (Form::MediaType, "a/b", "a/b/c"),
            (Form::HashContent, "3942447fac867ae5cdb3229b658f4d48", "3942447fac867ae5cdb3229b658f4d4"),
            (Form::Locale, "en-US", "en-us"),
            (Form::Locale, "de", "deu"),
            (Form::OpenCre, "CRE:616-305", "CRE:616"),
            (Form::PatentNumber, "US-1234/56 B2", "-US1"),
            (Form::Jurisdiction, "EP", "E"),
            (Form::SpdxId, "Apache-2.0", "Apache-2"),
            (Form::SpdxId, "GPL-2.0+", "MIT+"),
            (Form::SpdxId, "Classpath-exception-2.0", "mit"),
            (Form::VersionRange, "vers:npm/>=1", ""),
        ] {
            assert!(form.fits(good, Version::V1_7), "{form:?} {good}");
            assert!(!form.fits(bad, Version::V1_7), "{form:?} {bad}");
        }
        let long = "1".repeat(1025);
        assert!(Form::Version.fits(&long, Version::V1_5) && !Form::Version.fits(&long, V1_6));
    }
}
