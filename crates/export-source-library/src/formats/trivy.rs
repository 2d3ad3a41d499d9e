//! Trivy JSON reports, schema version 2 (Trivy's `pkg/types/report.go`).

mod head;
mod other;
mod packages;
mod rating;
mod report;
mod section;
mod vulnerability;

use export_core::error::PortError;

use self::head::Head;
use self::report::Report;
use crate::document::Document;
use crate::format::Format;
use crate::shape::Root;

/// Trivy's report about one artifact.
pub(crate) static TRIVY: Format = Format {
    key: "trivy",
    name: "a Trivy report",
    is: |it| it.root == Root::Object && it.value("SchemaVersion") == "2",
    about: Some(|document| Ok(head(document)?.about())),
    findings: Some(|document, scan, emit| {
        let report = Report { id: scan.id, head: &head(document)?, reopen: &|| document.open() };
        report.read(document.open()?, emit)
    }),
    packages: Some(|document, scan, emit| {
        let head = head(document)?;
        packages::read(document.open()?, &head, head.artifact_or(scan.id), emit)
    }),
    has_packages: |document| packages::lists_packages(document.open()?),
    ..Format::NOTHING
};

fn head(document: &Document) -> Result<Head, PortError> {
    Head::of(document.open()?)
}
