//! What is signed: an in-toto Statement v1 about every file of a bundle.

use export_core::digest::Digest;
use export_core::id::{BundleId, ExportId, TenantId};
use export_core::manifest::Generator;
use export_core::time::Timestamp;
use serde::{Deserialize, Serialize};

use crate::manifest::{BundleManifest, MANIFEST, TreeHead};

/// `_type` of the statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum StatementType {
    /// in-toto Statement v1.
    #[serde(rename = "https://in-toto.io/Statement/v1")]
    V1,
}

/// `predicateType` of the statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum PredicateType {
    /// Our evidence bundle.
    #[serde(rename = "https://export-center.example/attestations/evidence-bundle/v1")]
    EvidenceBundleV1,
}

/// The statement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Statement {
    /// `https://in-toto.io/Statement/v1`.
    #[serde(rename = "_type")]
    pub kind: StatementType,
    /// What is said.
    pub predicate: Predicate,
    /// What kind of thing that is.
    #[serde(rename = "predicateType")]
    pub predicate_type: PredicateType,
    /// What it is said about: every file, sorted by name.
    pub subject: Vec<Subject>,
}

/// One file that the statement is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Subject {
    /// Its digests.
    pub digest: SubjectDigest,
    /// Its path in the bundle.
    pub name: String,
}

/// The digests of a subject.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SubjectDigest {
    /// SHA-256.
    pub sha256: Digest,
}

/// Whose bundle it is, what it was made from, and the tree's root.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Predicate {
    /// The bundle.
    pub bundle_id: BundleId,
    /// When the export was asked for.
    pub created_at: Timestamp,
    /// The export.
    pub export_id: ExportId,
    /// What made it.
    pub generator: Generator,
    /// SHA-256 of `manifest.json`.
    pub manifest_sha256: Digest,
    /// The tree over the entries.
    pub merkle: TreeHead,
    /// When it was sealed.
    pub sealed_at: Timestamp,
    /// The data that everything was made from.
    pub snapshot: SnapshotClaim,
    /// The report's template.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub template: Option<TemplateClaim>,
    /// The owner.
    pub tenant: TenantId,
}

/// The data that everything was made from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SnapshotClaim {
    /// SHA-256 over the joined, sorted records.
    pub sha256: Digest,
    /// When the sources were read.
    pub taken_at: Timestamp,
}

/// The template of a report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TemplateClaim {
    /// Its name.
    pub name: String,
    /// SHA-256 over it and what it includes.
    pub sha256: Digest,
}

impl Statement {
    /// The statement of `predicate` about `manifest`, whose bytes have the digest that the predicate names.
    #[must_use]
    pub fn about(manifest: &BundleManifest, predicate: Predicate) -> Self {
        let subject = subjects(manifest, predicate.manifest_sha256);
        Self { kind: StatementType::V1, predicate, predicate_type: PredicateType::EvidenceBundleV1, subject }
    }
}

/// Every file that a statement is about, sorted by name.
#[must_use]
pub fn subjects(manifest: &BundleManifest, manifest_sha256: Digest) -> Vec<Subject> {
    let subject = |name: &str, sha256| Subject { digest: SubjectDigest { sha256 }, name: name.to_owned() };
    let entries = manifest.entries.iter().map(|entry| subject(&entry.path, entry.sha256));
    let mut all: Vec<_> = entries.chain([subject(MANIFEST, manifest_sha256)]).collect();
    all.sort_by(|a, b| a.name.cmp(&b.name));
    all
}
