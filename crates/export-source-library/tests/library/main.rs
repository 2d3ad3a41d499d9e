//! The library as its users see it: folders of files in, findings, statements, verdicts and errors out.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod analysers;
mod attestation;
mod big;
mod checkov;
mod common;
mod content;
mod contract;
mod csaf;
mod cyclonedx;
mod dependency_track;
mod examples;
mod grype;
mod guard;
mod intelligence;
mod open;
mod openvex;
mod osv;
mod pairs;
mod policy;
mod reference;
mod resolve;
mod sarif;
mod spdx;
mod syft;
mod trivy;
mod trivy_shapes;
mod vdr;
mod verdicts;
