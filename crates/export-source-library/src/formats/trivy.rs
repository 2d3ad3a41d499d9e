//! Trivy JSON reports: schema versions 1 and 2 (Trivy's `pkg/types/report.go`), and those about a cluster
//! (`pkg/k8s/report/report.go`).

mod entries;
mod head;
mod list;
mod names;
mod other;
mod packages;
mod rating;
mod report;
mod section;
mod stable;
mod vulnerability;

use export_core::digest::Digest;
use export_core::error::PortError;
use export_core::finding::Finding;

use self::head::Head;
use self::report::Report;
use crate::document::Document;
use crate::emit::Emitter;
use crate::format::{Format, Scanned};
use crate::shape::Root;

/// Trivy's report about one artifact.
pub(crate) static TRIVY: Format = Format {
    key: "trivy",
    name: "a Trivy report",
    is: |it| it.root == Root::Object && it.value("SchemaVersion") == "2",
    about: Some(|document| Ok(head(document)?.about())),
    findings: Some(findings),
    packages: Some(|document, scan, emit| {
        let head = head(document)?;
        packages::read(document.open()?, &head, head.artifact_or(scan.id), emit)
    }),
    has_packages: |document| packages::lists_packages(document.open()?),
    ..Format::NOTHING
};

/// Trivy's report about a Kubernetes cluster.
pub(crate) static TRIVY_CLUSTER: Format = Format {
    key: "trivy-kubernetes",
    name: "a Trivy report about a Kubernetes cluster",
    is: |it| it.root == Root::Object && it.has("ClusterName"),
    about: Some(|document| Ok(head(document)?.about())),
    findings: Some(findings),
    ..Format::NOTHING
};

/// Trivy's report before version 0.20.
pub(crate) static TRIVY_1: Format = Format {
    key: "trivy-1",
    name: "a Trivy report of schema version 1",
    is: |it| it.root == Root::List && it.has("Target"),
    about: Some(|document| Ok(head(document)?.about())),
    findings: Some(findings),
    ..Format::NOTHING
};

fn findings(
    document: &Document,
    scan: &Scanned<'_>,
    emit: &mut Emitter<Finding<'static>>,
) -> Result<Digest, PortError> {
    let report = Report { id: scan.id, head: &head(document)?, reopen: &|| document.open() };
    report.read(document.open()?, emit)
}

fn head(document: &Document) -> Result<Head, PortError> {
    Head::of(document.open()?)
}
