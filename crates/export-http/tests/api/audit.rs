//! `GET /audit`, and what links and downloads leave in it.

use std::time::Duration;

use export_contract::When;
use serde_json::{Value, json};

use crate::support::{FAILING, JSON, LARGE, World, body, fail_next, refused, shapes, tenant};

fn events(page: &Value) -> Vec<String> {
    shapes::conforms("AuditPage", page);
    let told =
        |event: &Value| format!("{} {}", event["actor"].as_str().unwrap(), event["action"].as_str().unwrap());
    page["events"].as_array().unwrap().iter().map(told).collect()
}

async fn trail(world: &World, query: &str) -> Vec<String> {
    events(&world.get(&format!("/api/v1/audit{query}")).await)
}

/// The link to the main artifact of a completed export.
async fn link(world: &World, request: &'static str) -> (String, String) {
    let path = world.ended(request).await;
    let url = world.get(&format!("{path}/download")).await["download_url"].as_str().unwrap().to_owned();
    (path.rsplit('/').next().unwrap().to_owned(), url)
}

#[tokio::test]
async fn what_is_done_is_listed_newest_first() {
    let world = World::working().await;
    let (id, url) = link(&world, JSON).await;
    world.http.get(&url).send().await.unwrap();
    let page = world.get("/api/v1/audit").await;
    let told =
        ["link artifact.downloaded", "ann link.issued", "system export.completed", "ann export.requested"];
    assert_eq!(events(&page), told);
    let events = page["events"].as_array().unwrap();
    assert_eq!(events.iter().map(|event| event["seq"].as_u64().unwrap()).collect::<Vec<_>>(), [4, 3, 2, 1]);
    assert!(events.iter().all(|event| event["target"] == id.as_str()));
    let export = world.get(&format!("/api/v1/exports/{id}")).await;
    let sha256 = &export["artifacts"][0]["sha256"];
    assert_eq!(events[0]["detail"], json!({"artifact": "report.json", "sha256": sha256}));
    assert_eq!(events[1]["detail"]["artifact"], "report.json");
    assert!(events[1]["detail"]["expires_at"].as_str().unwrap().ends_with('Z'));
    assert_eq!(events[2]["detail"]["sha256"], *sha256);
    assert_eq!(events[3]["detail"], json!({"type": "scan_report", "format": "json"}));
    assert!(!page.to_string().contains("/d/"), "no link is in it");
}

#[tokio::test]
async fn cancels_and_retries_tell_who() {
    let world = World::idle().await;
    let path = world.submit(JSON).await;
    let other = world.tokens.issue("bob", &["acme"], "exports:read exports:write");
    let bob = |method, path: &str| world.bare(method, path).bearer_auth(&other).header("x-tenant-id", "acme");
    body(bob("DELETE", &path).send().await.unwrap(), 202).await;
    body(world.acme("POST", &format!("{path}/retry")).send().await.unwrap(), 202).await;
    refused(world.acme("POST", &format!("{path}/retry")).send().await.unwrap(), 409, "not_failed").await;
    assert_eq!(
        trail(&world, "").await,
        ["ann export.retried", "bob export.cancelled", "ann export.requested"]
    );
}

#[tokio::test]
async fn a_failure_tells_its_code() {
    let world = World::working().await;
    world.ended(FAILING).await;
    let page = world.get("/api/v1/audit?action=export.failed").await;
    assert_eq!(page["events"][0]["detail"], json!({"attempt": "1", "code": "format_limit"}));
}

#[tokio::test]
async fn every_download_is_noted_once_and_nothing_else_is() {
    let world = World::working().await;
    let (_, url) = link(&world, LARGE).await;
    let ask = async |method: &str, headers: &[(&str, &str)], status: u16| {
        let request = world.http.request(method.parse().unwrap(), &url);
        let request = headers.iter().fold(request, |it, (name, value)| it.header(*name, *value));
        let response = request.send().await.unwrap();
        assert_eq!(response.status().as_u16(), status);
        let etag = response.headers().get("etag").map(|tag| tag.to_str().unwrap().to_owned());
        (response.bytes().await.unwrap(), etag)
    };
    let (_, etag) = ask("HEAD", &[], 200).await;
    ask("GET", &[("if-none-match", &etag.unwrap())], 304).await;
    ask("GET", &[("range", "bytes=99999999999-")], 416).await;
    assert_eq!(trail(&world, "?action=artifact.downloaded").await, [""; 0], "nothing was sent");
    let (whole, _) = ask("GET", &[], 200).await;
    ask("GET", &[("range", "bytes=10-19")], 206).await;
    let page = world.get("/api/v1/audit?action=artifact.downloaded").await;
    let ranges: Vec<_> =
        page["events"].as_array().unwrap().iter().map(|event| event["detail"]["range"].clone()).collect();
    assert_eq!(ranges, [json!(format!("bytes 10-19/{}", whole.len())), Value::Null]);
    let broken = world.http.get(format!("{url}x")).send().await.unwrap();
    refused(broken, 403, "link_invalid").await;
    assert_eq!(trail(&world, "?action=artifact.downloaded").await.len(), 2);
}

