//! `GET /exports/{id}/download`.

use std::time::Duration;

use export_core::time::{Clock as _, Timestamp};

use crate::support::{FAILING, JSON, World, body, refused, shapes};

#[tokio::test]
async fn a_link_to_the_main_artifact_or_a_named_one() {
    let world = World::working().await;
    let path = world.ended(JSON).await;
    for (query, name) in [
        ("", "report.json"),
        ("?artifact=report.json", "report.json"),
        ("?artifact=manifest.json", "manifest.json"),
    ] {
        let link = world.get(&format!("{path}/download{query}")).await;
        shapes::conforms("Link", &link);
        let response = world.http.get(link["download_url"].as_str().unwrap()).send().await.unwrap();
        let disposition = response.headers()["content-disposition"].to_str().unwrap();
        assert!(disposition.contains(&format!("filename=\"{name}\"")), "{disposition}");
        let expires_at: Timestamp = link["expires_at"].as_str().unwrap().parse().unwrap();
        let now = world.clock.now().wall;
        assert!(expires_at <= now.plus(Duration::from_secs(15 * 60)) && expires_at > now);
    }
}

#[tokio::test]
async fn a_link_ends_with_its_artifacts_retention() {
    let world = World::working().await;
    let path = world.ended(JSON).await;
    world.clock.advance(Duration::from_secs(30 * 86_400 - 60));
    let kept = world.get(&path).await["expires_at"].clone();
    assert_eq!(world.get(&format!("{path}/download")).await["expires_at"], kept);
}

#[tokio::test]
async fn what_has_no_artifact_has_no_link() {
    let world = World::idle().await;
    let queued = world.submit(JSON).await;
    let link = |path: &str, query: &str| world.acme("GET", &format!("{path}/download{query}")).send();
    refused(link(&queued, "").await.unwrap(), 409, "not_ready").await;
    let failing = world.submit(FAILING).await;
    world.work();
    world.until(&failing, |export| export["status"] == "failed").await;
    let problem = refused(link(&failing, "").await.unwrap(), 409, "not_ready").await;
    assert!(problem["detail"].as_str().unwrap().contains("it does not fit (format_limit)"), "{problem}");
    world.until(&queued, |export| export["status"] == "completed").await;
    for absent in ["nope.pdf", "", "../report.json", "report.json%00", "REPORT.JSON"] {
        let response = link(&queued, &format!("?artifact={absent}")).await.unwrap();
        refused(response, 404, "not_found").await;
    }
    refused(link(&queued, "?artefact=report.json").await.unwrap(), 422, "invalid_parameter").await;
    refused(link(&queued, "?artifact=a&artifact=b").await.unwrap(), 422, "invalid_parameter").await;
    body(link(&queued, "").await.unwrap(), 200).await;
    world.clock.advance(Duration::from_secs(30 * 86_400));
    refused(link(&queued, "").await.unwrap(), 410, "expired").await;
}
