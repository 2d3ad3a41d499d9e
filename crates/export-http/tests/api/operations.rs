//! What holds for every route, and what operators see.

use std::io::Write;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use export_core::error::{ErrorKind, PortError};
use export_http::Readiness;
use futures::StreamExt as _;
use serde_json::{Value, json};
use tracing_subscriber::fmt::MakeWriter;

use crate::support::{JSON, World, body, header, refused};

#[tokio::test]
async fn health_and_readiness() {
    let world = World::idle().await;
    assert_eq!(world.bare("GET", "/healthz").send().await.unwrap().status(), 200);
    assert_eq!(world.bare("GET", "/readyz").send().await.unwrap().status(), 200);
    let down = || async { Err(PortError::new(ErrorKind::Unavailable, "jobs: check", "secret/path is gone")) };
    let checks = Readiness::default().with("artifacts", async || Ok(())).with("jobs", down);
    let world = World::with(|settings| settings.readiness = checks).await;
    let problem = refused(world.bare("GET", "/readyz").send().await.unwrap(), 503, "unavailable").await;
    assert_eq!(problem["detail"], "Not ready: jobs");
    assert_eq!(world.bare("GET", "/healthz").send().await.unwrap().status(), 200);
}

#[tokio::test]
async fn metrics_tell_of_the_queue() {
    let recorder = metrics_exporter_prometheus::PrometheusBuilder::new().build_recorder();
    let handle = recorder.handle();
    metrics::set_global_recorder(recorder).unwrap();
    let world = World::idle().await;
    world.submit(JSON).await;
    world.clock.advance(Duration::from_secs(90));
    let response = world.bare("GET", "/metrics").send().await.unwrap();
    assert_eq!(header(&response, "content-type"), "text/plain; version=0.0.4; charset=utf-8");
    assert_eq!(response.text().await.unwrap(), "# metrics\n");
    let text = handle.render();
    assert!(text.contains("export_queue_depth{state=\"queued\"} "), "{text}");
    assert!(text.contains("export_queue_age_seconds "), "{text}");
}

#[tokio::test]
async fn a_program_without_the_api_has_the_operators_routes() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let world = World::idle().await;
    let base = format!("http://{}", listener.local_addr().unwrap());
    let router = export_http::operations(Arc::new(|| "worker 1\n".to_owned()), Readiness::default());
    tokio::spawn(export_http::serve(listener, router, world.stop.clone()));
    for (path, status) in [("/healthz", 200), ("/readyz", 200), ("/metrics", 200), ("/api/v1/exports", 404)] {
        assert_eq!(world.http.get(format!("{base}{path}")).send().await.unwrap().status(), status, "{path}");
    }
}

#[tokio::test]
async fn unknown_paths_and_methods_are_problems() {
    let world = World::idle().await;
    for path in ["/", "/nope", "/api/v1", "/api/v1/nope", "/api/v1/exports/", "/d", "/api/v2/exports"] {
        refused(world.acme("GET", path).send().await.unwrap(), 404, "not_found").await;
    }
    for (method, path, allow) in [
        ("PUT", "/api/v1/exports", "GET,HEAD,POST"),
        ("TRACE", "/api/v1/exports", "GET,HEAD,POST"),
        ("BREW", "/api/v1/exports/exp-1", "DELETE,GET,HEAD"),
        ("POST", "/healthz", "GET,HEAD"),
        ("GET", "/api/v1/exports/exp-1/retry", "POST"),
    ] {
        let response = world.acme(method, path).header("x-http-method-override", "GET").send().await.unwrap();
        let mut allowed: Vec<String> = header(&response, "allow").split(',').map(str::to_owned).collect();
        allowed.sort();
        assert_eq!(allowed.join(","), allow, "{path}");
        refused(response, 405, "method_not_allowed").await;
    }
}

#[tokio::test]
async fn every_answer_is_safe_to_show_and_has_an_id() {
    let world = World::idle().await;
    let mut ids = Vec::new();
    for request in [
        world.acme("GET", "/api/v1/exports"),
        world.bare("GET", "/api/v1/exports"),
        world.bare("GET", "/nope"),
        world.bare("PUT", "/healthz"),
        world.bare("GET", "/d/nope"),
        world.bare("GET", "/api/v1/exports").bearer_auth("panic"),
        world.acme("POST", "/api/v1/exports").body("{"),
    ] {
        let response = request.send().await.unwrap();
        assert_eq!(header(&response, "x-content-type-options"), "nosniff", "{}", response.url());
        assert_eq!(header(&response, "referrer-policy"), "no-referrer");
        assert_eq!(header(&response, "cache-control"), "no-store");
        assert!(header(&response, "content-security-policy").contains("default-src 'none'"));
        ids.push(header(&response, "x-request-id"));
    }
    ids.sort();
    ids.dedup();
    assert_eq!((ids.len(), ids.iter().all(|id| id.len() == 32)), (7, true), "{ids:?}");
    let own = world.bare("GET", "/healthz").header("x-request-id", "mine").send().await.unwrap();
    assert_eq!(header(&own, "x-request-id"), "mine");
}

