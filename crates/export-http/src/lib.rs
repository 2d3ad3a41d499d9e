//! The REST API, events and downloads: axum over the engine.
//!
//! | for | look at |
//! |---|---|
//! | exports: submit, list, read, cancel, retry, links | `exports` |
//! | bytes of artifacts, without a token | `downloads` |
//! | the audit trail: pages of it, checkpoints and proofs | `audit` |
//! | sealed bundles: what is in them, proofs, verification | `bundles` |
//! | the public sealing keys; the page that verifies | `keys`, `page` |
//! | report templates: list, store, try, remove | `templates` |
//! | events, as server-sent events and over a WebSocket | `events` |
//! | who may ask, and for which tenant | `auth` |
//! | refusals as RFC 9457 problems | `problem` |
//! | health, readiness, metrics | `ops` |
//! | the OpenAPI document | `openapi` |
//! | what every request and response goes through | `layers` |

mod api;
mod audit;
mod auth;
mod bundles;
mod cursor;
mod downloads;
mod events;
mod exports;
mod keys;
mod layers;
mod openapi;
mod ops;
mod page;
mod problem;
mod query;
mod serve;
mod server;
mod templates;

use std::sync::Arc;

pub use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::from_fn_with_state;
use axum::routing::{get, post};

pub use self::api::{Api, HttpSettings};
pub use self::openapi::document as openapi_document;
pub use self::ops::{Metrics, Readiness, operations};
pub use self::serve::serve;
use self::server::{Server, Shared};

/// The whole API: the routes of the contract, `/d/{token}`, and the operator's routes.
pub fn router(api: Api) -> Router {
    let operations = ops::routes(ops::Operations::of(&api));
    let entropy = Arc::clone(&api.engine.parts().entropy);
    let server = Arc::new(Server::new(api));
    let app = quick(&server)
        .merge(streaming())
        .with_state(server)
        .merge(operations)
        .merge(openapi::routes())
        .merge(page::routes())
        .fallback(problem::unknown_route)
        .method_not_allowed_fallback(problem::method_not_allowed);
    layers::around(app, entropy)
}

/// Routes that answer at once, or not at all.
fn quick(server: &Shared) -> Router<Shared> {
    let settings = &server.api.settings;
    Router::new()
        .route("/.well-known/evidence-keys.json", get(keys::jwks))
        .route("/api/v1/audit", get(audit::list))
        .route("/api/v1/audit/checkpoint", get(audit::log::latest))
        .route("/api/v1/audit/proofs/consistency", get(audit::log::consistency))
        .route("/api/v1/audit/proofs/inclusion", get(audit::log::inclusion))
        .route("/api/v1/bundles/{id}", get(bundles::show))
        .route("/api/v1/bundles/{id}/proofs/{index}", get(bundles::proof))
        .route("/api/v1/exports", post(exports::submit::submit).get(exports::list::list))
        .route("/api/v1/exports/{id}", get(exports::show).delete(exports::cancel))
        .route("/api/v1/exports/{id}/retry", post(exports::retry))
        .route("/api/v1/exports/{id}/download", get(exports::download::download))
        .route("/api/v1/templates", get(templates::list).post(templates::create))
        .route(
            "/api/v1/templates/{name}",
            get(templates::show).put(templates::replace).delete(templates::delete),
        )
        .route("/api/v1/templates/{name}/preview", post(templates::preview))
        .layer(DefaultBodyLimit::max(settings.body_limit))
        .layer(from_fn_with_state(settings.request_timeout, layers::time_limit))
}

/// Routes whose answers, or whose bodies, last.
fn streaming() -> Router<Shared> {
    Router::new()
        .route("/api/v1/bundles/verify", post(bundles::verify::verify).layer(DefaultBodyLimit::disable()))
        .route("/api/v1/exports/{id}/events", get(events::sse::follow))
        .route("/api/v1/events", get(events::socket::connect))
        .route("/d/{token}", get(downloads::download).head(downloads::download))
}
