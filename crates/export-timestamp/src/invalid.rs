//! Why an answer is no time-stamp.

/// Why an answer is no time-stamp over what was asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Invalid {
    /// The bytes are no DER of that shape, or there are more of them.
    #[error("it is no DER of a time-stamp: {part}")]
    Encoding {
        /// Where they stop being it.
        part: &'static str,
    },
    /// The authority refused.
    #[error("the authority did not grant it (status {status}{}{text})", if text.is_empty() { "" } else { ": " })]
    Refused {
        /// PKIStatus (RFC 3161, 2.4.2).
        status: u8,
        /// The authority's words.
        text: String,
    },
    /// Something stands in it that is neither signed nor needed, or not in its one encoding.
    #[error("it is not in its normal form")]
    NotNormal,
    /// A part is not as RFC 3161 and RFC 5652 want it.
    #[error("{0}")]
    Content(&'static str),
    /// It is about something else.
    #[error("it is over another digest")]
    OtherDigest,
    /// It answers another request.
    #[error("its nonce is not that of the request")]
    OtherNonce,
    /// It uses an algorithm that is not accepted.
    #[error("the algorithm {0} is not accepted")]
    Algorithm(String),
    /// The authority's certificate may not sign time-stamps.
    #[error("the authority's certificate is not for time-stamps: {0}")]
    Usage(&'static str),
    /// A signed attribute is missing or wrong.
    #[error("the signed attribute {0}")]
    Attribute(&'static str),
    /// The signature is not of the authority's certificate.
    #[error("the signature is not by the authority's certificate")]
    Signature,
    /// The time is outside of a certificate's validity.
    #[error("its time is outside of the validity of the certificate of {0}")]
    OutsideValidity(String),
    /// No certificate of the user's vouches for the authority.
    #[error("no trusted certificate vouches for {authority}: {why}")]
    Untrusted {
        /// The subject of its certificate.
        authority: String,
        /// The reason.
        why: String,
    },
}

impl Invalid {
    /// What a failed parse of `part` comes to.
    pub(crate) fn at(part: &'static str) -> impl Fn(der::Error) -> Self {
        move |_| Self::Encoding { part }
    }
}
