//! `manifest.json`: what an export contains, with sizes and digests. Written last, and only once.

use serde::{Deserialize, Serialize};

use crate::catalogue::{ExportType, Format};
use crate::digest::Digest;
use crate::export::Artifact;
use crate::id::{BundleId, ExportId, TenantId};
use crate::request::ExportRequest;
use crate::scan::SourceDigest;
use crate::time::Timestamp;
use crate::warning::Warning;

/// The name of the manifest among an export's artifacts.
pub const MANIFEST_NAME: &str = "manifest.json";

/// What an export contains (contract, section 4).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Manifest {
    /// The export.
    pub export_id: ExportId,
    /// Its owner.
    pub tenant: TenantId,
    /// What it tells.
    #[serde(rename = "type")]
    pub kind: ExportType,
    /// What its main artifact is written as.
    pub format: Format,
    /// When it was asked for.
    pub created_at: Timestamp,
    /// When it was complete.
    pub completed_at: Timestamp,
    /// When its artifacts are deleted.
    pub expires_at: Option<Timestamp>,
    /// What was asked for, with absolute dates.
    pub request: ExportRequest,
    /// The data it was made from.
    pub snapshot: SnapshotRecord,
    /// What made it.
    pub generator: Generator,
    /// The template, for formats that have one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub template: Option<TemplateRecord>,
    /// Every artifact but the manifest itself.
    pub artifacts: Vec<Artifact>,
    /// Everything that was not done as asked.
    pub warnings: Vec<Warning>,
    /// The seal, if it was sealed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bundle: Option<BundleClaim>,
}

/// The sealed bundle among the artifacts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BundleClaim {
    /// Its id.
    pub bundle_id: BundleId,
    /// The root of the tree over its entries, `sha256:` and 64 digits.
    pub merkle_root: String,
}

/// The data that an export was made from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SnapshotRecord {
    /// When the sources were read.
    pub taken_at: Timestamp,
    /// The findings that the scope has.
    pub rows_matched: u64,
    /// SHA-256 over the joined, sorted records.
    pub digest: Digest,
    /// The documents that were read.
    pub sources: Vec<SourceDigest>,
}

/// The program that made an export.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Generator {
    /// `export-center`.
    pub name: String,
    /// Its version.
    pub version: String,
}

impl Generator {
    /// This program.
    #[must_use]
    pub fn this() -> Self {
        Self { name: "export-center".to_owned(), version: env!("CARGO_PKG_VERSION").to_owned() }
    }
}

/// The template that a report was made with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TemplateRecord {
    /// Its name.
    pub name: String,
    /// SHA-256 over it and what it includes.
    pub digest: Digest,
}
