//! The object identifiers of time-stamps.

use der::asn1::ObjectIdentifier;

const fn oid(text: &str) -> ObjectIdentifier {
    ObjectIdentifier::new_unwrap(text)
}

/// id-signedData (RFC 5652, 5.1).
pub(crate) const SIGNED_DATA: ObjectIdentifier = oid("1.2.840.113549.1.7.2");
/// id-ct-TSTInfo (RFC 3161, 2.4.2).
pub(crate) const TST_INFO: ObjectIdentifier = oid("1.2.840.113549.1.9.16.1.4");
/// id-contentType (RFC 5652, 11.1).
pub(crate) const CONTENT_TYPE: ObjectIdentifier = oid("1.2.840.113549.1.9.3");
/// id-messageDigest (RFC 5652, 11.2).
pub(crate) const MESSAGE_DIGEST: ObjectIdentifier = oid("1.2.840.113549.1.9.4");
/// id-aa-signingCertificate (RFC 2634, 5.4), with SHA-1.
pub(crate) const SIGNING_CERTIFICATE: ObjectIdentifier = oid("1.2.840.113549.1.9.16.2.12");
/// id-aa-signingCertificateV2 (RFC 5035, 3).
pub(crate) const SIGNING_CERTIFICATE_V2: ObjectIdentifier = oid("1.2.840.113549.1.9.16.2.47");
/// id-kp-timeStamping (RFC 3161, 2.3).
pub(crate) const TIME_STAMPING: ObjectIdentifier = oid("1.3.6.1.5.5.7.3.8");
/// The same as DER, without tag and length.
pub(crate) const TIME_STAMPING_DER: &[u8] = &[0x2B, 6, 1, 5, 5, 7, 3, 8];
/// SHA-256.
pub(crate) const SHA_256: ObjectIdentifier = oid("2.16.840.1.101.3.4.2.1");
/// SHA-384.
pub(crate) const SHA_384: ObjectIdentifier = oid("2.16.840.1.101.3.4.2.2");
/// SHA-512.
pub(crate) const SHA_512: ObjectIdentifier = oid("2.16.840.1.101.3.4.2.3");
/// rsaEncryption (RFC 3279, 2.3.1): the hash is named elsewhere.
pub(crate) const RSA: ObjectIdentifier = oid("1.2.840.113549.1.1.1");
/// sha256WithRSAEncryption (RFC 4055, 5).
pub(crate) const RSA_SHA_256: ObjectIdentifier = oid("1.2.840.113549.1.1.11");
/// sha384WithRSAEncryption.
pub(crate) const RSA_SHA_384: ObjectIdentifier = oid("1.2.840.113549.1.1.12");
/// sha512WithRSAEncryption.
pub(crate) const RSA_SHA_512: ObjectIdentifier = oid("1.2.840.113549.1.1.13");
/// ecdsa-with-SHA256 (RFC 5758, 3.2).
pub(crate) const ECDSA_SHA_256: ObjectIdentifier = oid("1.2.840.10045.4.3.2");
/// ecdsa-with-SHA384.
pub(crate) const ECDSA_SHA_384: ObjectIdentifier = oid("1.2.840.10045.4.3.3");
/// id-Ed25519 (RFC 8410, 3).
pub(crate) const ED25519: ObjectIdentifier = oid("1.3.101.112");
/// id-ce-extKeyUsage (RFC 5280, 4.2.1.12).
pub(crate) const EXTENDED_KEY_USAGE: ObjectIdentifier = oid("2.5.29.37");
/// id-ce-subjectKeyIdentifier (RFC 5280, 4.2.1.2).
pub(crate) const SUBJECT_KEY_IDENTIFIER: ObjectIdentifier = oid("2.5.29.14");

#[cfg(test)]
mod tests {
    #[test]
    fn both_forms_of_the_usage_are_one() {
        assert_eq!(super::TIME_STAMPING.as_bytes(), super::TIME_STAMPING_DER);
    }
}
