//! What readers kept of an SPDX document in properties.

use std::collections::BTreeMap;

use serde_json::Value;

use super::Context;

/// Members that both generations have: SPDX 2, SPDX 3, and what they are called here.
const SHARED: [(&str, &str, &str); 15] = [
    ("comment", "comment", "comment"),
    ("summary", "summary", "summary"),
    ("sourceInfo", "software_sourceInfo", "sourceInfo"),
    ("attributionTexts", "software_attributionText", "attributionTexts"),
    ("builtDate", "builtTime", "builtDate"),
    ("releaseDate", "releaseTime", "releaseDate"),
    ("validUntilDate", "validUntilTime", "validUntilDate"),
    ("primaryPackagePurpose", "software_primaryPurpose", "purpose"),
    ("licenseDeclared", "hasDeclaredLicense", "licenseDeclared"),
    ("licenseConcluded", "hasConcludedLicense", "licenseConcluded"),
    ("copyrightText", "software_copyrightText", "copyrightText"),
    ("downloadLocation", "software_downloadLocation", "downloadLocation"),
    ("homepage", "software_homePage", "homepage"),
    ("supplier", "suppliedBy", "supplier"),
    ("originator", "originatedBy", "originator"),
];

/// Members of packages and files that only SPDX 2 has.
const SECOND: [&str; 16] = [
    "annotations",
    "artifactOfs",
    "attributionTexts",
    "checksums",
    "externalRefs",
    "fileContributors",
    "fileDependencies",
    "fileTypes",
    "filesAnalyzed",
    "licenseComments",
    "licenseInfoFromFiles",
    "licenseInfoInFiles",
    "noticeText",
    "packageFileName",
    "packageVerificationCode",
    "revieweds",
];

/// Members of SPDX 2 that SPDX 3 has in another shape.
const MOVED: [&str; 4] = ["annotations", "checksums", "externalRefs", "packageVerificationCode"];

/// Members of packages and files that only SPDX 3 has.
const THIRD: [&str; 11] = [
    "contentType",
    "externalIdentifier",
    "externalRef",
    "software_additionalPurpose",
    "software_contentIdentifier",
    "software_fileKind",
    "standardName",
    "supportLevel",
    "verifiedUsing",
    "extension",
    "type",
];

/// Values by member, those that both generations have under one name.
#[derive(Debug, Default)]
pub(crate) struct Kept(BTreeMap<String, Vec<String>>);

impl Kept {
    /// Whether the generation that is written has a place for a member of the generation that was read.
    pub(crate) fn takes(&self, member: &str, context: &Context<'_>) -> bool {
        let own: &[&str] = if context.target == 2 { &SECOND } else { &THIRD };
        let is_moved = context.source == 2 && context.target == 3 && MOVED.contains(&member);
        shared(member).is_some() || is_moved || (context.source == context.target && own.contains(&member))
    }

    /// Adds a value.
    pub(crate) fn add(&mut self, member: &str, value: &str) {
        let name = shared(member).unwrap_or(member);
        let value = if name == "purpose" { purpose(value) } else { value.to_owned() };
        self.0.entry(name.to_owned()).or_default().push(value);
    }

    /// The value of a member that is one text.
    pub(crate) fn one(&self, member: &str) -> Option<&str> {
        self.0.get(member)?.first().map(String::as_str)
    }

    /// The values of a member that is a list of texts.
    pub(crate) fn texts(&self, member: &str) -> Vec<Value> {
        self.0.get(member).into_iter().flatten().map(|text| text.as_str().into()).collect()
    }

    /// The values of a member that is a list of objects.
    pub(crate) fn objects(&self, member: &str) -> Vec<Value> {
        let parsed = |text: &String| serde_json::from_str::<Value>(text).ok().filter(Value::is_object);
        self.0.get(member).into_iter().flatten().filter_map(parsed).collect()
    }
}

fn shared(member: &str) -> Option<&'static str> {
    SHARED.iter().find(|(second, third, _)| *second == member || *third == member).map(|(_, _, name)| *name)
}

/// A purpose as SPDX 2 writes it; SPDX 3 has more of them.
fn purpose(written: &str) -> String {
    match written {
        "operatingSystem" => "OPERATING-SYSTEM".to_owned(),
        other if other.bytes().all(|byte| byte.is_ascii_lowercase()) => other.to_ascii_uppercase(),
        other => other.to_owned(),
    }
}
