//! What every request and response goes through.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{MatchedPath, Request, State};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use axum::http::{HeaderName, HeaderValue};
use axum::middleware::{Next, map_response};
use axum::response::{IntoResponse as _, Response};
use export_core::code::Code;
use export_engine::Entropy;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::request_id::{MakeRequestId, PropagateRequestIdLayer, RequestId, SetRequestIdLayer};
use tower_http::trace::{DefaultOnResponse, TraceLayer};
use tracing::{Level, Span};

use crate::problem::{self, Refusal};

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// `app` with request ids, a span for each request, safe headers, and panics turned into problems.
pub(crate) fn around(app: Router, entropy: Arc<dyn Entropy>) -> Router {
    let trace = TraceLayer::new_for_http()
        .make_span_with(span)
        .on_response(DefaultOnResponse::new().level(Level::INFO));
    app.layer(CatchPanicLayer::custom(problem::panicked))
        .layer(map_response(safe_headers))
        .layer(PropagateRequestIdLayer::new(REQUEST_ID))
        .layer(trace)
        .layer(SetRequestIdLayer::new(REQUEST_ID, RandomIds(entropy)))
}

/// Names the route, never the path or the query: tokens of links and of callers who err stand in those.
fn span(request: &Request) -> Span {
    let route = request.extensions().get::<MatchedPath>().map_or("none", MatchedPath::as_str);
    let id = request.headers().get(REQUEST_ID).and_then(|value| value.to_str().ok());
    tracing::info_span!(
        "http-request", method = %request.method(), route, request_id = id, tenant = tracing::field::Empty
    )
}

async fn safe_headers(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    let policy = HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'");
    headers.entry(CONTENT_SECURITY_POLICY).or_insert(policy);
    response
}

/// Gives up on a request that takes too long, so that a slow body or store does not hold it forever.
pub(crate) async fn time_limit(State(limit): State<Duration>, request: Request, next: Next) -> Response {
    match tokio::time::timeout(limit, next.run(request)).await {
        Ok(response) => response,
        Err(_) => {
            tracing::warn!("the request took too long");
            Refusal::new(Code::Unavailable, "The request took too long; try again later").into_response()
        }
    }
}

/// Sixteen random bytes for each request that brings no id of its own.
#[derive(Clone)]
struct RandomIds(Arc<dyn Entropy>);

impl MakeRequestId for RandomIds {
    fn make_request_id<B>(&mut self, _request: &axum::http::Request<B>) -> Option<RequestId> {
        let mut bytes = [0; 16];
        self.0.fill(&mut bytes);
        let text = format!("{:032x}", u128::from_be_bytes(bytes));
        text.parse().ok().map(RequestId::new)
    }
}
