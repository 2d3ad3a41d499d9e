//! `POST /exports`: from a request to a queued export.

use std::time::Duration;

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::extract::rejection::{BytesRejection, FailedToBufferBody};
use axum::http::header::{ACCEPT_ENCODING, CONTENT_ENCODING, CONTENT_TYPE, LOCATION, RETRY_AFTER};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse as _, Response};
use export_core::code::Code;
use export_core::export::Export;
use export_core::time::iso8601_duration;
use export_engine::{Caller, Submitted};

use crate::auth::{Tenant, only};
use crate::openapi::{Problem, schemas};
use crate::problem::Refusal;
use crate::server::{Server, Shared};

/// The estimate for exports of a type and format that was not yet exported here.
const FIRST_ESTIMATE: Duration = Duration::from_secs(5);

/// Request an export
///
/// When this answers 202 the export is stored durably, and reaches an end. The same `Idempotency-Key` with the same body
/// gives the same export, marked by `Idempotent-Replayed: true`.
#[utoipa::path(post, path = "/api/v1/exports", tag = "exports", operation_id = "submitExport",
    params(
        ("Idempotency-Key" = Option<String>, Header, pattern = "^[!-~]{1,255}$", description = "Names this request"),
        ("traceparent" = Option<String>, Header, description = "W3C Trace Context; the worker goes on with it")),
    request_body = schemas::ExportRequest,
    responses(
        (status = 202, description = "The export is queued", body = schemas::Export, headers(
            ("Location" = String, description = "Where the export can be read"),
            ("Retry-After" = u32, description = "Seconds after which it is worth looking"),
            ("Idempotent-Replayed" = Option<String>, description = "`true` if the key was seen before"))),
        (status = 404, response = Problem), (status = 413, response = Problem), (status = 415, response = Problem),
        (status = 422, response = Problem), (status = 429, response = Problem)))]
pub(crate) async fn submit(
    State(server): State<Shared>,
    tenant: Tenant,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, Refusal> {
    check_media_type(&headers)?;
    let caller = caller(tenant, &headers)?;
    let body = body.map_err(|rejection| unread(&server, &rejection))?;
    let submitted = server.api.engine.submit(caller, &body).await?;
    Ok(accepted(&submitted))
}

fn accepted(submitted: &Submitted) -> Response {
    let estimate = submitted.estimate.unwrap_or(FIRST_ESTIMATE);
    let export =
        Export { estimated_completion: Some(iso8601_duration(estimate)), ..submitted.job.to_export() };
    let location = format!("/api/v1/exports/{}", export.export_id);
    let wait = estimate.as_secs().clamp(1, 60).to_string();
    let headers = [(LOCATION, location), (RETRY_AFTER, wait)];
    let mut response = (StatusCode::ACCEPTED, headers, Json(export)).into_response();
    if submitted.replayed {
        response.headers_mut().insert("idempotent-replayed", HeaderValue::from_static("true"));
    }
    response
}

fn caller(tenant: Tenant, headers: &HeaderMap) -> Result<Caller, Refusal> {
    // A trace that cannot be read is begun anew (Trace Context, 3.2.2.1); it never refuses a request.
    let traceparent = only(headers, "traceparent").ok().flatten();
    let traceparent = traceparent.and_then(|value| value.to_str().ok()).and_then(|text| text.parse().ok());
    Ok(Caller {
        tenant: tenant.id,
        subject: tenant.identity.subject,
        traceparent,
        idempotency_key: idempotency_key(headers)?,
    })
}

fn idempotency_key(headers: &HeaderMap) -> Result<Option<String>, Refusal> {
    let invalid = || {
        let detail = "The Idempotency-Key must be one header of 1 to 255 visible ASCII characters";
        Refusal::new(Code::InvalidIdempotencyKey, detail)
    };
    let Some(value) = only(headers, "idempotency-key").map_err(|_| invalid())? else { return Ok(None) };
    let key = value.as_bytes();
    if (1..=255).contains(&key.len()) && key.iter().all(u8::is_ascii_graphic) {
        Ok(Some(String::from_utf8_lossy(key).into_owned()))
    } else {
        Err(invalid())
    }
}

pub(crate) fn check_media_type(headers: &HeaderMap) -> Result<(), Refusal> {
    let value = only(headers, CONTENT_TYPE.as_str()).ok().flatten().and_then(|value| value.to_str().ok());
    if !value.is_some_and(is_json) {
        return Err(Refusal::new(Code::UnsupportedMediaType, "The Content-Type must be application/json"));
    }
    if headers
        .get_all(CONTENT_ENCODING)
        .iter()
        .any(|coding| !coding.as_bytes().eq_ignore_ascii_case(b"identity"))
    {
        let refusal = Refusal::new(Code::UnsupportedMediaType, "The body must not be compressed");
        // RFC 9110, 15.5.16.
        return Err(refusal.with(ACCEPT_ENCODING, HeaderValue::from_static("identity")));
    }
    Ok(())
}

/// Whether a media type is JSON, which is UTF-8 and nothing else (RFC 8259, 8.1).
fn is_json(media_type: &str) -> bool {
    let mut parts = media_type.split(';').map(str::trim);
    let utf8 = |parameter: &str| {
        let (name, value) = parameter.split_once('=').unwrap_or_default();
        name.eq_ignore_ascii_case("charset") && value.trim_matches('"').eq_ignore_ascii_case("utf-8")
    };
    parts.next().is_some_and(|essence| essence.eq_ignore_ascii_case("application/json")) && parts.all(utf8)
}

pub(crate) fn unread(server: &Server, rejection: &BytesRejection) -> Refusal {
    match rejection {
        BytesRejection::FailedToBufferBody(FailedToBufferBody::LengthLimitError(_)) => {
            let limit = server.api.settings.body_limit;
            Refusal::new(Code::PayloadTooLarge, format!("The body must have at most {limit} bytes"))
        }
        _ => Refusal::new(Code::InvalidJson, "The body ended before its announced length"),
    }
}

#[cfg(test)]
mod tests {
    use super::is_json;

    #[test]
    fn json_is_utf8() {
        for good in
            ["application/json", "Application/JSON; charset=UTF-8", "application/json;charset=\"utf-8\""]
        {
            assert!(is_json(good), "{good}");
        }
        for bad in [
            "",
            "text/json",
            "application/json; charset=utf-16",
            "application/json; v=1",
            "application/jsonx",
            "a, b",
        ] {
            assert!(!is_json(bad), "{bad}");
        }
    }
}
