//! Seals of evidence bundles: made and checked, without I/O and without a clock.
//!
//! The format is `docs/evidence-format.md`; each module has one part of it.
//!
//! | for | look at |
//! |---|---|
//! | bytes of JSON (RFC 8785) | [`canonical`] |
//! | the tree, its proofs (RFC 6962, RFC 9162) | [`merkle`] |
//! | `manifest.json` of a bundle | [`manifest`] |
//! | what is signed (in-toto Statement v1) | [`statement`] |
//! | the envelope (DSSE) and the signature (Ed25519) | [`envelope`], [`signature`] |
//! | public keys as JWKS | [`jwks`] |
//! | the audit trail as a log: chain, checkpoints | [`chain`], [`note`] |
//! | whether a trail is whole | [`trail`] |
//! | sealing all of it | [`seal`] |
//! | one file of a bundle without the rest | [`proof`] |
//! | strict verification, and what it comes to | [`verify`] |

pub mod canonical;
pub mod chain;
pub mod envelope;
pub mod jwks;
pub mod manifest;
pub mod merkle;
pub mod note;
pub mod proof;
pub mod seal;
pub mod signature;
pub mod statement;
pub mod trail;
pub mod verify;

/// The page that verifies a bundle in a browser, without network: in each bundle, and at `/verify`.
pub const PAGE: &str = include_str!("../assets/verify.html");
