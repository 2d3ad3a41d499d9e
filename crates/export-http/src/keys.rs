//! `GET /.well-known/evidence-keys.json`: the public keys of seals, for everyone.

use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse as _, Response};
use export_core::code::Code;
use export_seal::jwks::Jwks;

use crate::openapi::{Problem, schemas};
use crate::problem::Refusal;
use crate::server::Shared;

/// The public sealing keys
///
/// A JWKS (RFC 7517) with every key that there was: active, retired and revoked. Needs no token. Whoever verifies bundles keeps a
/// copy of it, or compares fingerprints over another way.
#[utoipa::path(get, path = "/.well-known/evidence-keys.json", tag = "evidence", operation_id = "getEvidenceKeys", security(()),
    responses((status = 200, description = "The keys", body = schemas::Jwks, content_type = "application/jwk-set+json"),
        (status = 404, response = Problem)))]
pub(crate) async fn jwks(State(server): State<Shared>) -> Result<Response, Refusal> {
    let sealing = server.api.engine.parts().writers.sealing();
    let sealing = sealing.ok_or_else(|| Refusal::new(Code::NotFound, "This installation seals nothing"))?;
    let keys = Jwks::of(&sealing.signer.keys().await?);
    let body = serde_json::to_vec_pretty(&keys).expect("keys are text");
    let headers = [(CONTENT_TYPE, "application/jwk-set+json"), (CACHE_CONTROL, "public, max-age=300")];
    Ok((headers, body).into_response())
}