#[tokio::test]
async fn a_panic_is_a_problem_and_the_next_request_is_answered() {
    let world = World::idle().await;
    let list = || world.bare("GET", "/api/v1/exports").header("x-tenant-id", "acme").bearer_auth("panic");
    let problem = refused(list().send().await.unwrap(), 500, "internal").await;
    assert!(!problem["detail"].as_str().unwrap().contains("a token"), "{problem}");
    body(world.acme("GET", "/api/v1/exports").send().await.unwrap(), 200).await;
}

#[tokio::test]
async fn a_body_that_never_ends_is_given_up() {
    let world = World::with(|settings| settings.request_timeout = Duration::from_millis(50)).await;
    let start: Result<&str, std::io::Error> = Ok("{");
    let endless = futures::stream::iter([start]).chain(futures::stream::pending());
    let post = world.acme("POST", "/api/v1/exports").header("content-type", "application/json");
    let response = post.body(reqwest::Body::wrap_stream(endless)).send().await.unwrap();
    refused(response, 503, "unavailable").await;
}

#[tokio::test]
async fn the_document_describes_the_api() {
    let world = World::idle().await;
    let response = world.bare("GET", "/openapi.json").send().await.unwrap();
    let document = body(response, 200).await;
    assert_eq!(document, body(world.bare("GET", "/api/v1/openapi.json").send().await.unwrap(), 200).await);
    assert!(document["openapi"].as_str().unwrap().starts_with("3.1."), "{}", document["openapi"]);
    assert_eq!(document["security"], json!([{"bearer": []}]));
    assert_eq!(document["components"]["securitySchemes"]["bearer"]["scheme"], "bearer");
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let asked = world.bare(&method.to_uppercase(), &path.replace(['{', '}'], ""));
            let status = asked.send().await.unwrap().status().as_u16();
            let described = &operation["responses"];
            assert!(described.get(status.to_string()).is_some(), "{method} {path} answered {status}");
            assert!(
                operation["summary"].is_string() && operation["operationId"].is_string(),
                "{method} {path}"
            );
            let open = !path.starts_with("/api/v1/");
            assert_eq!(
                operation["security"] == json!([{}]),
                open,
                "{method} {path}: {}",
                operation["security"]
            );
        }
    }
    all_references_lead_somewhere(&document, &document);
}

fn all_references_lead_somewhere(value: &Value, document: &Value) {
    match value {
        Value::Object(members) => {
            if let Some(Value::String(reference)) = members.get("$ref") {
                assert!(document.pointer(reference.trim_start_matches('#')).is_some(), "{reference}");
            }
            members.values().for_each(|member| all_references_lead_somewhere(member, document));
        }
        Value::Array(items) => items.iter().for_each(|item| all_references_lead_somewhere(item, document)),
        _ => {}
    }
}

/// Collects log lines.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

/// Everything runs on this thread, so its subscriber sees all that the server logs.
#[tokio::test(flavor = "current_thread")]
async fn no_token_and_no_query_is_logged() {
    let log = Log::default();
    let subscriber = tracing_subscriber::fmt()
        .with_ansi(false)
        .with_max_level(tracing::Level::TRACE)
        .with_writer(log.clone())
        .finish();
    let _guard = tracing::subscriber::set_default(subscriber);
    let world = World::working().await;
    let path = world.ended(JSON).await;
    let export = world.get(&path).await;
    let link = export["artifacts"][0]["download_url"].as_str().unwrap().to_owned();
    let token = world.tokens.issue("ann", &["acme"], "exports:read exports:write");
    world.http.get(&link).send().await.unwrap();
    world.http.get(format!("{link}x")).send().await.unwrap();
    world.bare("GET", "/api/v1/exports?access_token=canary-1").send().await.unwrap();
    world.bare("GET", "/canary-2?canary-3").send().await.unwrap();
    world.bare("GET", "/api/v1/exports").bearer_auth("canary-4").send().await.unwrap();
    let ours = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    // The client's own libraries run here too and log what they send; a server's log has ours only.
    let ours: String =
        ours.lines().filter(|line| line.contains("http-request") || line.contains("export")).collect();
    assert!(ours.contains("route=\"/d/{token}\""), "requests are logged with their route: {ours}");
    for secret in ["canary", &token, link.rsplit('/').next().unwrap()] {
        assert!(!ours.contains(secret), "{secret} is in the log");
    }
}
