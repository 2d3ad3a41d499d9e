//! What the API answers with.

use std::collections::BTreeMap;

use serde::Deserialize;
use utoipa::ToSchema;

use super::{
    AuditAction, BundleId, Code, DownloadUrl, EventKind, ExportId, ExportType, Format, Sha256, Status, Time,
};

/// An export
#[derive(ToSchema)]
pub(crate) struct Export {
    export_id: ExportId,
    status: Status,
    r#type: ExportType,
    format: Format,
    created_at: Time,
    completed_at: Option<Time>,
    /// Once completed; the manifest is the last one
    artifacts: Option<Vec<Artifact>>,
    /// Why it failed, in words
    error: Option<String>,
    error_code: Option<Code>,
    /// Everything that was not done as asked
    warnings: Vec<Warning>,
    progress: Progress,
    /// How often it was tried, the present attempt included
    #[schema(minimum = 0)]
    attempt: i64,
    /// When its artifacts are deleted
    expires_at: Option<Time>,
    /// The sealed bundle of what it made
    bundle_id: Option<BundleId>,
    /// An ISO 8601 duration, learned from earlier exports
    estimated_completion: Option<String>,
}

/// One file that an export produced
#[derive(ToSchema)]
pub(crate) struct Artifact {
    name: String,
    media_type: String,
    /// Bytes
    #[schema(minimum = 0)]
    size: i64,
    sha256: Sha256,
    /// Findings in it, for formats that list them
    #[schema(minimum = 0)]
    rows: Option<i64>,
    download_url: Option<DownloadUrl>,
}

/// Something that was not done as asked
#[derive(ToSchema)]
pub(crate) struct Warning {
    /// A word of a closed set
    #[schema(pattern = "^[a-z_]+$")]
    code: String,
    message: String,
    place: Option<String>,
}

/// How far an attempt is
#[derive(ToSchema)]
pub(crate) struct Progress {
    stage: Stage,
    /// Findings done in this stage
    #[schema(minimum = 0)]
    rows_done: i64,
    #[schema(minimum = 0)]
    rows_total: Option<i64>,
}

/// What an attempt is doing
#[derive(ToSchema, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Stage {
    Queued,
    Gather,
    Sort,
    Render,
    Store,
    Done,
}

/// A page of exports, newest first
#[derive(ToSchema)]
pub(crate) struct Page {
    exports: Vec<Export>,
    /// Where the next page starts; absent on the last one
    next_cursor: Option<String>,
}

/// What was done in a tenant
#[derive(ToSchema)]
pub(crate) struct AuditEvent {
    /// Its place in the tenant's trail: from 1, without gaps
    #[schema(minimum = 1)]
    seq: i64,
    at: Time,
    /// The subject of the token; `system` for the service itself, `link` for whoever holds a link
    actor: String,
    action: AuditAction,
    /// An export's id, a template's name
    target: String,
    /// What else is worth knowing, by name
    detail: BTreeMap<String, String>,
    /// Its hash in the tenant's chain: SHA-256 over the hash before it and the event
    #[schema(pattern = "^[0-9a-f]{64}$")]
    hash: String,
}

/// A page of the audit trail, newest first
#[derive(ToSchema)]
pub(crate) struct AuditPage {
    events: Vec<AuditEvent>,
    /// Where the next page starts; absent on the last one
    next_cursor: Option<String>,
}

/// A link that needs no token
#[derive(ToSchema)]
pub(crate) struct Link {
    download_url: DownloadUrl,
    expires_at: Time,
}

/// One event of an export's life
#[derive(ToSchema)]
pub(crate) struct ExportEvent {
    /// Grows with each event of the tenant; a client resumes behind the last one it saw
    #[schema(pattern = "^[0-9]+$")]
    id: String,
    event: EventKind,
    export_id: ExportId,
    at: Time,
    status: Status,
    progress: Option<Progress>,
    artifacts: Option<Vec<Artifact>>,
    error: Option<String>,
}

/// A refusal (RFC 9457)
#[derive(ToSchema)]
pub(crate) struct Problem {
    r#type: String,
    title: String,
    #[schema(minimum = 400, maximum = 599)]
    status: i64,
    /// What happened this time, and what to do
    detail: String,
    code: Code,
    /// Each wrong place
    errors: Option<Vec<FieldError>>,
    /// What the scope names and no source has
    #[schema(value_type = Option<Object>)]
    scope: Option<serde_json::Value>,
    /// The formats that the type does have
    allowed_formats: Option<Vec<Format>>,
}

/// One wrong place
#[derive(ToSchema)]
pub(crate) struct FieldError {
    /// A JSON pointer into the body (RFC 6901), or `/query/NAME`
    pointer: String,
    detail: String,
}

/// A page of templates
#[derive(ToSchema)]
pub(crate) struct TemplatePage {
    templates: Vec<Template>,
    /// Where the next page starts; absent on the last one
    next_cursor: Option<String>,
}

/// A report template
#[derive(ToSchema)]
pub(crate) struct Template {
    name: String,
    /// Whether it comes with the program, and can only be read
    built_in: bool,
    format: Format,
    /// From 1; each change makes a new one
    #[schema(minimum = 1)]
    version: Option<i64>,
    /// Of the text
    sha256: Option<Sha256>,
    description: String,
    created_at: Option<Time>,
    created_by: Option<String>,
    /// Not in lists
    text: Option<String>,
}
