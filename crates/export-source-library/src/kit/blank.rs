//! A finding to start from.

use export_core::finding::{Finding, Fix, Severity, Subject};
use export_core::text::Text;

use crate::format::Scanned;

/// A finding of the scan in the artifact `image`, of which only the subject is known.
pub(crate) fn blank(
    scan: &Scanned<'_>,
    image: &str,
    id: String,
    subject: Subject<'static>,
) -> Finding<'static> {
    Finding {
        id: id.into(),
        scan_id: scan.id.to_string().into(),
        image: image.to_owned().into(),
        target: Text::default(),
        severity: Severity::Unknown,
        severity_source: None,
        title: Text::default(),
        description: Text::default(),
        subject,
        component: None,
        locations: Vec::new(),
        fix: Fix::default(),
        primary_url: None,
        references: Vec::new(),
        published: None,
        modified: None,
        suppression: None,
    }
}

/// A path inside an artifact, or a file's URI, as paths of other tools are: without scheme, and without the slash or `./` that
/// only some tools put first.
pub(crate) fn file_path(text: &str) -> &str {
    let path = text.strip_prefix("file://").unwrap_or(text);
    path.trim_start_matches("./").trim_start_matches('/')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slashes_are_no_part_of_identity() {
        for (text, path) in [
            ("/a/b", "a/b"),
            ("./a", "a"),
            ("file:///a", "a"),
            ("a/./b", "a/./b"),
            ("file://a", "a"),
            ("", ""),
        ] {
            assert_eq!(file_path(text), path, "{text}");
        }
    }
}
