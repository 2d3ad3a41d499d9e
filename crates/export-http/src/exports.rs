//! Exports: submit, list, read, cancel, retry, links.

pub(crate) mod download;
pub(crate) mod list;
pub(crate) mod submit;

use axum::Json;
use axum::extract::{FromRequestParts, Path, State};
use axum::http::StatusCode;
use axum::http::request::Parts;
use export_core::code::Code;
use export_core::export::Export;
use export_core::id::ExportId;
use export_core::ports::{CancelOutcome, RetryOutcome};

use crate::auth::Tenant;
use crate::openapi::{Problem, schemas};
use crate::problem::Refusal;
use crate::server::Shared;

/// The id of the path. A malformed one is answered as an unknown one.
pub(crate) struct Id(pub(crate) ExportId);

impl<S: Send + Sync> FromRequestParts<S> for Id {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Refusal> {
        let path = Path::<String>::from_request_parts(parts, state).await;
        let id = path.ok().and_then(|Path(text)| text.parse().ok());
        id.map(Self).ok_or_else(Refusal::no_such_export)
    }
}

/// One export
///
/// Once it is completed, each artifact carries a `download_url` that needs no token and expires.
#[utoipa::path(get, path = "/api/v1/exports/{id}", tag = "exports", operation_id = "getExport",
    params(("id" = schemas::ExportId, Path)),
    responses((status = 200, description = "The export", body = schemas::Export),
        (status = 404, response = Problem)))]
pub(crate) async fn show(
    State(server): State<Shared>,
    tenant: Tenant,
    Id(id): Id,
) -> Result<Json<Export>, Refusal> {
    let job = server.find(&tenant.id, id).await?;
    let mut export = job.to_export();
    if !job.is_expired(server.now().wall) {
        for artifact in export.artifacts.iter_mut().flatten() {
            artifact.download_url = Some(download::link(&server, &job, &artifact.name).await?.download_url);
        }
    }
    Ok(Json(export))
}

/// Cancel an export
///
/// A queued export ends at once, a running one as soon as its worker learns of it: with the status `failed` and the
/// code `cancelled`.
#[utoipa::path(delete, path = "/api/v1/exports/{id}", tag = "exports", operation_id = "cancelExport",
    params(("id" = schemas::ExportId, Path)),
    responses((status = 202, description = "The export ends, or has ended now", body = schemas::Export),
        (status = 404, response = Problem), (status = 409, response = Problem)))]
pub(crate) async fn cancel(
    State(server): State<Shared>,
    tenant: Tenant,
    Id(id): Id,
) -> Result<(StatusCode, Json<Export>), Refusal> {
    let jobs = &server.api.engine.parts().jobs;
    match jobs.cancel(&tenant.id, id, &tenant.identity.subject, server.now()).await? {
        CancelOutcome::Accepted(job) => Ok((StatusCode::ACCEPTED, Json(job.to_export()))),
        CancelOutcome::AlreadyEnded(job) => {
            let detail = format!("The export has ended already: it is {}", job.status());
            Err(Refusal::new(Code::AlreadyEnded, detail))
        }
        CancelOutcome::NotFound => Err(Refusal::no_such_export()),
    }
}

/// Retry a failed export
///
/// It is queued again under the same id, with a new budget of attempts.
#[utoipa::path(post, path = "/api/v1/exports/{id}/retry", tag = "exports", operation_id = "retryExport",
    params(("id" = schemas::ExportId, Path)),
    responses((status = 202, description = "The export is queued again", body = schemas::Export),
        (status = 404, response = Problem), (status = 409, response = Problem)))]
pub(crate) async fn retry(
    State(server): State<Shared>,
    tenant: Tenant,
    Id(id): Id,
) -> Result<(StatusCode, Json<Export>), Refusal> {
    let jobs = &server.api.engine.parts().jobs;
    match jobs.retry(&tenant.id, id, &tenant.identity.subject, server.now()).await? {
        RetryOutcome::Queued(job) => Ok((StatusCode::ACCEPTED, Json(job.to_export()))),
        RetryOutcome::NotFailed(job) => {
            let detail = format!("Only a failed export can be retried; this one is {}", job.status());
            Err(Refusal::new(Code::NotFailed, detail))
        }
        RetryOutcome::NotFound => Err(Refusal::no_such_export()),
    }
}