#[tokio::test]
async fn what_cannot_be_noted_is_not_done() {
    let world = World::working().await;
    let (id, url) = link(&world, JSON).await;
    let before = world.jobs.trail().of(&tenant("acme")).len();
    fail_next(&world.trail, When::Before);
    refused(world.http.get(&url).send().await.unwrap(), 503, "unavailable").await;
    fail_next(&world.trail, When::Before);
    let asked = world.acme("GET", &format!("/api/v1/exports/{id}/download")).send().await.unwrap();
    refused(asked, 503, "unavailable").await;
    fail_next(&world.trail, When::Before);
    refused(world.acme("GET", "/api/v1/audit").send().await.unwrap(), 503, "unavailable").await;
    assert_eq!(world.jobs.trail().of(&tenant("acme")).len(), before);
    assert_eq!(world.http.get(&url).send().await.unwrap().status(), 200);
}

#[tokio::test]
async fn a_tenant_sees_its_own() {
    let world = World::working().await;
    let (_, url) = link(&world, JSON).await;
    world.http.get(&url).send().await.unwrap();
    let of_other = async |query: &str| {
        let asked = world.of("other", "GET", &format!("/api/v1/audit{query}")).send().await.unwrap();
        body(asked, 200).await
    };
    assert_eq!(of_other("").await, json!({"events": []}));
    let post = world.of("other", "POST", "/api/v1/exports").header("content-type", "application/json");
    body(post.body(JSON).send().await.unwrap(), 202).await;
    let page = of_other("?action=export.requested").await;
    assert_eq!(page["events"][0]["seq"], 1, "each trail counts for itself");
    let token = world.tokens.issue("eve", &["other"], "exports:read");
    let foreign = world.bare("GET", "/api/v1/audit").bearer_auth(token).header("x-tenant-id", "acme");
    refused(foreign.send().await.unwrap(), 403, "tenant_mismatch").await;
    let token = world.tokens.issue("eve", &["acme"], "exports:write");
    let writer = world.bare("GET", "/api/v1/audit").bearer_auth(token).header("x-tenant-id", "acme");
    refused(writer.send().await.unwrap(), 403, "forbidden").await;
    refused(world.bare("GET", "/api/v1/audit").send().await.unwrap(), 401, "unauthenticated").await;
}

#[tokio::test]
async fn pages_hold_each_event_once() {
    let world = World::idle().await;
    for _ in 0..5 {
        world.submit(JSON).await;
        world.clock.advance(Duration::from_millis(1));
    }
    let (mut found, mut path) = (Vec::new(), "/api/v1/audit?limit=2".to_owned());
    loop {
        let page = world.get(&path).await;
        let places = page["events"].as_array().unwrap().iter().map(|event| event["seq"].as_u64().unwrap());
        found.push(places.collect::<Vec<_>>());
        let Some(cursor) = page["next_cursor"].as_str() else { break };
        path = format!("/api/v1/audit?limit=2&cursor={cursor}");
        // What comes meanwhile is on no later page.
        world.submit(JSON).await;
    }
    assert_eq!(found, [vec![5, 4], vec![3, 2], vec![1]]);
}

#[tokio::test]
async fn cursors_are_those_that_were_given() {
    let world = World::idle().await;
    world.submit(JSON).await;
    world.submit(JSON).await;
    let page = world.get("/api/v1/audit?limit=1").await;
    let cursor = page["next_cursor"].as_str().unwrap();
    let of = |tenant, cursor: &str| world.of(tenant, "GET", &format!("/api/v1/audit?cursor={cursor}")).send();
    refused(of("other", cursor).await.unwrap(), 400, "bad_cursor").await;
    let list = world.get("/api/v1/exports?limit=1").await;
    let of_exports = list["next_cursor"].as_str().unwrap();
    for bad in ["", "garbage", &cursor[1..], &format!("{cursor}A"), of_exports] {
        refused(of("acme", bad).await.unwrap(), 400, "bad_cursor").await;
    }
    assert_eq!(body(of("acme", cursor).await.unwrap(), 200).await["events"][0]["seq"], 1);
}

#[tokio::test]
async fn filters_narrow() {
    let world = World::idle().await;
    let first = world.submit(JSON).await.rsplit('/').next().unwrap().to_owned();
    world.clock.advance(Duration::from_secs(3_600));
    let second = world.submit(JSON).await;
    body(world.acme("DELETE", &second).send().await.unwrap(), 202).await;
    for (query, count) in [
        ("", 3),
        ("?action=export.requested", 2),
        ("?action=template.stored", 0),
        ("?actor=ann", 3),
        ("?actor=an", 0),
        ("?actor=", 0),
        (&format!("?target={first}"), 1),
        (&format!("?target={first}&action=export.cancelled"), 0),
        ("?after=-30m", 2),
        ("?before=-30m", 1),
        ("?after=2000-01-01T00:00:00Z&before=-30m&actor=ann", 1),
    ] {
        assert_eq!(trail(&world, query).await.len(), count, "{query}");
    }
    for (query, place) in [
        ("action=export.Requested", "/query/action"),
        ("limit=0", "/query/limit"),
        ("limit=201", "/query/limit"),
        ("after=yesterday", "/query/after"),
        ("actor=a&actor=b", "/query/actor"),
        ("created_after=-7d", "/query/created_after"),
    ] {
        let response = world.acme("GET", &format!("/api/v1/audit?{query}")).send().await.unwrap();
        let problem = refused(response, 422, "invalid_parameter").await;
        assert_eq!(problem["errors"][0]["pointer"], place, "{query}: {problem}");
    }
}
