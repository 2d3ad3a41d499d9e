//! The CycloneDX renderer as its users see it. Each file is held to the standard's table, and to the official
//! schemas where they are.

#![expect(clippy::unwrap_used, reason = "a test fails by it")]

mod common;
mod conformance;
mod contract;
mod documents;
mod findings;
mod library;
mod oracle;
mod real;
