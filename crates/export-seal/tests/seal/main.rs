//! The standards' own vectors, and what must never verify.
#![expect(clippy::unwrap_used, reason = "tests")]

mod canonical;
mod merkle;
mod sealed;
mod signatures;
mod vectors;
mod verify;
