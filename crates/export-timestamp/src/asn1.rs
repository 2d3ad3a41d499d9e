//! The structures of RFC 3161 and what they need of RFC 5652, RFC 2634 and RFC 5035.
//!
//! Certificates stay bytes: what is hashed and verified are the bytes that came.

use cms::content_info::{CmsVersion, ContentInfo};
use cms::signed_data::{EncapsulatedContentInfo, SignerInfo};
use der::asn1::{BitString, ContextSpecific, Int, ObjectIdentifier, OctetString, SetOfVec, Uint};
use der::{Any, Sequence};
use x509_cert::ext::Extensions;
use x509_cert::serial_number::SerialNumber;
use x509_cert::spki::AlgorithmIdentifierOwned;

use crate::generalized_time::GeneralizedTime;

/// MessageImprint (RFC 3161, 2.4.1).
#[derive(Debug, Clone, PartialEq, Eq, Sequence)]
pub(crate) struct Imprint {
    pub(crate) hash: AlgorithmIdentifierOwned,
    pub(crate) digest: OctetString,
}

/// TimeStampReq (RFC 3161, 2.4.1), with what we ask for.
#[derive(Debug, Clone, PartialEq, Eq, Sequence)]
pub(crate) struct Request {
    pub(crate) version: u8,
    pub(crate) imprint: Imprint,
    pub(crate) nonce: Uint,
    pub(crate) certificates: bool,
}

/// TimeStampResp (RFC 3161, 2.4.2).
#[derive(Debug, Clone, PartialEq, Eq, Sequence)]
pub(crate) struct Response {
    pub(crate) status: Status,
    #[asn1(optional = "true")]
    pub(crate) token: Option<ContentInfo>,
}

/// PKIStatusInfo (RFC 3161, 2.4.2).
#[derive(Debug, Clone, PartialEq, Eq, Sequence)]
pub(crate) struct Status {
    pub(crate) status: u8,
    #[asn1(optional = "true")]
    pub(crate) text: Option<Vec<String>>,
    #[asn1(optional = "true")]
    pub(crate) failure: Option<BitString>,
}

/// SignedData (RFC 5652, 5.1).
#[derive(Debug, Clone, PartialEq, Eq, Sequence)]
pub(crate) struct SignedData {
    pub(crate) version: CmsVersion,
    pub(crate) digests: SetOfVec<AlgorithmIdentifierOwned>,
    pub(crate) content: EncapsulatedContentInfo,
    #[asn1(context_specific = "0", tag_mode = "IMPLICIT", optional = "true", constructed = "true")]
    pub(crate) certificates: Option<SetOfVec<Any>>,
    #[asn1(context_specific = "1", tag_mode = "IMPLICIT", optional = "true", constructed = "true")]
    pub(crate) revocations: Option<SetOfVec<Any>>,
    pub(crate) signers: SetOfVec<SignerInfo>,
}

/// TSTInfo (RFC 3161, 2.4.2): what the authority signs.
#[derive(Debug, Clone, PartialEq, Eq, Sequence)]
pub(crate) struct TstInfo {
    pub(crate) version: u8,
    pub(crate) policy: ObjectIdentifier,
    pub(crate) imprint: Imprint,
    pub(crate) serial: Int,
    pub(crate) time: GeneralizedTime,
    #[asn1(optional = "true")]
    pub(crate) accuracy: Option<Accuracy>,
    #[asn1(default = "Default::default")]
    pub(crate) ordering: bool,
    #[asn1(optional = "true")]
    pub(crate) nonce: Option<Int>,
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT", optional = "true")]
    pub(crate) authority: Option<Any>,
    #[asn1(context_specific = "1", tag_mode = "IMPLICIT", optional = "true", constructed = "true")]
    pub(crate) extensions: Option<Extensions>,
}

/// Accuracy (RFC 3161, 2.4.2).
#[derive(Debug, Clone, PartialEq, Eq, Sequence)]
pub(crate) struct Accuracy {
    #[asn1(optional = "true")]
    pub(crate) seconds: Option<u64>,
    #[asn1(context_specific = "0", tag_mode = "IMPLICIT", optional = "true")]
    pub(crate) millis: Option<u16>,
    #[asn1(context_specific = "1", tag_mode = "IMPLICIT", optional = "true")]
    pub(crate) micros: Option<u16>,
}

/// SigningCertificate (RFC 2634, 5.4).
#[derive(Debug, Clone, PartialEq, Eq, Sequence)]
pub(crate) struct SigningCertificate {
    pub(crate) certificates: Vec<CertificateId>,
    #[asn1(optional = "true")]
    pub(crate) policies: Option<Vec<Any>>,
}

/// ESSCertID (RFC 2634, 5.4.1): with SHA-1.
#[derive(Debug, Clone, PartialEq, Eq, Sequence)]
pub(crate) struct CertificateId {
    pub(crate) digest: OctetString,
    #[asn1(optional = "true")]
    pub(crate) issuer: Option<IssuerSerial>,
}

/// SigningCertificateV2 (RFC 5035, 3).
#[derive(Debug, Clone, PartialEq, Eq, Sequence)]
pub(crate) struct SigningCertificateV2 {
    pub(crate) certificates: Vec<CertificateIdV2>,
    #[asn1(optional = "true")]
    pub(crate) policies: Option<Vec<Any>>,
}

/// ESSCertIDv2 (RFC 5035, 4): with SHA-256, if no other hash is named.
#[derive(Debug, Clone, PartialEq, Eq, Sequence)]
pub(crate) struct CertificateIdV2 {
    #[asn1(optional = "true")]
    pub(crate) hash: Option<AlgorithmIdentifierOwned>,
    pub(crate) digest: OctetString,
    #[asn1(optional = "true")]
    pub(crate) issuer: Option<IssuerSerial>,
}

/// IssuerSerial (RFC 5035, 4).
#[derive(Debug, Clone, PartialEq, Eq, Sequence)]
pub(crate) struct IssuerSerial {
    pub(crate) issuer: Vec<ContextSpecific<Any>>,
    pub(crate) serial: SerialNumber,
}
