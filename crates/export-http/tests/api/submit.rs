//! `POST /exports`.

use serde_json::{Value, json};

use crate::support::{JSON, MAX_QUEUED, World, body, header, refused, shapes, tenant};

#[tokio::test]
async fn an_accepted_export_says_where_it_is_and_how_long_it_may_take() {
    let world = World::idle().await;
    let response = world.post(JSON).await;
    assert_eq!(header(&response, "retry-after"), "5");
    let location = header(&response, "location");
    assert_eq!(header(&response, "idempotent-replayed"), "");
    let export = body(response, 202).await;
    shapes::conforms("Export", &export);
    assert_eq!(location, format!("/api/v1/exports/{}", export["export_id"].as_str().unwrap()));
    assert_eq!((&export["status"], &export["estimated_completion"]), (&json!("queued"), &json!("PT5S")));
    assert_eq!(world.get(&location).await["export_id"], export["export_id"]);
    assert_eq!(world.jobs.all()[0].created_by, "ann");
}

async fn with_key(world: &World, tenant: &str, key: &str, request: &'static str) -> reqwest::Response {
    let post = world.of(tenant, "POST", "/api/v1/exports").header("content-type", "application/json");
    post.header("idempotency-key", key).body(request).send().await.unwrap()
}

#[tokio::test]
async fn the_same_key_and_body_give_the_same_export() {
    let world = World::idle().await;
    let first = body(with_key(&world, "acme", "k", JSON).await, 202).await;
    let again = with_key(&world, "acme", "k", JSON).await;
    assert_eq!(header(&again, "idempotent-replayed"), "true");
    assert_eq!(body(again, 202).await["export_id"], first["export_id"]);
    let other_body = r#"{"type":"scan_report","format":"json","scope":{"scan_ids":["scan-1"]}}"#;
    refused(with_key(&world, "acme", "k", other_body).await, 422, "idempotency_key_reused").await;
    let foreign = with_key(&world, "other", "k", JSON).await;
    assert_eq!(header(&foreign, "idempotent-replayed"), "");
    assert_ne!(body(foreign, 202).await["export_id"], first["export_id"]);
    assert_eq!(world.jobs.all().len(), 2);
}

#[tokio::test]
async fn keys_are_visible_ascii() {
    let world = World::idle().await;
    for bad in ["", "a b", "é", "a\tb", &"k".repeat(256), &"k".repeat(1024)] {
        refused(with_key(&world, "acme", bad, JSON).await, 400, "invalid_idempotency_key").await;
    }
    let post = world.acme("POST", "/api/v1/exports").header("content-type", "application/json");
    let two =
        post.header("idempotency-key", "a").header("idempotency-key", "b").body(JSON).send().await.unwrap();
    refused(two, 400, "invalid_idempotency_key").await;
    body(with_key(&world, "acme", &"k".repeat(255), JSON).await, 202).await;
    assert_eq!(world.jobs.all().len(), 1);
}

