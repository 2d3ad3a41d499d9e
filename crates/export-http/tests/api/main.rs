//! The API over a real socket, with in-memory stores and a real worker.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod audit;
mod bundles;
mod downloads;
mod events;
mod exports;
mod faults;
mod identity;
mod links;
mod list;
mod operations;
mod socket;
mod submit;
mod support;
mod templates;
