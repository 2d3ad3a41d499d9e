//! Checkov's JSON: one report, or a list with one for each kind of files.

mod check;
mod kind;
mod walk;

use crate::format::Format;
use crate::shape::{Root, Shape};

/// Checkov's report.
pub(crate) static CHECKOV: Format = Format {
    key: "checkov",
    name: "a Checkov report",
    is,
    about: Some(|document| walk::about(document.open()?)),
    findings: Some(|document, scan, emit| walk::read(document.open()?, scan, emit)),
    ..Format::NOTHING
};

/// Each report says so; where Checkov found no files at all, it writes the counts alone.
fn is(shape: &Shape) -> bool {
    let is_report = shape.has("check_type") && shape.has("results");
    let is_empty = shape.root == Root::Object && shape.has_all(&["passed", "failed", "checkov_version"]);
    matches!(shape.root, Root::Object | Root::List) && (is_report || is_empty)
}
