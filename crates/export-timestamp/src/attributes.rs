//! The signed attributes: what the signature is over, and what ties it to content and certificate.

use cms::signed_data::SignedAttributes;
use der::asn1::{ObjectIdentifier, OctetString};
use der::{Any, Encode as _};
use ring::digest::{Algorithm, SHA1_FOR_LEGACY_USE_ONLY, SHA256};

use crate::asn1::{IssuerSerial, SigningCertificate, SigningCertificateV2};
use crate::certificate::Cert;
use crate::hash::{hash_of, is_digest};
use crate::{Invalid, oid};

/// Checks that the attributes are of `content` and of the signer's certificate (RFC 5652, 5.6; RFC 3161, 2.4.2; RFC 5816).
pub(crate) fn check(
    attributes: &SignedAttributes,
    hash: &'static Algorithm,
    content: &[u8],
    signer: &Cert,
) -> Result<(), Invalid> {
    let content_type = one(attributes, oid::CONTENT_TYPE, "content-type is there twice")?
        .ok_or(Invalid::Attribute("content-type is missing"))?;
    if content_type.decode_as::<ObjectIdentifier>() != Ok(oid::TST_INFO) {
        return Err(Invalid::Attribute("content-type is not that of a time-stamp"));
    }
    let digest = one(attributes, oid::MESSAGE_DIGEST, "message-digest is there twice")?
        .ok_or(Invalid::Attribute("message-digest is missing"))?;
    let digest = digest.decode_as::<OctetString>().map_err(Invalid::at("message-digest"))?;
    if !is_digest(hash, content, digest.as_bytes()) {
        return Err(Invalid::Attribute("message-digest is not that of the content"));
    }
    check_certificate(attributes, signer)
}

/// The certificate is signed as well, so that no other one of the same key can take its place.
fn check_certificate(attributes: &SignedAttributes, signer: &Cert) -> Result<(), Invalid> {
    const TWICE: &str = "signing-certificate is there twice";
    let first = one(attributes, oid::SIGNING_CERTIFICATE, TWICE)?;
    let second = one(attributes, oid::SIGNING_CERTIFICATE_V2, TWICE)?;
    if first.is_none() && second.is_none() {
        return Err(Invalid::Attribute("signing-certificate is missing"));
    }
    let names = |hash, digest: &OctetString, issuer: Option<&IssuerSerial>| {
        let serial = issuer.is_none_or(|issuer| signer.has_serial(&issuer.serial));
        serial && is_digest(hash, &signer.bytes, digest.as_bytes())
    };
    let mut right = true;
    if let Some(value) = first {
        let all: SigningCertificate = decode(value)?;
        // The first one is the signer's (RFC 2634, 5.4).
        right &= all
            .certificates
            .first()
            .is_some_and(|id| names(&SHA1_FOR_LEGACY_USE_ONLY, &id.digest, id.issuer.as_ref()));
    }
    if let Some(value) = second {
        let all: SigningCertificateV2 = decode(value)?;
        let id = all.certificates.first().ok_or(Invalid::Attribute("signing-certificate is empty"))?;
        let hash = id.hash.as_ref().map_or(Ok(&SHA256), hash_of)?;
        right &= names(hash, &id.digest, id.issuer.as_ref());
    }
    if right { Ok(()) } else { Err(Invalid::Attribute("signing-certificate is of another certificate")) }
}

fn decode<T: for<'a> der::Decode<'a>>(value: &Any) -> Result<T, Invalid> {
    let failed = Invalid::at("signing-certificate");
    T::from_der(&value.to_der().map_err(&failed)?).map_err(&failed)
}

/// The one value of an attribute, if it is there.
fn one<'a>(
    attributes: &'a SignedAttributes,
    oid: ObjectIdentifier,
    twice: &'static str,
) -> Result<Option<&'a Any>, Invalid> {
    let mut values =
        attributes.iter().filter(|attribute| attribute.oid == oid).flat_map(|it| it.values.iter());
    match (values.next(), values.next()) {
        (value, None) => Ok(value),
        (_, Some(_)) => Err(Invalid::Attribute(twice)),
    }
}