#[tokio::test]
async fn bad_bodies_are_refused_with_their_places() {
    let world = World::idle().await;
    let with_scope = |scope: &str| format!(r#"{{"type":"scan_report","format":"json","scope":{scope}}}"#);
    let with_option = |option: &str| {
        format!(
            r#"{{"type":"scan_report","format":"json","scope":{{"scan_ids":["scan-0"]}},"options":{{{option}}}}}"#
        )
    };
    let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    let utf16: Vec<u8> = JSON.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let cases: Vec<(Vec<u8>, u16, &str, Option<&str>)> = vec![
        (b"".into(), 400, "invalid_json", None),
        (b"not json".into(), 400, "invalid_json", None),
        (JSON.as_bytes()[..40].into(), 400, "invalid_json", None),
        (utf16, 400, "invalid_json", None),
        ([b"\xef\xbb\xbf", JSON.as_bytes()].concat(), 400, "invalid_json", None),
        (br#"{"type":"scan_report","type":"sbom"}"#.into(), 400, "duplicate_member", None),
        (nested(129).into(), 400, "invalid_json", None),
        (nested(100_000).into(), 400, "invalid_json", None),
        (with_scope(r#"{"scan_ids":["\ud800"]}"#).into(), 400, "invalid_json", None),
        (b"[]".into(), 422, "invalid_request", Some("")),
        (br#"{"formatt":"pdf"}"#.into(), 422, "invalid_request", Some("/formatt")),
        (
            with_scope(r#"{"scan_ids":["a\u0000b"]}"#).into(),
            422,
            "invalid_request",
            Some("/scope/scan_ids/0"),
        ),
        (with_scope("{}").into(), 422, "invalid_request", Some("/scope")),
        (with_option(r#""pdf_max_rows":1.0"#).into(), 422, "invalid_request", Some("/options/pdf_max_rows")),
        (with_option(r#""pdf_max_rows":-0"#).into(), 422, "invalid_request", Some("/options/pdf_max_rows")),
        (
            with_option(r#""retention_days":9007199254740993"#).into(),
            422,
            "invalid_request",
            Some("/options/retention_days"),
        ),
        (
            with_option(r#""include_sbom":true"#).into(),
            422,
            "unsupported_option",
            Some("/options/include_sbom"),
        ),
    ];
    for (request, status, code, pointer) in cases {
        let shown = String::from_utf8_lossy(&request[..request.len().min(80)]).into_owned();
        let post = world.acme("POST", "/api/v1/exports").header("content-type", "application/json");
        let problem = refused(post.body(request).send().await.unwrap(), status, code).await;
        if let Some(pointer) = pointer {
            let places = problem["errors"].as_array().unwrap();
            assert!(places.iter().any(|place| place["pointer"] == pointer), "{shown}: {problem}");
        }
    }
    assert_eq!(world.jobs.all(), []);
}

#[tokio::test]
async fn numbers_out_of_range_are_refused() {
    let world = World::idle().await;
    let request = r#"{"type":"scan_report","format":"json","scope":{"scan_ids":["scan-0"]},"options":{"retention_days":1e400}}"#;
    let status = world.post(request).await.status().as_u16();
    assert!(matches!(status, 400 | 422), "{status}");
}

#[tokio::test]
async fn what_this_installation_cannot_do_is_said() {
    let world = World::idle().await;
    let pair = r#"{"type":"scan_report","format":"xlsx","scope":{"scan_ids":["scan-0"]}}"#;
    let problem = refused(world.post(pair).await, 422, "unsupported_format").await;
    assert_eq!(problem["allowed_formats"], json!(["pdf", "json", "sarif"]));
    let no_renderer = r#"{"type":"sbom","format":"spdx","scope":{"scan_ids":["scan-0"]}}"#;
    refused(world.post(no_renderer).await, 422, "unsupported_format").await;
    let absent = r#"{"type":"scan_report","format":"json","scope":{"scan_ids":["nope","scan-0"],"image_refs":["no:1"]}}"#;
    let problem = refused(world.post(absent).await, 404, "data_not_found").await;
    assert_eq!(problem["scope"], json!({"missing": {"scan_ids": ["nope"], "image_refs": ["no:1"]}}));
    assert_eq!(world.jobs.all(), []);
}

#[tokio::test]
async fn only_plain_json_is_taken() {
    let world = World::idle().await;
    for bad in [None, Some("text/plain"), Some("application/json; charset=utf-16"), Some("application/xml")] {
        let post = world.acme("POST", "/api/v1/exports").body(JSON);
        let post = bad.iter().fold(post, |post, value| post.header("content-type", *value));
        refused(post.send().await.unwrap(), 415, "unsupported_media_type").await;
    }
    let post =
        world.acme("POST", "/api/v1/exports").header("content-type", "application/json; charset=UTF-8");
    body(post.body(JSON).send().await.unwrap(), 202).await;
    let post = world.acme("POST", "/api/v1/exports").header("content-type", "application/json");
    let zipped = post.header("content-encoding", "gzip").body("\x1f").send().await.unwrap();
    assert_eq!(header(&zipped, "accept-encoding"), "identity");
    refused(zipped, 415, "unsupported_media_type").await;
}

#[tokio::test]
async fn bodies_over_the_limit_are_refused_with_and_without_a_length() {
    let world = World::with(|settings| settings.body_limit = 1_000).await;
    let padded = |size: usize| format!("{JSON}{}", " ".repeat(size - JSON.len()));
    let post = || world.acme("POST", "/api/v1/exports").header("content-type", "application/json");
    body(post().body(padded(1_000)).send().await.unwrap(), 202).await;
    refused(post().body(padded(1_001)).send().await.unwrap(), 413, "payload_too_large").await;
    let chunks: Vec<Result<String, std::io::Error>> = vec![Ok(padded(600)), Ok(" ".repeat(600))];
    let chunked = reqwest::Body::wrap_stream(futures::stream::iter(chunks));
    refused(post().body(chunked).send().await.unwrap(), 413, "payload_too_large").await;
}

#[tokio::test]
async fn a_full_queue_is_said_to_its_tenant_only() {
    let world = World::idle().await;
    for _ in 0..MAX_QUEUED {
        body(world.post(JSON).await, 202).await;
    }
    let full = world.post(JSON).await;
    assert!(header(&full, "retry-after").parse::<u32>().unwrap() > 0);
    refused(full, 429, "queue_full").await;
    let other = world.of("other", "POST", "/api/v1/exports").header("content-type", "application/json");
    body(other.body(JSON).send().await.unwrap(), 202).await;
}

#[tokio::test]
async fn a_trace_goes_on_and_a_broken_one_is_begun_anew() {
    let world = World::idle().await;
    let trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    for sent in [trace, "00-zz-bad-01"] {
        let post = world.acme("POST", "/api/v1/exports").header("content-type", "application/json");
        body(post.header("traceparent", sent).body(JSON).send().await.unwrap(), 202).await;
    }
    let kept: Vec<_> = world.jobs.all().into_iter().map(|job| job.traceparent.unwrap()).collect();
    assert!(kept.contains(&trace.to_owned()), "{kept:?}");
    assert!(kept.iter().all(|kept| kept.len() == trace.len() && !kept.contains("zz")), "{kept:?}");
}

#[tokio::test]
async fn estimates_are_learned() {
    let world = World::working().await;
    world.ended(JSON).await;
    let export: Value = body(world.post(JSON).await, 202).await;
    assert_eq!(export["estimated_completion"], "PT1S");
    assert_eq!(world.jobs.all()[0].tenant, tenant("acme"));
}
