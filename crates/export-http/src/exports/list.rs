//! `GET /exports`: pages of exports, newest first.

use axum::Json;
use axum::extract::State;
use axum::http::Uri;
use export_core::export::Export;
use export_core::ports::JobFilter;
use serde::Serialize;

use crate::auth::Tenant;
use crate::openapi::{Problem, schemas};
use crate::problem::Refusal;
use crate::query::Parameters;
use crate::server::Shared;

/// A page of exports.
#[derive(Serialize)]
pub(crate) struct Page {
    exports: Vec<Export>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_cursor: Option<String>,
}

/// List exports
///
/// Newest first. Artifacts carry no links here; read one export for those.
#[utoipa::path(get, path = "/api/v1/exports", tag = "exports", operation_id = "listExports",
    params(schemas::ListParameters),
    responses((status = 200, description = "A page of exports", body = schemas::Page),
        (status = 422, response = Problem)))]
pub(crate) async fn list(
    State(server): State<Shared>,
    tenant: Tenant,
    uri: Uri,
) -> Result<Json<Page>, Refusal> {
    let mut parameters = Parameters::of(&uri);
    let now = server.now().wall;
    let limit = parameters.limit();
    let cursor = parameters.text("cursor");
    let filter = JobFilter {
        kind: parameters.word("type"),
        format: parameters.word("format"),
        status: parameters.word("status"),
        created_after: parameters.time("created_after", now),
        created_before: parameters.time("created_before", now),
        before: None,
    };
    parameters.finish()?;
    let before = cursor.map(|cursor| server.cursors.read(&tenant.id, &cursor)).transpose()?;
    let page = server.reader().list(&tenant.id, &JobFilter { before, ..filter }, limit).await?;
    let last = page.jobs.last().filter(|_| page.more);
    let next_cursor = last.map(|job| server.cursors.write(&tenant.id, job.id));
    Ok(Json(Page { exports: page.jobs.iter().map(export_core::job::Job::to_export).collect(), next_cursor }))
}
