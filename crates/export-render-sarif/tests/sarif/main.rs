//! The renderer before foreign eyes: the renderers' suite, the official schema, Microsoft's validator.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test fails by the one and tells by the other"
)]

mod contract;
mod guard;
mod oracle;
mod support;
