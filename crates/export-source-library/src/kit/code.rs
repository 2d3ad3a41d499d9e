//! Places in files, and the ids of what analysers of files find there.

use export_core::finding::{FindingKind, Location, finding_id};
use export_core::scan::repository;
use export_core::text::Text;

use super::blank::file_path;
use crate::format::Scanned;

/// The place of a finding that its tool gives no fingerprint for: its first line. So the JSON of a tool and its SARIF log give
/// the same id.
pub(crate) fn line_place(start: Option<u32>) -> String {
    start.map_or_else(String::new, |line| format!("L{line}"))
}

/// The stable id of what an analyser finds in the file `path`.
pub(crate) fn place_id(scan: &Scanned<'_>, kind: FindingKind, path: &str, rule: &str, place: &str) -> String {
    finding_id(kind, repository(scan.image), path, "", rule, place)
}

/// The place in a file; a last line before the first is none.
pub(crate) fn location(path: &str, start: Option<u32>, end: Option<u32>) -> Location<'static> {
    let path = Text::from(file_path(path).to_owned());
    let end_line = end.filter(|end| start.is_some_and(|start| *end >= start));
    Location { path, start_line: start, end_line, layer: None }
}
