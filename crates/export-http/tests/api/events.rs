//! Server-sent events of one export.

use reqwest::Response;
use serde_json::Value;

use crate::support::{FAILING, GATED, JSON, World, body, header, refused, shapes};

async fn follow(world: &World, path: &str, last: Option<&str>) -> Response {
    let request = world.acme("GET", &format!("{path}/events"));
    let request = last.iter().fold(request, |request, last| request.header("last-event-id", *last));
    request.send().await.unwrap()
}

/// Reads a stream to its end: each event's `id` and `event` fields and its data.
async fn events(response: Response) -> Vec<Value> {
    assert_eq!(
        (response.status().as_u16(), header(&response, "content-type").as_str()),
        (200, "text/event-stream")
    );
    let text = response.text().await.unwrap();
    let blocks = text.split("\n\n").filter(|block| block.contains("data:"));
    blocks
        .map(|block| {
            let field = |name: &str| {
                let mut lines = block.lines();
                lines.find_map(|line| line.strip_prefix(name)).unwrap().trim().to_owned()
            };
            let event: Value = serde_json::from_str(&field("data:")).unwrap();
            shapes::conforms("ExportEvent", &event);
            assert_eq!((field("id:"), field("event:")), (text_of(&event, "id"), text_of(&event, "event")));
            event
        })
        .collect()
}

fn text_of(event: &Value, member: &str) -> String {
    event[member].as_str().unwrap().to_owned()
}

fn names(events: &[Value]) -> Vec<String> {
    events.iter().map(|event| text_of(event, "event")).collect()
}

#[tokio::test]
async fn a_stream_lasts_until_its_export_ends_and_can_be_resumed_anywhere() {
    let world = World::idle().await;
    let noise = world.submit(FAILING).await;
    let path = world.submit(GATED).await;
    let stream = follow(&world, &path, None).await;
    world.work();
    world.until(&path, |export| export["status"] == "processing").await;
    world.gate.open();
    let live = events(stream).await;
    let told = names(&live);
    assert_eq!((told[0].as_str(), told[1].as_str()), ("export.queued", "export.started"));
    assert_eq!(told.last().unwrap(), "export.completed");
    let ids: Vec<u64> = live.iter().map(|event| text_of(event, "id").parse().unwrap()).collect();
    assert!(ids.is_sorted_by(|a, b| a < b), "{ids:?}");
    assert!(live.iter().all(|event| path.ends_with(&text_of(event, "export_id"))));
    for seen in 0..live.len() - 1 {
        let rest = events(follow(&world, &path, Some(&text_of(&live[seen], "id"))).await).await;
        assert_eq!(rest, live[seen + 1..], "behind event {seen}");
    }
    assert_eq!(events(follow(&world, &path, Some("0")).await).await, live);
    let last = text_of(live.last().unwrap(), "id");
    assert_eq!(follow(&world, &path, Some(&last)).await.status(), 204);
    world.until(&noise, |export| export["status"] == "failed").await;
}

#[tokio::test]
async fn an_end_that_a_retry_followed_is_not_the_end() {
    let world = World::idle().await;
    let path = world.submit(JSON).await;
    body(world.acme("DELETE", &path).send().await.unwrap(), 202).await;
    assert_eq!(names(&events(follow(&world, &path, None).await).await), ["export.queued", "export.failed"]);
    body(world.acme("POST", &format!("{path}/retry")).send().await.unwrap(), 202).await;
    let stream = follow(&world, &path, None).await;
    world.work();
    let told = names(&events(stream).await);
    assert_eq!(told[..3], ["export.queued", "export.failed", "export.queued"]);
    assert_eq!(told.last().unwrap(), "export.completed");
}

#[tokio::test]
async fn a_place_that_is_none_is_refused() {
    let world = World::idle().await;
    let path = world.submit(JSON).await;
    for bad in ["", "x", "-1", "+1", "1.0", "999999", "99999999999999999999999"] {
        refused(follow(&world, &path, Some(bad)).await, 400, "invalid_header").await;
    }
}

#[tokio::test]
async fn streams_end_with_the_server() {
    let world = World::idle().await;
    let path = world.submit(JSON).await;
    let stream = follow(&world, &path, None).await;
    world.stop.cancel();
    assert_eq!(names(&events(stream).await), ["export.queued"]);
}

#[tokio::test]
async fn a_tenant_has_so_many_streams_and_gets_them_back() {
    let world = World::with(|settings| settings.streams_per_tenant = 1).await;
    let path = world.submit(JSON).await;
    let stream = follow(&world, &path, None).await;
    refused(follow(&world, &path, None).await, 503, "unavailable").await;
    let other = world.of("other", "GET", "/api/v1/events").send().await.unwrap();
    refused(other, 400, "invalid_header").await;
    drop(stream);
    // The server learns of it when the connection closes.
    while follow(&world, &path, None).await.status() == 503 {
        tokio::task::yield_now().await;
    }
}
