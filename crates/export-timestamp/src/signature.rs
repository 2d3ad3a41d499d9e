//! The signature of the authority.

use cms::signed_data::SignerInfo;
use der::Encode as _;
use der::asn1::ObjectIdentifier;
use rustls_pki_types::{CertificateDer, SignatureVerificationAlgorithm};
use webpki::{EndEntityCert, ring};

use crate::certificate::Cert;
use crate::hash::{has_none, not_accepted};
use crate::{Invalid, oid};

type Verifier = &'static dyn SignatureVerificationAlgorithm;

/// Checks the signature of `signer` over its signed attributes, by the key of `cert`.
pub(crate) fn check(signer: &SignerInfo, cert: &Cert) -> Result<(), Invalid> {
    let attributes =
        signer.signed_attrs.as_ref().ok_or(Invalid::Content("there are no signed attributes"))?;
    // What is signed is their DER as a SET, not as the tagged field that they stand in (RFC 5652, 5.4).
    let message = attributes.to_der().map_err(Invalid::at("the signed attributes"))?;
    let candidates = verifiers(signer)?;
    let bytes = CertificateDer::from(cert.bytes.as_slice());
    let cert = EndEntityCert::try_from(&bytes).map_err(|_| {
        Invalid::Usage("it is no certificate of RFC 5280, or has an unknown critical extension")
    })?;
    let signature = signer.signature.as_bytes();
    let by = |verifier: &&Verifier| cert.verify_signature(**verifier, &message, signature).is_ok();
    if candidates.iter().any(|verifier| by(&verifier)) { Ok(()) } else { Err(Invalid::Signature) }
}

/// What may verify the signature: one for each kind of key that its algorithm leaves open.
fn verifiers(signer: &SignerInfo) -> Result<&'static [Verifier], Invalid> {
    let algorithm = &signer.signature_algorithm;
    let (hash, verifiers): (Option<ObjectIdentifier>, &'static [Verifier]) = match algorithm.oid {
        oid::RSA => (None, rsa(signer.digest_alg.oid)?),
        oid::RSA_SHA_256 => (Some(oid::SHA_256), rsa(oid::SHA_256)?),
        oid::RSA_SHA_384 => (Some(oid::SHA_384), rsa(oid::SHA_384)?),
        oid::RSA_SHA_512 => (Some(oid::SHA_512), rsa(oid::SHA_512)?),
        oid::ECDSA_SHA_256 => {
            const ALL: &[Verifier] = &[ring::ECDSA_P256_SHA256, ring::ECDSA_P384_SHA256];
            (Some(oid::SHA_256), ALL)
        }
        oid::ECDSA_SHA_384 => {
            const ALL: &[Verifier] = &[ring::ECDSA_P256_SHA384, ring::ECDSA_P384_SHA384];
            (Some(oid::SHA_384), ALL)
        }
        oid::ED25519 => {
            const ALL: &[Verifier] = &[ring::ED25519];
            (Some(oid::SHA_512), ALL) // RFC 8419, 3.1
        }
        other => return Err(not_accepted(other)),
    };
    if hash.is_some_and(|hash| hash != signer.digest_alg.oid) {
        return Err(Invalid::Content("the signature has another hash than the attributes"));
    }
    if !has_none(algorithm) {
        return Err(Invalid::Content("the signature's algorithm has parameters"));
    }
    Ok(verifiers)
}

fn rsa(hash: ObjectIdentifier) -> Result<&'static [Verifier], Invalid> {
    const SHA_256: &[Verifier] = &[ring::RSA_PKCS1_2048_8192_SHA256];
    const SHA_384: &[Verifier] = &[ring::RSA_PKCS1_2048_8192_SHA384];
    const SHA_512: &[Verifier] = &[ring::RSA_PKCS1_2048_8192_SHA512];
    match hash {
        oid::SHA_256 => Ok(SHA_256),
        oid::SHA_384 => Ok(SHA_384),
        oid::SHA_512 => Ok(SHA_512),
        other => Err(not_accepted(other)),
    }
}
