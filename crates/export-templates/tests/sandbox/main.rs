//! Tenants' templates in their own process: what they can do, and what they cannot.

mod attacks;
mod crossing;
mod processes;
mod support;

#[path = "../samples/mod.rs"]
mod samples;
