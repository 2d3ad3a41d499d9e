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

/// The name of an image without tag and digest, which the next scan of the same image has too: what ids of findings are made
/// of. A colon before the last slash belongs to a port.
pub(crate) fn repository(image: &str) -> &str {
    let name = image.split_once('@').map_or(image, |(name, _)| name);
    match name.rsplit_once(':') {
        Some((repository, tag)) if !tag.contains('/') => repository,
        _ => name,
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
    fn tags_digests_and_slashes_are_no_part_of_identity() {
        for (image, name) in [
            ("alpine:3.10", "alpine"),
            ("localhost:5000/app", "localhost:5000/app"),
            ("r.example:443/a/b:1@sha256:00", "r.example:443/a/b"),
            ("a/b@sha256:00", "a/b"),
            ("", ""),
        ] {
            assert_eq!(repository(image), name);
        }
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
