//! The authority's certificate: what it is called, what it is for, and when it is valid.

use cms::signed_data::{SignerIdentifier, SignerInfo};
use der::asn1::{ObjectIdentifier, OctetString};
use der::{Decode as _, Encode as _};
use x509_cert::Certificate;
use x509_cert::time::Validity;

use crate::{Invalid, oid};

/// A certificate of a token or of the user's, with the bytes that it was read from.
#[derive(Debug, Clone)]
pub(crate) struct Cert {
    pub(crate) bytes: Vec<u8>,
    parsed: Certificate,
}

impl Cert {
    pub(crate) fn read(bytes: Vec<u8>) -> Result<Self, Invalid> {
        let parsed = Certificate::from_der(&bytes).map_err(Invalid::at("a certificate"))?;
        Ok(Self { bytes, parsed })
    }

    /// The subject, for people: its control characters are not printed.
    pub(crate) fn subject(&self) -> String {
        let name = self.parsed.tbs_certificate.subject.to_string();
        name.chars().map(|letter| if letter.is_control() { '\u{FFFD}' } else { letter }).collect()
    }

    /// Whether it says of itself that it is a root.
    pub(crate) fn is_root(&self) -> bool {
        self.parsed.tbs_certificate.subject == self.parsed.tbs_certificate.issuer
    }

    /// Whether `signer` says that this is its certificate.
    pub(crate) fn is_of(&self, signer: &SignerInfo) -> bool {
        let tbs = &self.parsed.tbs_certificate;
        match &signer.sid {
            SignerIdentifier::IssuerAndSerialNumber(id) => {
                id.issuer == tbs.issuer && id.serial_number == tbs.serial_number
            }
            SignerIdentifier::SubjectKeyIdentifier(id) => {
                let named = self.extension(oid::SUBJECT_KEY_IDENTIFIER);
                let named = named.and_then(|(_, value)| OctetString::from_der(value).ok());
                named.is_some_and(|named| named == id.0)
            }
        }
    }

    /// Whether it names this issuer and serial number, as DER.
    pub(crate) fn has_serial(&self, serial: &impl der::Encode) -> bool {
        match (self.parsed.tbs_certificate.serial_number.to_der(), serial.to_der()) {
            (Ok(ours), Ok(theirs)) => ours == theirs,
            _ => false,
        }
    }

    /// Checks that it is for time-stamps, critically, and for nothing else (RFC 3161, 2.3).
    pub(crate) fn check_usage(&self) -> Result<(), Invalid> {
        let (critical, value) =
            self.extension(oid::EXTENDED_KEY_USAGE).ok_or(Invalid::Usage("it has no extended key usage"))?;
        if !critical {
            return Err(Invalid::Usage("its extended key usage is not critical"));
        }
        let usages =
            Vec::<ObjectIdentifier>::from_der(value).map_err(Invalid::at("the extended key usage"))?;
        if usages == [oid::TIME_STAMPING] {
            return Ok(());
        }
        Err(Invalid::Usage("its extended key usage is not timeStamping alone"))
    }

    /// Checks that it was valid at `at`, in seconds since 1970.
    pub(crate) fn check_time(&self, at: u64) -> Result<(), Invalid> {
        let Validity { not_before, not_after } = &self.parsed.tbs_certificate.validity;
        let seconds = |time: &x509_cert::time::Time| time.to_unix_duration().as_secs();
        if (seconds(not_before)..=seconds(not_after)).contains(&at) {
            return Ok(());
        }
        Err(Invalid::OutsideValidity(self.subject()))
    }

    fn extension(&self, oid: ObjectIdentifier) -> Option<(bool, &[u8])> {
        let extensions = self.parsed.tbs_certificate.extensions.as_ref()?;
        let found = extensions.iter().find(|extension| extension.extn_id == oid)?;
        Some((found.critical, found.extn_value.as_bytes()))
    }
}
