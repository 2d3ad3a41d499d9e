//! OSV-Scanner's JSON reports (its `pkg/models/results.go`), with vulnerabilities as the OSV schema writes them.

mod group;
mod package;
mod record;
mod walk;

use export_core::error::PortError;

use crate::about::About;
use crate::document::Document;
use crate::format::Format;
use crate::json::JsonReader;
use crate::shape::{Root, Shape};

/// OSV-Scanner's report.
pub(crate) static OSV: Format = Format {
    key: "osv-scanner",
    name: "an OSV-Scanner report",
    is,
    about: Some(about),
    findings: Some(|document, scan, emit| walk::read(document.open()?, scan, emit)),
    ..Format::NOTHING
};

/// The first source says so; in a report without any, the configuration does.
fn is(shape: &Shape) -> bool {
    let has_source = shape.has_in("results", "packages");
    let is_empty = shape.is_empty("results")
        && ["experimental_config", "image_metadata", "license_summary"].iter().any(|it| shape.has(it));
    shape.root == Root::Object && (has_source || is_empty)
}

/// A report tells neither what was looked at, nor when, nor by which version.
fn about(document: &Document) -> Result<About, PortError> {
    JsonReader::new(document.open()?).object()?;
    Ok(About { tool: "osv-scanner".into(), ..About::default() })
}
