//! Attestations: statements about artifacts, mostly signed, kept byte for byte.

use serde::{Deserialize, Serialize};

use crate::text::Text;

/// The most bytes that one attestation may have.
pub const ATTESTATION_BYTES: usize = 16 << 20;

/// One in-toto statement (in-toto Attestation Framework, "Statement layer v1" and v0.1), as it was found.
///
/// What its predicate tells of findings, VEX or components is read by the sources of those; this is the document itself,
/// which an auditor verifies. Signatures are kept and not checked here: that needs keys.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attestation<'a> {
    /// How the statement is wrapped.
    pub envelope: AttestationEnvelope,
    /// What the predicate is, a URI: `https://slsa.dev/provenance/v1`.
    #[serde(borrow)]
    pub predicate_type: Text<'a>,
    /// What it is about.
    #[serde(borrow)]
    pub subjects: Vec<AttestationSubject<'a>>,
    /// The signatures of the envelope.
    pub signatures: u32,
    /// The file, as [`SourceDigest::query`](crate::scan::SourceDigest) names it.
    #[serde(borrow)]
    pub place: Text<'a>,
    /// The bytes of the document, which are JSON.
    #[serde(borrow)]
    pub document: Text<'a>,
}

/// How a statement is wrapped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AttestationEnvelope {
    /// Not at all: the bare statement, without signatures.
    Statement,
    /// DSSE 1.0, "Envelope".
    Dsse,
    /// A sigstore bundle (`application/vnd.dev.sigstore.bundle...`) around a DSSE envelope.
    Sigstore,
}

impl AttestationEnvelope {
    /// The envelope as JSON writes it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Statement => "statement",
            Self::Dsse => "dsse",
            Self::Sigstore => "sigstore",
        }
    }
}

/// What an attestation is about: an artifact by its digests.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttestationSubject<'a> {
    /// The artifact's name; empty if the statement gives none.
    #[serde(borrow)]
    pub name: Text<'a>,
    /// Its digests, `sha256:...`, in the statement's order.
    #[serde(borrow)]
    pub digests: Vec<Text<'a>>,
}
