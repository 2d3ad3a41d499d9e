//! Where a finding is, in words.

use export_core::finding::{Component, Finding, Location};

use super::words::{NAME, Pen, TEXT};

/// What a vulnerability is in, where the scanner names no package.
pub(super) const NO_PACKAGE: &str = "no package named";

/// The version of a package, where the scanner names none.
pub(super) const NO_VERSION: &str = "no version";

/// `openssl 3.0.11`.
pub(super) fn component(component: &Component<'_>, pen: &Pen) -> String {
    let name = pen.copy_or(&component.name, NAME, NO_PACKAGE);
    match pen.copy_some(&component.version, NAME) {
        Some(version) => format!("{name} {version}"),
        None => name,
    }
}

/// The file with its lines, or the part of the image: `app/config.yaml:31`.
pub(super) fn file(finding: &Finding<'_>, pen: &Pen) -> Option<String> {
    let at = |location: &Location<'_>| format!("{}{}", pen.copy(&location.path, TEXT), lines(location));
    first_path(finding).map(at).or_else(|| part(finding, pen))
}

/// The file that a package was found in, or the lock file.
pub(super) fn package_file(finding: &Finding<'_>, pen: &Pen) -> Option<String> {
    let at = |location: &Location<'_>| pen.copy(&location.path, TEXT);
    first_path(finding).map(at).or_else(|| part(finding, pen))
}

fn first_path<'r>(finding: &'r Finding<'_>) -> Option<&'r Location<'r>> {
    finding.locations.iter().find(|it| !it.path.is_empty() && !names_image(&it.path, finding))
}

fn part(finding: &Finding<'_>, pen: &Pen) -> Option<String> {
    if names_image(&finding.target, finding) { None } else { pen.copy_some(&finding.target, TEXT) }
}

/// Scanners name what belongs to the image as a whole after it: `registry/app:1.2 (debian 12.7)`.
fn names_image(place: &str, finding: &Finding<'_>) -> bool {
    !finding.image.is_empty() && place.starts_with(finding.image.as_str())
}

fn lines(location: &Location<'_>) -> String {
    match (location.start_line, location.end_line) {
        (Some(start), Some(end)) if end > start => format!(":{start}–{end}"),
        (Some(start), _) => format!(":{start}"),
        (None, _) => String::new(),
    }
}
