//! An export as the API shows it, and the events of its life.

use serde::{Deserialize, Serialize};

use crate::catalogue::{ExportType, Format};
use crate::code::Code;
use crate::digest::Digest;
use crate::id::{BundleId, ExportId};
use crate::time::Timestamp;
use crate::warning::Warning;

/// Where an export stands. There are these four values and no others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// It waits for a worker.
    Queued,
    /// A worker has it.
    Processing,
    /// Its artifacts can be downloaded.
    Completed,
    /// It ended without artifacts.
    Failed,
}

impl Status {
    /// Every status, in the order of an export's life.
    pub const ALL: [Self; 4] = [Self::Queued, Self::Processing, Self::Completed, Self::Failed];

    /// The status as the API writes it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Processing => "processing",
            Self::Completed => "completed",
            Self::Failed => "failed",
        }
    }

    /// Whether the export has ended.
    #[must_use]
    pub const fn is_ended(self) -> bool {
        matches!(self, Self::Completed | Self::Failed)
    }
}

impl std::fmt::Display for Status {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(self.as_str())
    }
}

impl std::str::FromStr for Status {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, &'static str> {
        let known = Self::ALL.into_iter().find(|status| status.as_str() == text);
        known.ok_or("must be one of queued, processing, completed, failed")
    }
}

/// What an attempt is doing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Stage {
    /// Waiting for a worker.
    #[default]
    Queued,
    /// Reading the sources into the snapshot.
    Gather,
    /// Joining and sorting the snapshot.
    Sort,
    /// Writing artifacts.
    Render,
    /// Uploading artifacts.
    Store,
    /// Nothing any more.
    Done,
}

impl Stage {
    /// The stage as the API writes it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Gather => "gather",
            Self::Sort => "sort",
            Self::Render => "render",
            Self::Store => "store",
            Self::Done => "done",
        }
    }
}

/// How far an attempt is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    /// What it is doing.
    pub stage: Stage,
    /// Findings done in this stage.
    pub rows_done: u64,
    /// Findings that this stage has, once that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rows_total: Option<u64>,
}

/// One file that an export produced.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Artifact {
    /// Its name within the export.
    pub name: String,
    /// Its media type.
    pub media_type: String,
    /// Bytes.
    pub size: u64,
    /// SHA-256 of the bytes.
    pub sha256: Digest,
    /// Findings in it, for formats that list them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rows: Option<u64>,
    /// A link that gives the bytes for a while, without a token.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub download_url: Option<String>,
}

/// An export as the API shows it (contract, section 3).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Export {
    /// The export's id.
    pub export_id: ExportId,
    /// Where it stands.
    pub status: Status,
    /// What it tells.
    #[serde(rename = "type")]
    pub kind: ExportType,
    /// What its main artifact is written as.
    pub format: Format,
    /// When it was asked for.
    pub created_at: Timestamp,
    /// When it ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub completed_at: Option<Timestamp>,
    /// What it produced, once completed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub artifacts: Option<Vec<Artifact>>,
    /// Why it failed, in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// Why it failed, for machines.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error_code: Option<Code>,
    /// Everything that was not done as asked.
    pub warnings: Vec<Warning>,
    /// How far it is.
    pub progress: Progress,
    /// How often it was tried, the present attempt included.
    pub attempt: u32,
    /// When its artifacts are deleted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<Timestamp>,
    /// The sealed bundle of what it made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bundle_id: Option<BundleId>,
    /// How long it will take, learned from earlier ones: an ISO 8601 duration.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub estimated_completion: Option<String>,
}

/// What happened to an export.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum EventKind {
    /// It was accepted, or goes back to the queue.
    #[serde(rename = "export.queued")]
    Queued,
    /// A worker took it.
    #[serde(rename = "export.started")]
    Started,
    /// It came further.
    #[serde(rename = "export.progress")]
    Progress,
    /// Its artifacts can be downloaded.
    #[serde(rename = "export.completed")]
    Completed,
    /// It ended without artifacts.
    #[serde(rename = "export.failed")]
    Failed,
}

impl EventKind {
    /// Every kind.
    pub const ALL: [Self; 5] = [Self::Queued, Self::Started, Self::Progress, Self::Completed, Self::Failed];

    /// The kind as events write it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Queued => "export.queued",
            Self::Started => "export.started",
            Self::Progress => "export.progress",
            Self::Completed => "export.completed",
            Self::Failed => "export.failed",
        }
    }
}

/// One event of an export's life (contract, section 6).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExportEvent {
    /// Grows with each event of the tenant; a client resumes behind the last one it saw.
    pub id: String,
    /// What happened.
    pub event: EventKind,
    /// To which export.
    pub export_id: ExportId,
    /// When.
    pub at: Timestamp,
    /// Where the export stands since.
    pub status: Status,
    /// How far it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub progress: Option<Progress>,
    /// What it produced, when completed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub artifacts: Option<Vec<Artifact>>,
    /// Why it failed, or why it goes back to the queue.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
}
