//! The formats that are read, and those that are only known by name.

pub(crate) mod attestation;
pub(crate) mod csaf;
pub(crate) mod epss;
pub(crate) mod guard;
pub(crate) mod known_exploited;
pub(crate) mod openvex;
pub(crate) mod policy;
pub(crate) mod sbom;
pub(crate) mod syft;
pub(crate) mod trivy;
mod vdr;
pub(crate) mod verdicts;

use crate::format::Format;
use crate::shape::{Root, Shape};

/// Every format that is read. The first that says yes is taken.
static ALL: &[&Format] = &[
    &trivy::TRIVY,
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
    (|it| it.has("runs") || it.value("$schema").contains("sarif"), "a SARIF log"),
    (|it| it.has("matches"), "a Grype report"),
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
    (|it| it.has("ClusterName"), "a Trivy report about a Kubernetes cluster"),
    (|it| it.has("check_type") || it.has("checks_passed"), "a Checkov report"),
    (|it| it.has("generated_at"), "a Bandit report; run Bandit with `-f sarif`"),
    (|it| it.has("interfile_languages_used"), "a Semgrep report; run Semgrep with `--sarif`"),
    (
        |it| it.root == Root::List && it.has("Target"),
        "a Trivy report of schema version 1; scan again with a current Trivy",
    ),
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
