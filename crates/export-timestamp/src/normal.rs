//! The one form of a token: DER, and nothing in it that is neither signed nor needed.

use cms::content_info::{CmsVersion, ContentInfo};
use cms::signed_data::{SignerIdentifier, SignerInfo};
use der::asn1::SetOfVec;
use der::{Any, Decode as _, Encode as _};

use crate::asn1::{Response, SignedData, Status};
use crate::certificate::Cert;
use crate::{Invalid, oid};

/// The parts of an answer that was granted.
pub(crate) struct Parts {
    pub(crate) data: SignedData,
    pub(crate) signer: SignerInfo,
    pub(crate) cert: Cert,
    pub(crate) between: Vec<Cert>,
}

/// The most bytes that are looked at: sets are sorted while they are read, which takes long for large ones.
const MOST: usize = 64 << 10;

/// An authority's answer in its normal form: without texts, revocation lists, roots and unsigned attributes, its sets in
/// order. Authorities send certificates in any order, which some readers refuse.
///
/// Nothing is verified but the shape.
///
/// # Errors
/// If the authority refused, or the answer is none.
pub fn normal_form(answer: &[u8]) -> Result<Vec<u8>, Invalid> {
    encode(&read(answer)?)
}

/// Reads an answer, and gives it with its normal form.
pub(crate) fn read(answer: &[u8]) -> Result<Parts, Invalid> {
    if answer.len() > MOST {
        return Err(Invalid::Content("it is larger than any authority's answer"));
    }
    let response = Response::from_der(answer).map_err(Invalid::at("the answer"))?;
    let Status { status, text, .. } = response.status;
    if status != 0 {
        let text = text.unwrap_or_default().join("; ");
        let text = text.chars().filter(|letter| !letter.is_control()).take(200).collect();
        return Err(Invalid::Refused { status, text });
    }
    let token = response.token.ok_or(Invalid::Content("there is no token in it"))?;
    if token.content_type != oid::SIGNED_DATA {
        return Err(Invalid::Content("the token is not signed data"));
    }
    let mut data: SignedData = token.content.decode_as().map_err(Invalid::at("the signed data"))?;
    let [signer] = data.signers.as_slice() else {
        return Err(Invalid::Content("there must be exactly one signer"));
    };
    let mut signer = signer.clone();
    signer.unsigned_attrs = None;
    let mut cert = None;
    let mut between = Vec::new();
    for bytes in data.certificates.take().unwrap_or_default().iter() {
        let bytes = bytes.to_der().map_err(Invalid::at("a certificate"))?;
        let read = Cert::read(bytes)?;
        if cert.is_none() && read.is_of(&signer) {
            cert = Some(read);
        } else if !read.is_root() {
            between.push(read);
        }
    }
    let cert = cert.ok_or(Invalid::Content("the signer's certificate is not in it"))?;
    Ok(Parts { data, signer, cert, between })
}

/// The normal form of these parts.
pub(crate) fn encode(parts: &Parts) -> Result<Vec<u8>, Invalid> {
    let failed = Invalid::at("its normal form");
    let certificates = std::iter::once(&parts.cert).chain(&parts.between);
    let certificates = certificates.map(|cert| Any::from_der(&cert.bytes));
    let certificates = SetOfVec::try_from(certificates.collect::<der::Result<Vec<_>>>().map_err(&failed)?);
    let signer = SignerInfo {
        // RFC 5652, 5.3.
        version: match parts.signer.sid {
            SignerIdentifier::IssuerAndSerialNumber(_) => CmsVersion::V1,
            SignerIdentifier::SubjectKeyIdentifier(_) => CmsVersion::V3,
        },
        ..parts.signer.clone()
    };
    let data = SignedData {
        version: CmsVersion::V3, // RFC 5652, 5.1: its content is not plain data
        digests: SetOfVec::try_from(vec![signer.digest_alg.clone()]).map_err(&failed)?,
        content: parts.data.content.clone(),
        certificates: Some(certificates.map_err(&failed)?),
        revocations: None,
        signers: SetOfVec::try_from(vec![signer]).map_err(&failed)?,
    };
    let content = Any::encode_from(&data).map_err(&failed)?;
    let response = Response {
        status: Status { status: 0, text: None, failure: None },
        token: Some(ContentInfo { content_type: oid::SIGNED_DATA, content }),
    };
    response.to_der().map_err(&failed)
}
