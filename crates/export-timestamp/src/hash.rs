//! The hashes that are accepted.

use der::asn1::ObjectIdentifier;
use ring::digest::{Algorithm, SHA256, SHA384, SHA512, digest};
use x509_cert::spki::AlgorithmIdentifierOwned;

use crate::Invalid;
use crate::oid;

/// The hash of `algorithm`, which has no parameters.
pub(crate) fn hash_of(algorithm: &AlgorithmIdentifierOwned) -> Result<&'static Algorithm, Invalid> {
    if !has_none(algorithm) {
        return Err(Invalid::Content("a hash has parameters"));
    }
    match algorithm.oid {
        oid::SHA_256 => Ok(&SHA256),
        oid::SHA_384 => Ok(&SHA384),
        oid::SHA_512 => Ok(&SHA512),
        other => Err(not_accepted(other)),
    }
}

/// Whether `digest` is that of `bytes`.
pub(crate) fn is_digest(algorithm: &'static Algorithm, bytes: &[u8], given: &[u8]) -> bool {
    digest(algorithm, bytes).as_ref() == given
}

/// Whether an algorithm has no parameters: absent, or NULL, which both are in use (RFC 5754, 2).
pub(crate) fn has_none(algorithm: &AlgorithmIdentifierOwned) -> bool {
    algorithm.parameters.as_ref().is_none_or(der::Any::is_null)
}

pub(crate) fn not_accepted(oid: ObjectIdentifier) -> Invalid {
    Invalid::Algorithm(oid.to_string())
}
