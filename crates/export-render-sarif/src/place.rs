//! Where a finding is, as readers open it.

use export_core::finding::{Finding, Location};

use crate::severity::guard;
use crate::uri;

/// Package types whose packages lie in a database of the system, not in a file that somebody could change.
const SYSTEM_PACKAGES: [&str; 4] = ["pkg:deb/", "pkg:apk/", "pkg:rpm/", "pkg:alpm/"];

/// One place of a finding.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place<'r> {
    /// The path as the scanner writes it; for packages of the system without a path, what was scanned.
    pub(crate) name: &'r str,
    /// What its URI is made of.
    path: &'r str,
    /// First line, counted from 1.
    pub(crate) start_line: Option<u32>,
    end_line: Option<u32>,
    /// Where it begins in the first line, counted from 1, if that is known.
    pub(crate) start_column: Option<u32>,
    layer: Option<&'r str>,
}

impl<'r> Place<'r> {
    /// Puts the places of `finding` into `places`: at least one.
    pub(crate) fn all_of(finding: &'r Finding<'r>, places: &mut Vec<Self>) {
        let with_path = finding.locations.iter().filter(|location| !location.path.is_empty());
        places.extend(with_path.map(|location| Self::at(location, &location.path, &location.path)));
        let column = guard(finding).and_then(|guard| guard.start_column);
        if let (Some(first), Some(column)) = (places.first_mut(), column) {
            first.start_column = first.start_line.and(Some(column));
        }
        if places.is_empty() {
            places.push(Self::without_path(finding));
        }
    }

    fn without_path(finding: &'r Finding<'r>) -> Self {
        let purl = finding.component.as_ref().and_then(|component| component.purl.as_deref());
        let is_system = purl.is_some_and(|purl| SYSTEM_PACKAGES.iter().any(|kind| purl.starts_with(kind)));
        let repository = uri::repository(&finding.image);
        let (name, path) = match &*finding.target {
            "" => (&*finding.image, repository),
            target if is_system => (target, repository),
            target => (target, target),
        };
        match finding.locations.first() {
            Some(location) => Self::at(location, name, path),
            None => Self { name, path, start_line: None, end_line: None, start_column: None, layer: None },
        }
    }

    fn at(location: &'r Location<'r>, name: &'r str, path: &'r str) -> Self {
        let start_line = location.start_line.filter(|line| *line > 0);
        let end_line = location.end_line.filter(|end| start_line.is_some_and(|start| *end >= start));
        Self { name, path, start_line, end_line, start_column: None, layer: location.layer.as_deref() }
    }

    /// Appends the URI.
    pub(crate) fn uri(&self, out: &mut String) {
        let start = out.len();
        uri::relative(out, self.path);
        if out.len() == start {
            out.push_str("unknown");
        }
    }

    pub(crate) const fn layer(&self) -> Option<&'r str> {
        self.layer
    }

    /// The first line, and the last one if it is known. GitHub refuses a place without a line: where none is known, `needed`
    /// makes it the first.
    pub(crate) fn lines(&self, needed: bool) -> Option<(u32, Option<u32>)> {
        let first = self.start_line.or(needed.then_some(1))?;
        Some((first, self.end_line))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use export_core::finding::Component;

    fn uri_of(target: &str, purl: &str, path: &str) -> String {
        let record = export_contract::corpus::record(0);
        let finding = Finding {
            image: "registry.example/app:1.0".into(),
            target: target.into(),
            component: Some(Component { purl: Some(purl.into()), ..Component::default() }),
            locations: vec![Location { path: path.into(), ..Location::default() }],
            ..record.finding
        };
        let mut places = vec![];
        Place::all_of(&finding, &mut places);
        let mut uri = String::new();
        places[0].uri(&mut uri);
        uri
    }

    #[test]
    fn a_place_is_the_path_then_the_file_that_was_scanned_then_the_image() {
        assert_eq!(uri_of("lock", "pkg:npm/a@1", "/app/a/package.json"), "app/a/package.json");
        assert_eq!(uri_of("app/package-lock.json", "pkg:npm/a@1", ""), "app/package-lock.json");
        assert_eq!(uri_of("app:1.0 (debian 12)", "pkg:deb/debian/a@1", ""), "registry.example/app");
        assert_eq!(uri_of("", "pkg:npm/a@1", ""), "registry.example/app");
        assert_eq!(uri_of("..", "pkg:npm/a@1", ""), "unknown");
    }
}
