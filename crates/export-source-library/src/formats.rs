//! The formats that are read, and those that are only known by name.

pub(crate) mod attestation;
pub(crate) mod bandit;
pub(crate) mod checkov;
pub(crate) mod csaf;
pub(crate) mod dependency_track;
pub(crate) mod epss;
pub(crate) mod grype;
pub(crate) mod guard;
pub(crate) mod hadolint;
pub(crate) mod known_exploited;
pub(crate) mod openvex;
pub(crate) mod osv;
pub(crate) mod policy;
pub(crate) mod sarif;
pub(crate) mod sbom;
pub(crate) mod semgrep;
pub(crate) mod syft;
pub(crate) mod trivy;
mod vdr;
pub(crate) mod verdicts;

use crate::format::Format;
use crate::shape::Shape;

/// Every format that is read. The first that says yes is taken.
static ALL: &[&Format] = &[
    &trivy::TRIVY,
    &trivy::TRIVY_CLUSTER,
    &trivy::TRIVY_1,
    &sarif::SARIF,
    &grype::GRYPE,
    &osv::OSV,
    &checkov::CHECKOV,
    &dependency_track::DEPENDENCY_TRACK,
    &semgrep::SEMGREP,
    &bandit::BANDIT,
    &hadolint::HADOLINT,
    &sbom::CYCLONEDX,
    &sbom::SPDX2,
    &sbom::SPDX3,
    &syft::SYFT,
    &openvex::OPENVEX,
    &csaf::CSAF,
    &attestation::STATEMENT,
    &attestation::SIGSTORE,
    &attestation::DSSE,
    &attestation::SCANNER_PREDICATE,
    &policy::CONFTEST,
    &policy::OPA,
    &policy::REPORT,
    &policy::YAML_REPORT,
    &policy::OSCAL,
    &guard::GUARD,
    &verdicts::VERDICTS,
    &known_exploited::KNOWN_EXPLOITED,
    &epss::EPSS,
];

/// Documents that are known and not read, and what a user can do.
static REFUSED: &[(fn(&Shape) -> bool, &str)] = &[
    (
        |it| it.has_in("summary", "modelscan_version"),
        "a modelscan report; it is about models, and is not read",
    ),
    (|it| it.value("tool") == "agentscanner", "an agentscanner report; it is not read"),
    (
        |it| it.value("chainloop.material.evidence.id") == "CHAINLOOP_AI_CODING_SESSION",
        "a record of an AI coding session",
    ),
    (
        |it| it.value("format") == "NVD_CVE" || it.value("format") == "NVD_CVE_API",
        "a list of vulnerabilities of NVD, about no artifact",
    ),
    (|it| it.has_in("Records", "eventVersion"), "an audit log of AWS CloudTrail"),
    (|it| it.has("auditID"), "an audit log of Kubernetes"),
    (|it| it.has_all(&["actor", "action"]), "an audit log of GitHub"),
    (
        |it| it.has("id") && it.has("modified") && (it.has("affected") || it.has("schema_version")),
        "an OSV advisory, which tells of a vulnerability and of no scan",
    ),
    (
        |it| it.has_all(&["scan", "vulnerabilities"]) && it.has("version"),
        "a report for GitLab; let the scanner write its own JSON, or SARIF",
    ),
    (|it| it.has_all(&["check_name", "fingerprint"]), "a report for Code Climate; let the tool write SARIF"),
];

/// The format of a document with this shape, as far as it is known.
pub(crate) fn of(shape: &Shape) -> Option<&'static Format> {
    ALL.iter().find(|format| (format.is)(shape)).copied()
}

/// The format with this key.
pub(crate) fn by_key(key: &str) -> Option<&'static Format> {
    ALL.iter().find(|format| format.key == key).copied()
}

/// The keys of all formats, in the order in which they are asked.
pub(crate) fn keys() -> impl Iterator<Item = &'static str> {
    ALL.iter().map(|format| format.key)
}

/// What a document is that is known and not read.
pub(crate) fn refused(shape: &Shape) -> Option<String> {
    if let Some((_, what)) = REFUSED.iter().find(|(is, _)| is(shape)) {
        return Some((*what).to_owned());
    }
    let version = shape.value("SchemaVersion");
    (!version.is_empty()).then(|| format!("a report of schema version {version}; Trivy's is 2"))
}
