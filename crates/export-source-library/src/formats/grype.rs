//! Grype JSON reports, old and new (Grype's `grype/presenter/models`).

mod entry;
mod head;
mod rule;
mod vulnerability;
mod walk;

use self::head::Head;
use self::walk::Report;
use crate::format::Format;
use crate::shape::{Root, Shape};

/// Grype's report about an image or a folder.
pub(crate) static GRYPE: Format = Format {
    key: "grype",
    name: "a Grype report",
    is,
    about: Some(|document| Ok(Head::of(document.open()?)?.about())),
    findings: Some(|document, scan, emit| {
        let head = Head::of(document.open()?)?;
        Report { scan, head: &head }.read(document.open()?, emit)
    }),
    ..Format::NOTHING
};

/// The first match says so; in a report without any, the head does.
fn is(shape: &Shape) -> bool {
    let is_match = shape.has_in("matches", "vulnerability") && shape.has_in("matches", "artifact");
    let has_head = ["source", "descriptor", "ignoredMatches"].iter().any(|member| shape.has(member));
    shape.root == Root::Object && (is_match || shape.is_empty("matches") && has_head)
}
