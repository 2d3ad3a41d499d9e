//! Time-stamps (RFC 3161): what is asked of an authority, and what it answers, checked strictly.
//!
//! Pure: no network, no files, no clock, no randomness. Everything that is checked is also compared with its one encoding, so
//! that no bit of a token can be changed without notice, except in certificates that nobody needs.

mod anchors;
mod asn1;
mod attributes;
mod certificate;
mod generalized_time;
mod hash;
mod invalid;
mod normal;
mod oid;
mod request;
mod signature;
mod verify;

use export_core::time::Timestamp;

pub use self::anchors::{Anchors, InvalidAnchors, read_anchors};
pub use self::invalid::Invalid;
pub use self::normal::normal_form;
pub use self::request::request;
pub use self::verify::verify;

/// What a token says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stamp {
    /// When the authority saw the digest.
    pub at: Timestamp,
    /// The subject of the authority's certificate, for people.
    pub authority: String,
    /// Whether a certificate of the user's vouches for the authority. Otherwise anybody may have made the token.
    pub trusted: bool,
}
