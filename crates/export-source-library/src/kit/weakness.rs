//! Names of weaknesses: ids of vulnerabilities, their aliases, classes of MITRE's enumeration.

use export_core::text::Text;

/// How ids of vulnerabilities begin. Those of advisories (`DSA-`, `RHSA-`) are no other names of a weakness: one advisory is
/// about several.
const IDS: [&str; 14] = [
    "CVE-", "GHSA-", "GO-", "PYSEC-", "RUSTSEC-", "OSV-", "MAL-", "GSD-", "SNYK-", "HSEC-", "RSEC-", "PSF-",
    "BIT-", "CGA-",
];

/// Whether a text begins as the id of a vulnerability does.
pub(crate) fn is_vulnerability(id: &str) -> bool {
    IDS.iter().any(|start| id.starts_with(start) && id.len() > start.len())
}

/// Other names of `id`, each once, in the order in which they are told.
pub(crate) fn aliases_of<'a>(id: &str, names: impl IntoIterator<Item = Text<'a>>) -> Vec<Text<'static>> {
    let mut aliases: Vec<Text<'static>> = Vec::new();
    for name in names {
        if !name.is_empty() && *name != *id && !aliases.iter().any(|known| **known == *name) {
            aliases.push(name.into_string().into());
        }
    }
    aliases
}

/// `CWE-79` of the ways in which tools write it: `CWE-079`, `cwe-79: Cross-site scripting`, `external/cwe/cwe-079`, `79`.
pub(crate) fn cwe(text: &str) -> Option<Text<'static>> {
    let last = text.rsplit('/').next().unwrap_or(text).trim();
    let number = match last.get(..4) {
        Some(start) if start.eq_ignore_ascii_case("cwe-") => &last[4..],
        _ if !last.is_empty() && last.bytes().all(|byte| byte.is_ascii_digit()) => last,
        _ => return None,
    };
    let digits = number.bytes().take_while(u8::is_ascii_digit).count();
    let number: u32 = number[..digits].parse().ok()?;
    (number > 0).then(|| format!("CWE-{number}").into())
}

/// The classes in `texts`, each once.
pub(crate) fn cwes<'a>(texts: impl IntoIterator<Item = &'a str>) -> Vec<Text<'static>> {
    let mut cwes: Vec<Text<'static>> = Vec::new();
    for cwe in texts.into_iter().filter_map(cwe) {
        if !cwes.contains(&cwe) {
            cwes.push(cwe);
        }
    }
    cwes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_are_read_as_tools_write_them() {
        for (text, class) in [
            ("CWE-79", Some("CWE-79")),
            ("CWE-079", Some("CWE-79")),
            ("external/cwe/cwe-022", Some("CWE-22")),
            ("CWE-78: Improper Neutralization", Some("CWE-78")),
            ("703", Some("CWE-703")),
            ("security", None),
            ("CWE-noinfo", None),
            ("CWE-0", None),
            ("", None),
            ("äöü", None),
        ] {
            assert_eq!(cwe(text).as_deref(), class, "{text}");
        }
    }
}
