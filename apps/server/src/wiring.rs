//! Which parts answer requests.

use std::sync::Arc;

use export_boot::{Assembly, Recorder};
use export_http::{Api, HttpSettings, Readiness, Router};
use tokio_util::sync::CancellationToken;

/// The API over an assembly; `stop` ends its event streams.
pub(crate) fn router(assembly: &Assembly, recorder: Recorder, stop: CancellationToken) -> Router {
    let reader = Arc::clone(&assembly.engine.parts().reader);
    let jobs = move || {
        let reader = Arc::clone(&reader);
        async move { reader.check().await }
    };
    export_http::router(Api {
        engine: Arc::clone(&assembly.engine),
        links: Arc::clone(&assembly.links),
        auth: Arc::clone(&assembly.tokens) as _,
        templates: Arc::clone(&assembly.templates),
        verifier: Arc::clone(&assembly.verifier),
        metrics: Arc::new(move || recorder.render()),
        stop,
        settings: HttpSettings::new(assembly.client_secret, Readiness::default().with("jobs", jobs)),
    })
}
