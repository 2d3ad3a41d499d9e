//! The services against stubs that serve the examples of the contract, and against stubs that misbehave.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;
mod contract;
mod faults;
mod pages;
mod provider;
mod requests;
mod resolve;
mod sbom;
mod schemas;
mod told;
mod warn;
