//! What is written, held to the published schemas and to the records.

#![expect(clippy::unwrap_used, reason = "a test fails by it")]

mod compliance;
mod contract;
mod guard;
mod support;
