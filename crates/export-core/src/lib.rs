//! Types, rules and ports of Export Center: pure, no I/O, no clock.
//!
//! Everything that decides something lives here; everything that does something lives in an adapter.
//! Time, randomness, ids and the tenant are arguments, so each rule can be tested as a table.
//!
//! | for | look at |
//! |---|---|
//! | what a user may ask for | [`request`], [`catalogue`] |
//! | what a user gets back | [`export`], [`manifest`], [`problem`] |
//! | what tools found | [`finding`], [`record`], [`vulnerability`], [`totals`], [`compliance`], [`sbom`], [`attestation`] |
//! | what a tenant keeps here | [`template`], [`audit`] |
//! | how evidence is sealed | [`seal`] |
//! | how an export lives | [`job`] |
//! | what an adapter must do | [`ports`] |
//! | what can go wrong | [`error`] (between crates), [`code`] (towards users) |

pub mod attestation;
pub mod audit;
pub mod catalogue;
pub mod code;
pub mod compliance;
pub mod digest;
pub mod error;
pub mod export;
pub mod finding;
pub mod id;
pub mod job;
pub mod manifest;
pub mod ports;
pub mod problem;
pub mod record;
pub mod request;
pub mod sbom;
pub mod scan;
pub mod seal;
pub mod strict_json;
pub mod template;
#[cfg(test)]
mod testing;
pub mod text;
pub mod time;
pub mod totals;
pub mod vulnerability;
pub mod warning;
