//! Reading, cancelling and retrying one export.

use std::time::Duration;

use serde_json::{Value, json};

use crate::support::{FAILING, GATED, JSON, World, body, refused, shapes};

#[tokio::test]
async fn a_completed_export_carries_links_until_it_expires() {
    let world = World::working().await;
    let path = world.ended(JSON).await;
    let export = world.get(&path).await;
    shapes::conforms("Export", &export);
    let artifacts = export["artifacts"].as_array().unwrap();
    let names: Vec<_> = artifacts.iter().map(|artifact| artifact["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["report.json", "manifest.json"]);
    for artifact in artifacts {
        let url = artifact["download_url"].as_str().unwrap();
        let bytes = world.http.get(url).send().await.unwrap().bytes().await.unwrap();
        assert_eq!(bytes.len() as u64, artifact["size"].as_u64().unwrap());
        assert_eq!(export_core::digest::Digest::of(&bytes).to_string(), artifact["sha256"].as_str().unwrap());
    }
    world.clock.advance(Duration::from_secs(30 * 86_400));
    let expired = world.get(&path).await;
    assert!(expired["artifacts"].as_array().unwrap().iter().all(|it| it.get("download_url").is_none()));
}

#[tokio::test]
async fn a_failed_export_says_why() {
    let world = World::working().await;
    let path = world.ended(FAILING).await;
    let export = world.get(&path).await;
    shapes::conforms("Export", &export);
    assert_eq!(export["status"], "failed");
    assert_eq!(
        (&export["error"], &export["error_code"]),
        (&json!("it does not fit"), &json!("format_limit"))
    );
    assert_eq!((&export["artifacts"], &export["attempt"]), (&Value::Null, &json!(1)));
}

#[tokio::test]
async fn a_queued_export_is_cancelled_at_once() {
    let world = World::idle().await;
    let path = world.submit(JSON).await;
    let export = body(world.acme("DELETE", &path).send().await.unwrap(), 202).await;
    shapes::conforms("Export", &export);
    assert_eq!((&export["status"], &export["error_code"]), (&json!("failed"), &json!("cancelled")));
    refused(world.acme("DELETE", &path).send().await.unwrap(), 409, "already_ended").await;
}

#[tokio::test]
async fn a_running_export_is_cancelled_through_its_worker() {
    let world = World::working().await;
    let path = world.submit(GATED).await;
    world.until(&path, |export| export["status"] == "processing").await;
    let export = body(world.acme("DELETE", &path).send().await.unwrap(), 202).await;
    assert_eq!(export["status"], "processing");
    // Completion and cancel race for the row here, and the cancel was first: opening the gate changes nothing.
    world.gate.open();
    let export = world.until(&path, |export| export["status"] != "processing").await;
    assert_eq!((&export["status"], &export["error_code"]), (&json!("failed"), &json!("cancelled")));
    assert!(world.artifacts.keys().is_empty());
}

#[tokio::test]
async fn only_a_failed_export_is_retried() {
    let world = World::idle().await;
    let path = world.submit(JSON).await;
    let retry = || world.acme("POST", &format!("{path}/retry")).send();
    refused(retry().await.unwrap(), 409, "not_failed").await;
    body(world.acme("DELETE", &path).send().await.unwrap(), 202).await;
    let export = body(retry().await.unwrap(), 202).await;
    shapes::conforms("Export", &export);
    assert_eq!((&export["status"], &export["attempt"]), (&json!("queued"), &json!(0)));
    world.work();
    world.until(&path, |export| export["status"] == "completed").await;
    refused(retry().await.unwrap(), 409, "not_failed").await;
    refused(world.acme("DELETE", &path).send().await.unwrap(), 409, "already_ended").await;
}
