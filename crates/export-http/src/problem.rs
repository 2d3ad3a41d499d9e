//! Refusals: problem documents as responses (RFC 9457).

use std::any::Any;

use axum::body::Body;
use axum::http::header::{CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use export_core::code::Code;
use export_core::error::PortError;
use export_core::problem::Problem;

/// What a caller gets instead of an answer: a problem, and headers that belong to it.
#[derive(Debug)]
pub(crate) struct Refusal {
    problem: Box<Problem>,
    headers: HeaderMap,
}

impl Refusal {
    pub(crate) fn new(code: Code, detail: impl Into<String>) -> Self {
        Box::new(Problem::new(code, detail)).into()
    }

    /// The one answer to ids that are malformed, unknown, or another tenant's.
    pub(crate) fn no_such_export() -> Self {
        Self::new(Code::NotFound, "There is no such export")
    }

    pub(crate) fn with(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.insert(name, value);
        self
    }
}

impl From<Box<Problem>> for Refusal {
    fn from(problem: Box<Problem>) -> Self {
        let wait = match problem.code {
            Code::QueueFull => Some("30"),
            _ if problem.status == 503 => Some("5"),
            _ => None,
        };
        let headers = wait.map(|seconds| (RETRY_AFTER, HeaderValue::from_static(seconds)));
        Self { problem, headers: headers.into_iter().collect() }
    }
}

/// A store failed. Logged here, because callers only hand it on.
impl From<PortError> for Refusal {
    fn from(error: PortError) -> Self {
        tracing::error!(%error, "a request failed");
        Self::new(Code::Unavailable, "The service cannot answer right now; try again later")
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let body = serde_json::to_vec(&self.problem).expect("a problem holds only text and JSON");
        let media_type = [(CONTENT_TYPE, Problem::MEDIA_TYPE)];
        (status, self.headers, media_type, body).into_response()
    }
}

/// The answer to paths that the API does not have.
pub(crate) async fn unknown_route() -> Refusal {
    Refusal::new(Code::NotFound, "There is nothing at this path; /openapi.json lists what there is")
}

/// The answer to methods that a path does not have; axum adds the `Allow` header that RFC 9110, 15.5.6 asks for.
pub(crate) async fn method_not_allowed() -> Refusal {
    Refusal::new(Code::MethodNotAllowed, "This path does not have the method; see the Allow header")
}

/// The answer when a handler panics. The panic itself is in the log.
#[expect(clippy::needless_pass_by_value, reason = "the layer hands the payload over")]
pub(crate) fn panicked(payload: Box<dyn Any + Send + 'static>) -> axum::http::Response<Body> {
    let message = payload
        .downcast_ref::<&str>()
        .map(|text| (*text).to_owned())
        .or_else(|| payload.downcast_ref::<String>().cloned());
    tracing::error!(panic = message.as_deref().unwrap_or("without words"), "a handler panicked");
    Refusal::new(Code::Internal, "An internal error; the log has its cause under this request's id")
        .into_response()
}
