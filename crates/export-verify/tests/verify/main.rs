//! Bundles as they lie on the disk: whatever was done to one is found.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod bundle;
mod edits;
mod flips;
mod large;
mod stable;
mod structure;
