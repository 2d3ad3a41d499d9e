//! The SPDX files as their readers see them: valid, whole, and the same when they come back.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod contract;
mod findings;
mod losses;
mod oracle;
mod round_trip;
mod schemas;
mod support;
