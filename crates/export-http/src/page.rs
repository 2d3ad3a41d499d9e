//! `GET /verify`: the page that verifies a bundle in the browser. It is the one that lies in every bundle.

use axum::Router;
use axum::http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;

/// The page's own script and style, and no connection to anywhere.
const POLICY: &str = "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:; \
                      base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

pub(crate) fn routes() -> Router {
    Router::new().route("/verify", get(verify))
}

/// Verify a bundle in the browser
///
/// A page that sends nothing anywhere: it needs no token.
#[utoipa::path(get, path = "/verify", tag = "evidence", operation_id = "getVerifyPage", security(()),
    responses((status = 200, description = "The page", content_type = "text/html", body = String)))]
pub(crate) async fn verify() -> Response {
    let headers = [(CONTENT_TYPE, "text/html; charset=utf-8"), (CONTENT_SECURITY_POLICY, POLICY)];
    (headers, export_seal::PAGE).into_response()
}
