//! `POST /bundles/verify`: a bundle comes in, what it is worth goes out.

use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::Arc;

use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::http::HeaderValue;
use axum::http::header::{CONTENT_LENGTH, RETRY_AFTER};
use export_core::code::Code;
use export_core::error::PortError;
use export_seal::verify::Report;
use export_verify::Trusted;
use futures::TryStreamExt as _;
use tokio::io::AsyncWriteExt as _;

use crate::auth::Tenant;
use crate::openapi::{Problem, schemas};
use crate::problem::Refusal;
use crate::server::{Server, Shared};

/// Verify a bundle
///
/// The body is the archive (ZIP or TAR.GZ), as it is. It is verified against this installation's keys, strictly, and kept nowhere. A
/// bundle that is not whole is an answer like any other: look at `verdict`. Offline, `exportctl verify` and the page `/verify` do the
/// same.
#[utoipa::path(post, path = "/api/v1/bundles/verify", tag = "evidence", operation_id = "verifyBundle",
    request_body(content = [u8], content_type = "application/octet-stream", description = "The archive"),
    responses((status = 200, description = "What it is worth", body = schemas::Verification),
        (status = 404, response = Problem), (status = 413, response = Problem), (status = 422, response = Problem),
        (status = 429, response = Problem)))]
pub(crate) async fn verify(
    State(server): State<Shared>,
    tenant: Tenant,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<Report>, Refusal> {
    let _upload = server
        .uploads
        .take(&tenant.id)
        .map_err(|_| busy("The tenant sends as many bundles as it may at a time"))?;
    let limit = server.api.settings.upload_limit;
    let told = headers.get(CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<u64>().ok());
    if told.is_some_and(|told| told > limit) {
        return Err(too_large(limit));
    }
    let sealing = server.api.engine.parts().writers.sealing();
    let sealing = sealing.ok_or_else(|| Refusal::new(Code::NotFound, "This installation seals nothing"))?;
    let keys = Trusted::Keys(sealing.signer.keys().await?);
    let folder = tempfile::Builder::new().prefix("export-verify-").tempdir_in(server.api.engine.scratch());
    let folder = folder.map_err(unwritable)?;
    let path = folder.path().join("bundle");
    tokio::time::timeout(server.api.settings.upload_timeout, receive(&server, body, path.clone(), limit))
        .await
        .map_err(|_| Refusal::new(Code::Unavailable, "The upload took too long; try again"))??;
    // Only now: whoever sends slowly keeps nobody waiting.
    let slot = Arc::clone(&server.verifications).acquire_owned();
    let slot = tokio::time::timeout(server.api.settings.request_timeout, slot).await;
    let slot = slot
        .ok()
        .and_then(Result::ok)
        .ok_or_else(|| busy("As many bundles are being verified as this server does at a time"))?;
    let (verifier, stop) = (Arc::clone(&server.api.verifier), server.api.stop.clone());
    let verifying = tokio::task::spawn_blocking(move || {
        let go_on = |_| if stop.is_cancelled() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) };
        let report = verifier.verify(&path, &keys, &go_on);
        drop((folder, slot));
        report
    });
    let report = verifying.await.map_err(|_| Refusal::new(Code::Internal, "The verification panicked"))?;
    report.map(Json).map_err(unwritable)
}

/// Writes the body into `path`, up to the limit.
async fn receive(server: &Server, body: Body, path: PathBuf, limit: u64) -> Result<(), Refusal> {
    let mut file = tokio::fs::File::create_new(path).await.map_err(unwritable)?;
    let (mut chunks, mut size) = (body.into_data_stream(), 0_u64);
    let broken = |_| Refusal::new(Code::InvalidRequest, "The upload broke off");
    loop {
        let silent = |_| Refusal::new(Code::Unavailable, "Nothing came for too long; send the bundle again");
        let next = tokio::time::timeout(server.api.settings.request_timeout, chunks.try_next());
        let Some(chunk) = next.await.map_err(silent)?.map_err(broken)? else { break };
        size += chunk.len() as u64;
        if size > limit {
            return Err(too_large(limit));
        }
        if server.api.stop.is_cancelled() {
            return Err(Refusal::new(Code::Unavailable, "The server is stopping; try again"));
        }
        file.write_all(&chunk).await.map_err(unwritable)?;
    }
    file.flush().await.map_err(unwritable)
}

fn busy(detail: &str) -> Refusal {
    let refusal = Refusal::new(Code::Busy, format!("{detail}; try again"));
    refusal.with(RETRY_AFTER, HeaderValue::from_static("5"))
}

fn too_large(limit: u64) -> Refusal {
    let detail = format!("The archive is larger than {limit} bytes; verify it with `exportctl verify`");
    Refusal::new(Code::PayloadTooLarge, detail)
}

fn unwritable(error: std::io::Error) -> Refusal {
    PortError::io("scratch: keep an upload", error).into()
}
