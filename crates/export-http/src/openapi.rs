//! The OpenAPI 3.1 document. Paths stand at their handlers, shapes in [`schemas`].

pub(crate) mod schemas;

use axum::routing::get;
use axum::{Json, Router};
use utoipa::openapi::path::Operation;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{OpenApi, Ref, RefOr};
use utoipa::{Modify, OpenApi as _, ToResponse};

use crate::{audit, bundles, downloads, events, exports, keys, ops, page, templates};

/// A problem (RFC 9457); `code` says which
#[derive(ToResponse)]
#[response(content_type = "application/problem+json")]
pub(crate) struct Problem(
    #[expect(dead_code, reason = "tells the document the response's shape")]
    #[to_schema]
    schemas::Problem,
);

/// The document of this version.
#[must_use]
pub fn document() -> OpenApi {
    Document::openapi()
}

pub(crate) fn routes() -> Router {
    Router::new().route("/openapi.json", get(openapi)).route("/api/v1/openapi.json", get(openapi))
}

/// This document
#[utoipa::path(get, path = "/openapi.json", tag = "operations", operation_id = "getOpenApi", security(()),
    responses((status = 200, description = "OpenAPI 3.1", body = serde_json::Value)))]
pub(crate) async fn openapi() -> Json<OpenApi> {
    Json(document())
}

#[derive(utoipa::OpenApi)]
#[openapi(
    info(
        title = "Export Center",
        description = "Requested reports of scans: submit an export, follow it, download its artifacts. Every refusal is an \
                       `application/problem+json` document; clients switch on its `code`."
    ),
    paths(
        audit::list, audit::log::latest, audit::log::consistency, audit::log::inclusion,
        bundles::show, bundles::proof, bundles::verify::verify, keys::jwks, page::verify,
        templates::list, templates::show, templates::write::create, templates::write::replace,
        templates::write::delete, templates::write::preview,
        exports::submit::submit, exports::list::list, exports::show, exports::cancel, exports::retry,
        exports::download::download, events::sse::follow, events::socket::connect, downloads::download,
        ops::healthz, ops::readyz, ops::metrics_text, openapi,
    ),
    components(responses(Problem), schemas(schemas::Problem, schemas::TenantId, schemas::TemplateName)),
    security(("bearer" = [])),
    modifiers(&Common)
)]
struct Document;

/// What holds for every call under `/api/v1`, and is said once: the token, the tenant, and how both can be refused.
struct Common;

impl Modify for Common {
    fn modify(&self, document: &mut OpenApi) {
        let scheme = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).bearer_format("JWT").build();
        let components = document.components.get_or_insert_default();
        components.add_security_scheme("bearer", SecurityScheme::Http(scheme));
        for (path, item) in &mut document.paths.paths {
            let operations =
                [&mut item.get, &mut item.put, &mut item.post, &mut item.delete].into_iter().flatten();
            operations.for_each(|operation| complete(operation, path));
        }
    }
}

fn complete(operation: &mut Operation, path: &str) {
    let problem = || RefOr::Ref(Ref::from_response_name("Problem"));
    let mut statuses = vec!["500", "503"];
    if path.starts_with("/api/v1/") {
        statuses.extend(["400", "401", "403"]);
        let required = !path.ends_with("/v1/events");
        operation.parameters.get_or_insert_default().push(schemas::tenant_header(required).into());
    }
    for status in statuses {
        operation.responses.responses.entry(status.to_owned()).or_insert_with(problem);
    }
}
