//! `GET /audit`: pages of the tenant's trail, newest first.

pub(crate) mod log;

use axum::Json;
use axum::extract::State;
use axum::http::Uri;
use axum::response::{IntoResponse as _, Response};
use export_core::audit::FlatEvent;
use export_core::ports::AuditFilter;
use serde::Serialize;

use crate::auth::Tenant;
use crate::openapi::{Problem, schemas};
use crate::problem::Refusal;
use crate::query::Parameters;
use crate::server::Shared;

/// A page of events.
#[derive(Serialize)]
struct Page<'p> {
    events: Vec<FlatEvent<'p>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_cursor: Option<String>,
}

/// List the audit trail
///
/// What was done with the tenant's exports and templates, by whom: newest first, numbered without gaps. An export of type
/// `audit_log` gives all of it as a file.
#[utoipa::path(get, path = "/api/v1/audit", tag = "audit", operation_id = "listAudit",
    params(schemas::AuditParameters),
    responses((status = 200, description = "A page of events", body = schemas::AuditPage),
        (status = 422, response = Problem)))]
pub(crate) async fn list(
    State(server): State<Shared>,
    tenant: Tenant,
    uri: Uri,
) -> Result<Response, Refusal> {
    let mut parameters = Parameters::of(&uri);
    let now = server.now().wall;
    let limit = parameters.limit();
    let cursor = parameters.text("cursor");
    let filter = AuditFilter {
        action: parameters.word("action"),
        actor: parameters.text("actor"),
        target: parameters.text("target"),
        after: parameters.time("after", now),
        before: parameters.time("before", now),
        older_than: None,
    };
    parameters.finish()?;
    let older_than = cursor.map(|cursor| server.cursors.read_place(&tenant.id, &cursor)).transpose()?;
    let trail = &server.api.engine.parts().sources.audit;
    let page = trail.page(&tenant.id, &AuditFilter { older_than, ..filter }, limit).await?;
    let last = page.events.last().filter(|_| page.more);
    let next_cursor = last.map(|event| server.cursors.write_place(&tenant.id, event.seq));
    let events = page.events.iter().map(FlatEvent::from).collect();
    Ok(Json(Page { events, next_cursor }).into_response())
}
