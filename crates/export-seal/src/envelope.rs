//! The envelope (DSSE 1.0.2): bytes with one signature over them.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use export_core::seal::{KeyId, PublicKey, SignatureBytes};
use serde::{Deserialize, Serialize};

use crate::canonical::{self, NotCanonical};
use crate::signature::{self, InvalidSignature};

/// The payload's type: an in-toto statement.
pub const PAYLOAD_TYPE: &str = "application/vnd.in-toto+json";

/// What is signed of a payload: the pre-authentication encoding (DSSE protocol, "PAE"). Lengths are of bytes.
#[must_use]
pub fn pre_authentication(payload_type: &str, payload: &[u8]) -> Vec<u8> {
    let mut bytes = format!("DSSEv1 {} {payload_type} {} ", payload_type.len(), payload.len()).into_bytes();
    bytes.extend_from_slice(payload);
    bytes
}

/// A payload with its one signature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Envelope {
    /// What was signed.
    pub payload: Vec<u8>,
    /// Who is said to have signed: a hint, until the signature has been checked.
    pub key_id: KeyId,
    /// The signature: as many bytes as there are, for their number is a matter of the signature's check.
    pub signature: Vec<u8>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct EnvelopeJson {
    payload: String,
    #[serde(rename = "payloadType")]
    payload_type: String,
    signatures: Vec<SignatureJson>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct SignatureJson {
    keyid: KeyId,
    sig: String,
}

impl Envelope {
    /// Its bytes: canonical JSON.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        canonical::ordered(&EnvelopeJson {
            payload: STANDARD.encode(&self.payload),
            payload_type: PAYLOAD_TYPE.to_owned(),
            signatures: vec![SignatureJson {
                keyid: self.key_id.clone(),
                sig: STANDARD.encode(&self.signature),
            }],
        })
    }

    /// Reads one, strictly: there is one sequence of bytes for an envelope, and this accepts no other.
    ///
    /// # Errors
    /// [`NotCanonical`], in words that say what is wrong.
    pub fn read(bytes: &[u8]) -> Result<Self, NotCanonical> {
        let wrong = |what: &str| NotCanonical::Invalid(what.to_owned());
        let json: EnvelopeJson = canonical::from_slice(bytes)?;
        if json.payload_type != PAYLOAD_TYPE {
            return Err(wrong("payloadType must be application/vnd.in-toto+json"));
        }
        let [signature] = &*json.signatures else { return Err(wrong("there must be one signature")) };
        // This engine refuses bits behind the last byte, and missing or further padding.
        let payload = STANDARD.decode(&json.payload).map_err(|_| wrong("payload is not base64"))?;
        let bytes = STANDARD.decode(&signature.sig).map_err(|_| wrong("sig is not base64"))?;
        Ok(Self { payload, key_id: signature.keyid.clone(), signature: bytes })
    }

    /// Whether `key` has made the signature; it as the 64 bytes that it then is.
    ///
    /// # Errors
    /// [`InvalidSignature`].
    pub fn verify(&self, key: &PublicKey) -> Result<SignatureBytes, InvalidSignature> {
        let bytes: SignatureBytes = self.signature.as_slice().try_into().map_err(|_| InvalidSignature)?;
        signature::verify(key, &self.message(), &bytes)?;
        Ok(bytes)
    }

    /// What the signature is over.
    #[must_use]
    pub fn message(&self) -> Vec<u8> {
        pre_authentication(PAYLOAD_TYPE, &self.payload)
    }
}
