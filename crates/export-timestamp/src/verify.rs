//! A token, checked from its outside to its inside.

use der::asn1::{Int, OctetString, Uint};
use der::{Decode as _, Encode as _};
use export_core::digest::Digest;
use export_core::time::Timestamp;

use crate::anchors::Anchors;
use crate::asn1::TstInfo;
use crate::hash::{has_none, hash_of};
use crate::normal::{self, Parts};
use crate::{Invalid, Stamp, attributes, oid, signature};

/// Verifies a token (DER `TimeStampResp`, in its [normal form](crate::normal_form)) over `over`.
///
/// Without anchors everything is checked but who the authority is, and the stamp is not [trusted](Stamp::trusted).
///
/// # Errors
/// The first thing that is wrong.
pub fn verify(
    token: &[u8],
    over: Digest,
    anchors: &Anchors,
    expected_nonce: Option<u64>,
) -> Result<Stamp, Invalid> {
    let parts = normal::read(token)?;
    if normal::encode(&parts)? != token {
        return Err(Invalid::NotNormal);
    }
    let content = content(&parts)?;
    let hash = hash_of(&parts.signer.digest_alg)?;
    let attributes = parts.signer.signed_attrs.as_ref();
    let attributes = attributes.ok_or(Invalid::Content("there are no signed attributes"))?;
    parts.cert.check_usage()?;
    attributes::check(attributes, hash, content.as_bytes(), &parts.cert)?;
    signature::check(&parts.signer, &parts.cert)?;

    let info = TstInfo::from_der(content.as_bytes()).map_err(Invalid::at("the time-stamp's content"))?;
    check_info(&info, over, expected_nonce)?;
    let at = info.time.at();
    let seconds = seconds(at)?;
    parts.cert.check_time(seconds)?;
    if !anchors.is_empty() {
        anchors.vouch(&parts.cert, &parts.between, seconds)?;
    }
    Ok(Stamp { at, authority: parts.cert.subject(), trusted: !anchors.is_empty() })
}

fn content(parts: &Parts) -> Result<OctetString, Invalid> {
    let content = &parts.data.content;
    if content.econtent_type != oid::TST_INFO {
        return Err(Invalid::Content("its content is no time-stamp"));
    }
    let content = content.econtent.as_ref().ok_or(Invalid::Content("it has no content"))?;
    content.decode_as().map_err(Invalid::at("the content"))
}

fn check_info(info: &TstInfo, over: Digest, expected_nonce: Option<u64>) -> Result<(), Invalid> {
    if info.version != 1 {
        return Err(Invalid::Content("the time-stamp has another version than 1"));
    }
    let imprint = &info.imprint;
    if imprint.hash.oid != oid::SHA_256
        || !has_none(&imprint.hash)
        || imprint.digest.as_bytes() != over.as_bytes()
    {
        return Err(Invalid::OtherDigest);
    }
    // None is known, so an extension that must be understood is not.
    if info.extensions.iter().flatten().any(|extension| extension.critical) {
        return Err(Invalid::Content("the time-stamp has an unknown critical extension"));
    }
    match expected_nonce {
        Some(nonce) if !is_nonce(info.nonce.as_ref(), nonce) => Err(Invalid::OtherNonce),
        _ => Ok(()),
    }
}

fn is_nonce(given: Option<&Int>, expected: u64) -> bool {
    let expected = Uint::new(&expected.to_be_bytes()).and_then(|nonce| nonce.to_der());
    let given = given.map(der::Encode::to_der);
    matches!((given, expected), (Some(Ok(given)), Ok(expected)) if given == expected)
}

fn seconds(at: Timestamp) -> Result<u64, Invalid> {
    u64::try_from(at.as_millis() / 1_000).map_err(|_| Invalid::Content("the time is before 1970"))
}
