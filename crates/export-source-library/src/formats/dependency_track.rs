//! Dependency-Track's Finding Packaging Format, versions 1.0 to 1.3.

mod entry;
mod head;
mod walk;

use self::head::Head;
use crate::format::Format;
use crate::shape::{Root, Shape};

/// The findings of one project.
pub(crate) static DEPENDENCY_TRACK: Format = Format {
    key: "dependency-track",
    name: "findings of Dependency-Track",
    is,
    about: Some(|document| Ok(Head::of(document.open()?)?.about())),
    findings: Some(|document, scan, emit| {
        let head = Head::of(document.open()?)?;
        walk::read(document.open()?, &entry::Project { scan, head: &head }, emit)
    }),
    ..Format::NOTHING
};

/// The head says so, or the first finding.
fn is(shape: &Shape) -> bool {
    let has_head = shape.has_in("meta", "application") && shape.has_in("project", "uuid");
    let is_finding = shape.has_in("findings", "component") && shape.has_in("findings", "vulnerability");
    shape.root == Root::Object && (has_head || is_finding)
}
