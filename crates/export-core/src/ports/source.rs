//! Where data comes from.

use std::fmt;
use std::io::{self, Read};

use async_trait::async_trait;
use futures::stream::BoxStream;
use serde::{Deserialize, Serialize};

use crate::attestation::Attestation;
use crate::error::PortError;
use crate::finding::{Finding, Intelligence, Verdict, VexStatement};
use crate::id::{ScanId, TenantId};
use crate::request::{OnSourceError, Scope};
use crate::sbom::SbomPart;
use crate::scan::{ScanRef, SourceDigest};
use crate::warning::Warning;

/// One step of reading a source.
///
/// A closed stream is not a complete one: only [`Flow::End`] says that everything was read. A reader that sees the
/// stream stop without it must treat the source as cut off.
#[derive(Debug, Clone, PartialEq)]
pub enum Flow<T> {
    /// One record.
    Item(T),
    /// Something that was not as it should be, and was read all the same.
    Warning(Warning),
    /// One document was read to its end.
    Document(SourceDigest),
    /// Everything was read: so many items came before.
    End {
        /// The number of [`Flow::Item`]s before.
        items: u64,
    },
}

/// The steps of reading a source. The first error is the last item.
pub type Flows<T> = BoxStream<'static, Result<Flow<T>, PortError>>;

/// What a scope comes to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Resolution {
    /// The scans that exist, each once, newest first; scans without a time come last, by id.
    pub scans: Vec<ScanRef>,
    /// What the scope names and this source does not have.
    pub missing: Missing,
    /// Scans that stand in the scope and cannot be read, where [`OnSourceError::Warn`] lets them be left out.
    pub warnings: Vec<Warning>,
}

/// What a scope names and no source has, by kind: the `scope.missing` of `data_not_found`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Missing {
    /// Scans by id.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub scan_ids: Vec<ScanId>,
    /// Images by tag or digest.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub image_refs: Vec<String>,
    /// Policy sets that have decided nothing about the scans of the scope.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub policy_sets: Vec<String>,
}

impl Missing {
    /// Whether nothing is missing.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.scan_ids.is_empty() && self.image_refs.is_empty() && self.policy_sets.is_empty()
    }
}

/// A source of scans and their findings.
///
/// # What cannot be read
/// Every reading method of the sources here takes an [`OnSourceError`]. With `Fail`, the first document that cannot be read
/// is the error that ends the stream. With `Warn`, it gives a [`Flow::Warning`] of the code `source_refused` with its place
/// and none of its records: they are given on only once the document is known to be whole. What is an error of the source as
/// a whole (it does not answer, the scan is gone) stays one in both.
#[async_trait]
pub trait ScanSource: Send + Sync {
    /// Finds the scans of a scope, without reading their findings.
    ///
    /// * Scans named by id are all in the result, whatever their date.
    /// * An image reference stands for the newest scan of that image within the date range; it matches the image's
    ///   name with tag, or its digest.
    /// * A date range alone stands for every scan made in it, both ends included.
    /// * A scope that names neither scans nor images nor a range stands for every scan.
    /// * A name that matches nothing is in `missing`, in the order of the scope; nothing is an error because it is missing.
    ///
    /// # Errors
    /// `Unavailable` or `Timeout` if the source does not answer; `Invalid` with the place if a scan that the scope names
    /// cannot be recognised, which with `Warn` is a warning instead.
    async fn resolve(
        &self,
        tenant: &TenantId,
        scope: &Scope,
        on_error: OnSourceError,
    ) -> Result<Resolution, PortError>;

