//! What a verification comes to.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use export_core::digest::Digest;
use export_core::id::{BundleId, ExportId, TenantId};
use export_core::manifest::Generator;
use export_core::seal::{KeyId, KeyRecord, KeyStatus, SignatureBytes};
use export_core::time::Timestamp;
use serde::{Serialize, Serializer};

use super::PresentedFile;
use crate::note::LogHead;
use crate::statement::{Predicate, SnapshotClaim, TemplateClaim};

/// The answer, in one word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Whole, unchanged, and signed by a trusted key.
    Whole,
    /// Changed, incomplete, or no bundle.
    Tampered,
    /// Signed by a key that is not trusted.
    UnknownKey,
    /// Signed by a key that was revoked, and nothing proves that this was before.
    Indeterminate,
    /// The archive may do harm; nothing of it was used.
    Unsafe,
}

impl Verdict {
    /// The exit code of a verifier.
    #[must_use]
    pub const fn exit_code(self) -> u8 {
        match self {
            Self::Whole => 0,
            Self::Tampered => 1,
            Self::UnknownKey | Self::Indeterminate => 3,
            Self::Unsafe => 4,
        }
    }
}

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $text:literal => $verdict:ident,)*) => {
        /// The step that failed.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum FailureCode { $($(#[$doc])* $name,)* }

        impl FailureCode {
            /// Every code.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The code as the format writes it.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text,)* }
            }

            /// The answer that follows.
            #[must_use]
            pub const fn verdict(self) -> Verdict {
                match self { $(Self::$name => Verdict::$verdict,)* }
            }
        }
    };
}

codes! {
    /// It is neither ZIP nor TAR.GZ nor a folder.
    NotAnArchive = "not_an_archive" => Tampered,
    /// The archive can be read in more than one way.
    ArchiveAmbiguous = "archive_ambiguous" => Tampered,
    /// The archive is damaged.
    ArchiveCorrupt = "archive_corrupt" => Tampered,
    /// The archive may do harm.
    ArchiveUnsafe = "archive_unsafe" => Unsafe,
    /// A file is not there.
    MissingFile = "missing_file" => Tampered,
    /// The envelope has not the one form that it may have.
    EnvelopeNotCanonical = "envelope_not_canonical" => Tampered,
    /// The key is none of the trusted ones.
    UnknownKey = "unknown_key" => UnknownKey,
    /// The signature does not hold.
    Signature = "signature" => Tampered,
    /// What is signed is no statement about this bundle.
    StatementInvalid = "statement_invalid" => Tampered,
    /// A file has other bytes than those that were sealed.
    DigestMismatch = "digest_mismatch" => Tampered,
    /// The manifest is not as it may be.
    ManifestInvalid = "manifest_invalid" => Tampered,
    /// The entries have another root.
    RootMismatch = "root_mismatch" => Tampered,
    /// A file was not sealed.
    ExtraFile = "extra_file" => Tampered,
    /// The time-stamp token is not valid.
    TimestampInvalid = "timestamp_invalid" => Tampered,
    /// The log's checkpoint is not valid.
    CheckpointInvalid = "checkpoint_invalid" => Tampered,
    /// The key was revoked.
    KeyRevoked = "key_revoked" => Indeterminate,
}

impl Serialize for FailureCode {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

/// The first thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Failure {
    /// The step.
    pub code: FailureCode,
    /// The file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// In words.
    pub message: String,
}

/// What a seal says, once its signature has been checked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SealFacts {
    /// The bundle.
    pub bundle_id: BundleId,
    /// The export.
    pub export_id: ExportId,
    /// The owner.
    pub tenant: TenantId,
    /// When the export was asked for.
    pub created_at: Timestamp,
    /// When it was sealed, by the clock of who sealed.
    pub sealed_at: Timestamp,
    /// The tree's root, `sha256:` and 64 digits.
    pub merkle_root: String,
    /// Entries of the tree.
    pub entries: u64,
    /// What it was made from.
    pub snapshot: SnapshotClaim,
    /// The report's template.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub template: Option<TemplateClaim>,
    /// What made it.
    pub generator: Generator,
    /// The key.
    pub key_id: KeyId,
    /// What is known of the key; none if the verifier was told no more than which one it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key_status: Option<KeyStatus>,
    /// The signature, in base64.
    pub signature: String,
}

impl SealFacts {
    pub(super) fn new(predicate: &Predicate, key: &KeyRecord, signature: &SignatureBytes) -> Self {
        Self {
            bundle_id: predicate.bundle_id,
            export_id: predicate.export_id,
            tenant: predicate.tenant.clone(),
            created_at: predicate.created_at,
            sealed_at: predicate.sealed_at,
            merkle_root: format!("sha256:{}", predicate.merkle.root),
            entries: predicate.merkle.size,
            snapshot: predicate.snapshot,
            template: predicate.template.clone(),
            generator: predicate.generator.clone(),
            key_id: key.key.id(),
            key_status: Some(key.status),
            signature: STANDARD.encode(signature),
        }
    }
}

/// What a time-stamp authority says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Stamp {
    /// The signature existed at this time.
    pub at: Timestamp,
    /// Who says so.
    pub authority: String,
    /// Whether the verifier trusts them.
    pub trusted: bool,
}

/// What a verification comes to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Report {
    /// The answer.
    pub verdict: Verdict,
    /// The first thing that is wrong, if anything is.
    #[serde(flatten)]
    pub failure: Option<Failure>,
    /// What the seal says; present as soon as its signature holds, whatever comes after.
    #[serde(rename = "bundle", skip_serializing_if = "Option::is_none")]
    pub seal: Option<SealFacts>,
    /// What a time-stamp authority says.
    #[serde(rename = "timestamp", skip_serializing_if = "Option::is_none")]
    pub stamp: Option<Stamp>,
    /// The tenant's log when the bundle was added to it.
    #[serde(rename = "checkpoint", skip_serializing_if = "Option::is_none", serialize_with = "log_head")]
    pub log: Option<LogHead>,
    /// Files that were looked at.
    pub files: u64,
    /// Their bytes.
    pub bytes: u64,
}

impl Report {
    pub(super) fn of(files: &[PresentedFile]) -> Self {
        Self {
            verdict: Verdict::Whole,
            failure: None,
            seal: None,
            stamp: None,
            log: None,
            files: files.len() as u64,
            bytes: files.iter().map(|file| file.size).sum(),
        }
    }

    /// A bundle whose archive was refused.
    #[must_use]
    pub fn refused(failure: Failure) -> Self {
        Self { verdict: failure.code.verdict(), failure: Some(failure), ..Self::of(&[]) }
    }
}

fn log_head<S: Serializer>(head: &Option<LogHead>, serializer: S) -> Result<S::Ok, S::Error> {
    #[derive(Serialize)]
    struct Head<'h> {
        origin: &'h str,
        size: u64,
        root: Digest,
    }
    head.as_ref()
        .map(|head| Head { origin: &head.origin, size: head.size, root: head.root })
        .serialize(serializer)
}
