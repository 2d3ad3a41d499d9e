//! The standards' own vectors, and what must never verify.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod canonical;
mod merkle;
mod sealed;
mod signatures;
mod trail;
mod vectors;
mod verify;