    /// Reads the findings of one scan, each once.
    ///
    /// * Findings come in the order of the source; two reads of the same data give the same findings.
    /// * Every document read is told by a [`Flow::Document`] behind its findings, with the digest of its bytes.
    /// * Memory does not depend on the number of findings.
    /// * Data that ends too early is an `Invalid` error with its place, never a shorter stream. Where it was cut off on its way
    ///   and may be whole the next time, it is `Unavailable`.
    ///
    /// # Errors
    /// `NotFound` if the scan is gone; in the stream: `Invalid` with the place, `Corrupt` for what arrived damaged,
    /// `Unavailable`, `Timeout`.
    async fn findings(
        &self,
        tenant: &TenantId,
        scan: &ScanRef,
        on_error: OnSourceError,
    ) -> Result<Flows<Finding<'static>>, PortError>;
}

/// A source of policy verdicts.
#[async_trait]
pub trait VerdictSource: Send + Sync {
    /// Reads the verdicts about one scan and its findings; a scan without any gives an empty, ended stream.
    ///
    /// # Errors
    /// As [`ScanSource::findings`].
    async fn verdicts(
        &self,
        tenant: &TenantId,
        scan: &ScanRef,
        on_error: OnSourceError,
    ) -> Result<Flows<Verdict<'static>>, PortError>;
}

/// A source of VEX statements.
#[async_trait]
pub trait VexSource: Send + Sync {
    /// Reads the statements that apply to one scan; a scan without any gives an empty, ended stream.
    ///
    /// # Errors
    /// As [`ScanSource::findings`].
    async fn statements(
        &self,
        tenant: &TenantId,
        scan: &ScanRef,
        on_error: OnSourceError,
    ) -> Result<Flows<VexStatement<'static>>, PortError>;
}

/// A source of bills of materials.
#[async_trait]
pub trait SbomSource: Send + Sync {
    /// Reads the SBOM documents of one scan, each a head with its elements behind it; a scan without any gives an empty,
    /// ended stream.
    ///
    /// # Errors
    /// As [`ScanSource::findings`].
    async fn sboms(
        &self,
        tenant: &TenantId,
        scan: &ScanRef,
        on_error: OnSourceError,
    ) -> Result<Flows<SbomPart<'static>>, PortError>;
}

/// A source of attestations: signed or plain statements about the scanned artifact.
#[async_trait]
pub trait AttestationSource: Send + Sync {
    /// Reads the attestations of one scan, each whole; a scan without any gives an empty, ended stream.
    ///
    /// # Errors
    /// As [`ScanSource::findings`].
    async fn attestations(
        &self,
        tenant: &TenantId,
        scan: &ScanRef,
        on_error: OnSourceError,
    ) -> Result<Flows<Attestation<'static>>, PortError>;
}

/// A source of what is known about the use of vulnerabilities: EPSS, known exploited ones.
#[async_trait]
pub trait IntelligenceSource: Send + Sync {
    /// Reads everything that is known; a source that knows nothing gives an empty, ended stream.
    ///
    /// # Errors
    /// As [`ScanSource::findings`].
    async fn intelligence(
        &self,
        tenant: &TenantId,
        on_error: OnSourceError,
    ) -> Result<Flows<Intelligence<'static>>, PortError>;
}

/// A document that a source fetched and another adapter reads.
pub struct FetchedDocument {
    /// The source, as manifests name it.
    pub source: String,
    /// Where it was fetched from, without credentials: what errors and manifests name.
    pub place: String,
    /// Opens its bytes from the beginning, as often as it is called. The document is kept as long as this is.
    pub open: Box<dyn Fn() -> io::Result<Box<dyn Read + Send>> + Send + Sync>,
}

impl fmt::Debug for FetchedDocument {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FetchedDocument")
            .field("source", &self.source)
            .field("place", &self.place)
            .finish_non_exhaustive()
    }
}

/// Reads SBOM documents of every format that is known, wherever they were fetched from.
pub trait SbomReader: Send + Sync {
    /// Reads one document: its head with its elements behind it, the document's digest, and the end.
    ///
    /// In the stream: `Invalid` with the place if it is no SBOM, or breaks its standard and its meaning is not clear; with
    /// `Warn`, a warning instead.
    fn read(&self, document: FetchedDocument, on_error: OnSourceError) -> Flows<SbomPart<'static>>;
}
