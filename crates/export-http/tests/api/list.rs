//! `GET /exports`.

use std::time::Duration;

use serde_json::Value;

use crate::support::{FAILING, JSON, LARGE, World, body, refused, shapes};

fn ids(page: &Value) -> Vec<String> {
    let exports = page["exports"].as_array().unwrap();
    exports.iter().map(|export| export["export_id"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn pages_hold_each_export_once_newest_first() {
    let world = World::idle().await;
    let mut expected = Vec::new();
    for _ in 0..5 {
        let path = world.submit(JSON).await;
        expected.insert(0, path.rsplit('/').next().unwrap().to_owned());
        world.clock.advance(Duration::from_millis(1));
    }
    let (mut found, mut path) = (Vec::new(), "/api/v1/exports?limit=2".to_owned());
    loop {
        let page = world.get(&path).await;
        shapes::conforms("Page", &page);
        found.push(ids(&page));
        let Some(cursor) = page["next_cursor"].as_str() else { break };
        path = format!("/api/v1/exports?limit=2&cursor={cursor}");
    }
    assert_eq!(found.iter().map(Vec::len).collect::<Vec<_>>(), [2, 2, 1]);
    assert_eq!(found.concat(), expected);
    assert_eq!(ids(&world.get("/api/v1/exports").await), expected);
}

#[tokio::test]
async fn a_tenant_lists_its_own() {
    let world = World::idle().await;
    world.submit(JSON).await;
    let response = world.of("other", "GET", "/api/v1/exports").send().await.unwrap();
    assert!(ids(&body(response, 200).await).is_empty());
}

#[tokio::test]
async fn cursors_are_those_that_were_given() {
    let world = World::idle().await;
    world.submit(JSON).await;
    world.clock.advance(Duration::from_millis(1));
    world.submit(JSON).await;
    let page = world.get("/api/v1/exports?limit=1").await;
    let cursor = page["next_cursor"].as_str().unwrap();
    let of =
        |tenant, cursor: &str| world.of(tenant, "GET", &format!("/api/v1/exports?cursor={cursor}")).send();
    refused(of("other", cursor).await.unwrap(), 400, "bad_cursor").await;
    let swapped: String = cursor.chars().rev().collect();
    for bad in ["", "garbage", &cursor[1..], &format!("{cursor}A"), &swapped, "%00"] {
        refused(of("acme", bad).await.unwrap(), 400, "bad_cursor").await;
    }
    assert_eq!(ids(&body(of("acme", cursor).await.unwrap(), 200).await).len(), 1);
}

#[tokio::test]
async fn filters_narrow() {
    let world = World::working().await;
    for request in [JSON, FAILING, LARGE] {
        world.ended(request).await;
        world.clock.advance(Duration::from_secs(3_600));
    }
    for (query, count) in [
        ("", 3),
        ("?status=completed", 2),
        ("?status=failed", 1),
        ("?status=queued", 0),
        ("?type=vulnerability_report", 1),
        ("?format=json", 1),
        ("?format=excel", 0),
        ("?type=scan_report&status=completed", 1),
        ("?created_after=-90m", 1),
        ("?created_before=-90m", 2),
        ("?created_after=2000-01-01T00:00:00Z&created_before=now", 3),
    ] {
        let page = world.get(&format!("/api/v1/exports{query}")).await;
        assert_eq!(ids(&page).len(), count, "{query}");
    }
}

#[tokio::test]
async fn bad_parameters_are_named() {
    let world = World::idle().await;
    for (query, place) in [
        ("limit=0", "/query/limit"),
        ("limit=-1", "/query/limit"),
        ("limit=201", "/query/limit"),
        ("limit=1000000000", "/query/limit"),
        ("limit=99999999999999999999999", "/query/limit"),
        ("limit=abc", "/query/limit"),
        ("limit=", "/query/limit"),
        ("limit=1&limit=2", "/query/limit"),
        ("type=nope", "/query/type"),
        ("format=docx", "/query/format"),
        ("status=done", "/query/status"),
        ("created_after=yesterday", "/query/created_after"),
        ("created_before=2026-13-01", "/query/created_before"),
        ("statu=queued", "/query/statu"),
        ("a/b=1", "/query/a~1b"),
    ] {
        let response = world.acme("GET", &format!("/api/v1/exports?{query}")).send().await.unwrap();
        let problem = refused(response, 422, "invalid_parameter").await;
        assert_eq!(problem["errors"][0]["pointer"], place, "{query}: {problem}");
    }
}
