//! `GET /exports/{id}/download`: a link to the bytes of one artifact.

use axum::Json;
use axum::extract::State;
use axum::http::Uri;
use export_core::audit::{AuditAction, AuditEntry};
use export_core::code::Code;
use export_core::job::{Job, JobState};
use export_core::ports::DownloadGrant;
use export_core::time::Timestamp;
use serde::Serialize;

use super::Id;
use crate::auth::Tenant;
use crate::openapi::{Problem, schemas};
use crate::problem::Refusal;
use crate::query::Parameters;
use crate::server::{Server, Shared};

/// A link that needs no token, and when it ends.
#[derive(Serialize)]
pub(crate) struct Link {
    pub(crate) download_url: String,
    expires_at: Timestamp,
}

/// A download link
///
/// The link needs no token and expires. Without a name it leads to the export's main artifact. That it was given out is
/// noted in the audit trail.
#[utoipa::path(get, path = "/api/v1/exports/{id}/download", tag = "exports", operation_id = "getDownloadLink",
    params(("id" = schemas::ExportId, Path), ("artifact" = Option<String>, Query, description = "The artifact's name")),
    responses((status = 200, description = "A link", body = schemas::Link),
        (status = 404, response = Problem), (status = 409, response = Problem), (status = 410, response = Problem),
        (status = 422, response = Problem)))]
pub(crate) async fn download(
    State(server): State<Shared>,
    tenant: Tenant,
    Id(id): Id,
    uri: Uri,
) -> Result<Json<Link>, Refusal> {
    let mut parameters = Parameters::of(&uri);
    let name = parameters.text("artifact");
    parameters.finish()?;
    let job = server.find(&tenant.id, id).await?;
    let name = name.unwrap_or_else(|| job.request.main_artifact());
    let link = link(&server, &job, &name).await?;
    let entry = AuditEntry::new(tenant.identity.subject, AuditAction::LinkIssued, job.id.to_string())
        .with("artifact", name)
        .with("expires_at", link.expires_at.to_string());
    server.note(&tenant.id, entry).await?;
    Ok(Json(link))
}

/// A link to artifact `name` of `job`; it ends with the artifact's retention at the latest.
pub(crate) async fn link(server: &Server, job: &Job, name: &str) -> Result<Link, Refusal> {
    let now = server.now().wall;
    let outcome = match &job.state {
        JobState::Completed { outcome } => outcome,
        JobState::Failed { failure, .. } => {
            let detail =
                format!("The export failed and has no artifacts: {} ({})", failure.message, failure.code);
            return Err(Refusal::new(Code::NotReady, detail));
        }
        JobState::Queued { .. } | JobState::Processing { .. } => {
            let detail = format!("The export is {}; try again when it is completed", job.status());
            return Err(Refusal::new(Code::NotReady, detail));
        }
    };
    if job.is_expired(now) {
        return Err(expired());
    }
    if !outcome.artifacts.iter().any(|artifact| artifact.name == name) {
        return Err(Refusal::new(Code::NotFound, "The export has no artifact of this name"));
    }
    let end = now.plus(server.api.settings.link_ttl);
    let expires_at = outcome.expires_at.map_or(end, |kept| kept.min(end));
    let grant = DownloadGrant {
        tenant: job.tenant.clone(),
        export_id: job.id,
        artifact: name.to_owned(),
        expires_at,
    };
    let url = server.api.links.link(&grant, &format!("{}/{name}", outcome.prefix)).await?;
    Ok(Link { download_url: url.into(), expires_at })
}

pub(crate) fn expired() -> Refusal {
    Refusal::new(Code::Expired, "The artifacts are past their retention; request the export again")
}
