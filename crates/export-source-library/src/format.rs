//! What a format is to the library: how its documents are told, and what they can give.
//!
//! A format is a value of [`Format`] in its module below [`formats`](crate::formats), and an entry of the table there.

use export_core::attestation::Attestation;
use export_core::digest::Digest;
use export_core::error::PortError;
use export_core::finding::{Finding, Intelligence, Verdict, VexStatement};
use export_core::id::ScanId;
use export_core::sbom::SbomPart;

use crate::about::About;
use crate::document::Document;
use crate::emit::Emitter;
use crate::shape::Shape;

/// Reads one document to its end, and gives the digest of its bytes.
pub(crate) type Reader<T> = fn(&Document, &Scanned<'_>, &mut Emitter<T>) -> Result<Digest, PortError>;

/// The scan that a document is read for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Scanned<'a> {
    /// The scan.
    pub(crate) id: &'a ScanId,
    /// The scanned artifact, for documents that do not name theirs.
    pub(crate) image: &'a str,
    /// Whether records that name another scan are taken as well: where nobody said which scan it is.
    pub(crate) is_any: bool,
}

impl<'a> Scanned<'a> {
    /// This scan and no other.
    pub(crate) const fn of(id: &'a ScanId, image: &'a str) -> Self {
        Self { id, image, is_any: false }
    }

    /// Whether a record that names the scan `named` is about this one.
    pub(crate) fn is_meant_by(&self, named: &str) -> bool {
        self.is_any || *named == *self.id.as_str()
    }
}

/// One format. What its documents do not give is none.
pub(crate) struct Format {
    /// A short name for programs: `grype`.
    pub(crate) key: &'static str,
    /// What users call a document of it, behind "this is": `a Grype report`.
    pub(crate) name: &'static str,
    /// Whether a document that begins so is one. Asked again and again as more of it is seen: says yes only when it is sure.
    pub(crate) is: fn(&Shape) -> bool,
    /// What the document says of its artifact. Only a document with this makes its folder a scan.
    pub(crate) about: Option<fn(&Document) -> Result<About, PortError>>,
    /// Whether documents name the scan that they belong to, so that one of another scan is told.
    pub(crate) names_its_scan: bool,
    /// Whose word about the artifact counts if several documents have one; the smallest first.
    pub(crate) authority: Authority,
    /// Its findings.
    pub(crate) findings: Option<Reader<Finding<'static>>>,
    /// Its VEX statements.
    pub(crate) statements: Option<Reader<VexStatement<'static>>>,
    /// Its policy verdicts.
    pub(crate) verdicts: Option<Reader<Verdict<'static>>>,
    /// Its bill of materials.
    pub(crate) sbom: Option<Reader<SbomPart<'static>>>,
    /// Its list of packages, which stands in for a bill of materials where a scan has none; and whether it has one.
    pub(crate) packages: Option<Reader<SbomPart<'static>>>,
    pub(crate) has_packages: fn(&Document) -> Result<bool, PortError>,
    /// Its attestation.
    pub(crate) attestations: Option<Reader<Attestation<'static>>>,
    /// What it knows about vulnerabilities, whichever scan has them.
    pub(crate) intelligence: Option<Reader<Intelligence<'static>>>,
    /// Documents inside it, each of a format of its own.
    pub(crate) inside: Option<fn(&Document) -> Result<Vec<Document>, PortError>>,
    /// The format that a document turns out to be when it is looked at whole; none if it is this one.
    pub(crate) rather: fn(&Document) -> Result<Option<&'static Self>, PortError>,
}

/// How good a document's word about its artifact is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Authority {
    /// A scanner looked at the artifact.
    Scanner,
    /// A guard of AI-written code looked at a part of it.
    Guard,
    /// The document lists what is in it.
    Sbom,
    /// A policy engine decided about it.
    Policy,
    /// Somebody attests something about it.
    Attestation,
}

impl Format {
    /// A format that gives nothing.
    pub(crate) const NOTHING: Self = Self {
        key: "",
        name: "",
        is: |_| false,
        about: None,
        names_its_scan: false,
        authority: Authority::Scanner,
        findings: None,
        statements: None,
        verdicts: None,
        sbom: None,
        packages: None,
        has_packages: |_| Ok(false),
        attestations: None,
        intelligence: None,
        inside: None,
        rather: |_| Ok(None),
    };

    /// Whether it gives anything about a scan.
    pub(crate) const fn is_about_scans(&self) -> bool {
        self.gives_something() || self.inside.is_some()
    }

    /// Whether it gives anything itself, and not only by what is inside.
    pub(crate) const fn gives_something(&self) -> bool {
        self.findings.is_some()
            || self.statements.is_some()
            || self.verdicts.is_some()
            || self.sbom.is_some()
            || self.attestations.is_some()
    }
}

impl std::fmt::Debug for Format {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name)
    }
}
