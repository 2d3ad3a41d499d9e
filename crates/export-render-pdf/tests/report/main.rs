//! The renderer against the real browser, read back by a foreign program.

#[expect(dead_code, reason = "shared with the tests of the browser client, which use more of it")]
#[path = "../chromium/support.rs"]
mod support;

mod contract;
mod demo;
mod edges;
mod engines;
mod failures;
mod library;
mod reading;
mod types;
