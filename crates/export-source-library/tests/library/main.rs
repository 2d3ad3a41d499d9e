//! The library as its users see it: folders of files in, findings, statements, verdicts and errors out.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod attestation;
mod big;
mod common;
mod content;
mod contract;
mod csaf;
mod cyclonedx;
mod examples;
mod guard;
mod intelligence;
mod open;
mod openvex;
mod policy;
mod reference;
mod resolve;
mod spdx;
mod syft;
mod trivy;
mod vdr;
mod verdicts;
