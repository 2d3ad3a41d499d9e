//! What is asked of an authority.

use der::Encode as _;
use der::asn1::{OctetString, Uint};
use export_core::digest::Digest;
use x509_cert::spki::AlgorithmIdentifierOwned;

use crate::asn1::{Imprint, Request};
use crate::oid;

/// A request (DER `TimeStampReq`) for a time-stamp over `digest`, with the authority's certificate in the answer.
///
/// # Panics
/// Never: what is encoded is small and of known shape.
#[must_use]
pub fn request(digest: Digest, nonce: u64) -> Vec<u8> {
    let hash = AlgorithmIdentifierOwned { oid: oid::SHA_256, parameters: Some(der::Any::null()) };
    let digest = OctetString::new(digest.as_bytes().as_slice()).expect("32 bytes");
    let nonce = Uint::new(&nonce.to_be_bytes()).expect("8 bytes");
    let request = Request { version: 1, imprint: Imprint { hash, digest }, nonce, certificates: true };
    request.to_der().expect("a small structure")
}
