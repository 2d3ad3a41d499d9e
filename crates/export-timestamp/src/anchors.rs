//! The certificates that the user trusts, and the way to one of them.

use std::time::Duration;

use rustls_pki_types::pem::PemObject as _;
use rustls_pki_types::{CertificateDer, TrustAnchor, UnixTime};
use webpki::{EndEntityCert, KeyUsage};

use crate::certificate::Cert;
use crate::{Invalid, oid};

/// The certificates that the user trusts to vouch for authorities; an authority's own may be among them.
#[derive(Debug, Clone, Default)]
pub struct Anchors(Vec<Anchor>);

#[derive(Debug, Clone)]
struct Anchor {
    cert: Cert,
    trust: TrustAnchor<'static>,
}

/// The bytes hold no certificates.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidAnchors {
    /// There is no certificate in them.
    #[error("it has no certificate (PEM or DER)")]
    Empty,
    /// One of them cannot be read.
    #[error("certificate {number} cannot be read: {why}")]
    Certificate {
        /// Its place, from 1.
        number: usize,
        /// What is wrong.
        why: String,
    },
}

/// Reads trusted certificates: one as DER, or any number as PEM.
///
/// # Errors
/// If there is none, or one cannot be read.
pub fn read_anchors(pem_or_der: &[u8]) -> Result<Anchors, InvalidAnchors> {
    const SEQUENCE: u8 = 0x30;
    let unreadable = |number, why: String| InvalidAnchors::Certificate { number, why };
    let certificates = if pem_or_der.first() == Some(&SEQUENCE) {
        vec![pem_or_der.to_vec()]
    } else {
        let pem = CertificateDer::pem_slice_iter(pem_or_der).enumerate().map(|(place, it)| {
            it.map(|it| it.to_vec()).map_err(|error| unreadable(place + 1, error.to_string()))
        });
        pem.collect::<Result<_, _>>()?
    };
    if certificates.is_empty() {
        return Err(InvalidAnchors::Empty);
    }
    let anchors = certificates.into_iter().enumerate().map(|(place, bytes)| {
        let trust = webpki::anchor_from_trusted_cert(&CertificateDer::from(bytes.as_slice()))
            .map(|trust| trust.to_owned())
            .map_err(|error| unreadable(place + 1, error.to_string()))?;
        let cert = Cert::read(bytes).map_err(|error| unreadable(place + 1, error.to_string()))?;
        Ok(Anchor { cert, trust })
    });
    anchors.collect::<Result<_, _>>().map(Anchors)
}

impl Anchors {
    /// Whether the user trusts nobody.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Adds the certificates of `more`.
    #[must_use]
    pub fn and(mut self, more: Self) -> Self {
        self.0.extend(more.0);
        self
    }

    /// Checks that one of them vouches for `signer`, over `between`, at `at` in seconds since 1970.
    pub(crate) fn vouch(&self, signer: &Cert, between: &[Cert], at: u64) -> Result<(), Invalid> {
        if self.0.iter().any(|anchor| anchor.cert.bytes == signer.bytes) {
            return Ok(()); // its validity was checked already
        }
        let valid = self.0.iter().filter(|anchor| anchor.cert.check_time(at).is_ok());
        let trusted: Vec<TrustAnchor<'static>> = valid.map(|anchor| anchor.trust.clone()).collect();
        let between: Vec<CertificateDer<'_>> =
            between.iter().map(|cert| CertificateDer::from(cert.bytes.as_slice())).collect();
        let bytes = CertificateDer::from(signer.bytes.as_slice());
        let chain = EndEntityCert::try_from(&bytes).and_then(|cert| {
            let time = UnixTime::since_unix_epoch(Duration::from_secs(at));
            let algorithms = webpki::ALL_VERIFICATION_ALGS;
            // The signer's own usage was checked already, and strictly; many certificates above it name none.
            let usage = KeyUsage::required_if_present(oid::TIME_STAMPING_DER);
            cert.verify_for_usage(algorithms, &trusted, &between, time, usage, None, None).map(drop)
        });
        chain.map_err(|error| Invalid::Untrusted { authority: signer.subject(), why: error.to_string() })
    }
}
