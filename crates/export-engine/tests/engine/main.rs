//! The engine with its real worker over ports in memory: what an export comes to, whatever fails on the way.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod bundle;
mod cancel;
mod chaos;
mod convert;
mod files;
mod guarded;
mod history;
mod lease;
mod lies;
mod metered;
mod panics;
mod render;
mod replies;
mod sources;
mod spans;
mod stop;
mod submit;
mod support;
mod trail;
mod whole;
