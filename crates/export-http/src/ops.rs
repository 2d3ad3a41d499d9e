//! For operators: health, readiness, metrics. Without a token, for whoever reaches the port.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use export_core::code::Code;
use export_core::error::PortError;
use export_engine::Engine;
use futures::future::{BoxFuture, join_all};
use metrics::{describe_gauge, gauge};
use serde_json::{Value, json};

use crate::Api;
use crate::openapi::Problem;
use crate::problem::Refusal;

/// Renders all metrics as Prometheus text (exposition format 0.0.4).
pub type Metrics = Arc<dyn Fn() -> String + Send + Sync>;

type Check = Arc<dyn Fn() -> BoxFuture<'static, Result<(), PortError>> + Send + Sync>;

/// How long one check may take.
const CHECK: Duration = Duration::from_secs(5);

/// What must work before the program takes work, by name.
#[derive(Clone, Default)]
pub struct Readiness(Vec<(&'static str, Check)>);

impl Readiness {
    /// The same checks and one more. Its name is shown to everybody; why it fails stands in the log.
    #[must_use]
    pub fn with<F, R>(mut self, name: &'static str, check: F) -> Self
    where
        F: Fn() -> R + Send + Sync + 'static,
        R: Future<Output = Result<(), PortError>> + Send + 'static,
    {
        self.0.push((name, Arc::new(move || Box::pin(check()))));
        self
    }

    /// The names of the checks that fail.
    async fn failing(&self) -> Vec<&'static str> {
        let results = join_all(self.0.iter().map(async |(name, check)| {
            let failed = match tokio::time::timeout(CHECK, check()).await {
                Ok(Ok(())) => return None,
                Ok(Err(error)) => error.to_string(),
                Err(_) => "the check did not end in time".to_owned(),
            };
            tracing::warn!(check = name, "not ready: {failed}");
            Some(*name)
        }));
        results.await.into_iter().flatten().collect()
    }
}

/// The routes `/healthz`, `/readyz` and `/metrics` for a program without the API, such as a worker.
pub fn operations(metrics: Metrics, readiness: Readiness) -> Router {
    routes(Operations { metrics, readiness, engine: None })
}

#[derive(Clone)]
pub(crate) struct Operations {
    metrics: Metrics,
    readiness: Readiness,
    /// Whose queue is measured, if at all.
    engine: Option<Arc<Engine>>,
}

impl Operations {
    pub(crate) fn of(api: &Api) -> Self {
        describe_gauge!("export_queue_depth", "Exports that have not ended, by state");
        describe_gauge!(
            "export_queue_age_seconds",
            metrics::Unit::Seconds,
            "Time that the oldest waiting export has waited"
        );
        let (metrics, readiness) = (Arc::clone(&api.metrics), api.settings.readiness.clone());
        Self { metrics, readiness, engine: Some(Arc::clone(&api.engine)) }
    }
}

pub(crate) fn routes(operations: Operations) -> Router {
    Router::new()
        .route("/healthz", get(healthz))
        .route("/readyz", get(readyz))
        .route("/metrics", get(metrics_text))
        .with_state(operations)
}

/// Whether the process lives
#[utoipa::path(get, path = "/healthz", tag = "operations", operation_id = "getHealth", security(()),
    responses((status = 200, description = "It lives", body = Value)))]
pub(crate) async fn healthz() -> Json<Value> {
    Json(json!({ "status": "ok" }))
}

/// Whether the process can take work
#[utoipa::path(get, path = "/readyz", tag = "operations", operation_id = "getReadiness", security(()),
    responses((status = 200, description = "It can", body = Value), (status = 503, response = Problem)))]
pub(crate) async fn readyz(State(operations): State<Operations>) -> Result<Json<Value>, Refusal> {
    let failing = operations.readiness.failing().await;
    if failing.is_empty() {
        return Ok(Json(json!({ "status": "ready" })));
    }
    Err(Refusal::new(Code::Unavailable, format!("Not ready: {}", failing.join(", "))))
}

/// Metrics as Prometheus text
#[utoipa::path(get, path = "/metrics", tag = "operations", operation_id = "getMetrics", security(()),
    responses((status = 200, description = "Exposition format 0.0.4", content_type = "text/plain", body = String)))]
pub(crate) async fn metrics_text(State(operations): State<Operations>) -> Response {
    if let Some(engine) = &operations.engine {
        measure_queue(engine).await;
    }
    ([(CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], (operations.metrics)()).into_response()
}

#[expect(clippy::cast_precision_loss, reason = "a gauge's value is a float")]
async fn measure_queue(engine: &Engine) {
    let parts = engine.parts();
    let (queued, processing, age) = match parts.reader.depth().await {
        Ok(depth) => {
            let now = parts.clock.now().wall.as_millis();
            let waited = depth.oldest_queued.map_or(0, |oldest| (now - oldest.as_millis()).max(0));
            (depth.queued as f64, depth.processing as f64, waited as f64 / 1000.0)
        }
        Err(error) => {
            tracing::warn!(%error, "the queue cannot be measured");
            // The last numbers would look as if they still held.
            (f64::NAN, f64::NAN, f64::NAN)
        }
    };
    gauge!("export_queue_depth", "state" => "queued").set(queued);
    gauge!("export_queue_depth", "state" => "processing").set(processing);
    gauge!("export_queue_age_seconds").set(age);
}
