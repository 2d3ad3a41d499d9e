//! Every call once.

use std::time::Duration;

use export_client::ListQuery;
use export_core::catalogue::{ExportType, Format};
use export_core::code::Code;
use export_core::export::Status;

use crate::support::{FAILING, JSON, World};
use crate::{client, request};

#[tokio::test]
async fn an_exports_life() {
    let world = World::idle().await;
    let client = client(&world, &world.base);
    let submitted = client.submit(&request(JSON), Some("key")).await.unwrap();
    assert!(!submitted.replayed && submitted.export.estimated_completion.is_some());
    let again = client.submit(&request(JSON), Some("key")).await.unwrap();
    assert!(again.replayed);
    let id = submitted.export.export_id;
    assert_eq!(again.export.export_id, id);
    assert_eq!(client.cancel(id).await.unwrap().error_code, Some(Code::Cancelled));
    assert_eq!(client.retry(id).await.unwrap().status, Status::Queued);
    world.work();
    let path = format!("/api/v1/exports/{id}");
    world.until(&path, |export| export["status"] == "completed").await;
    let export = client.get(id).await.unwrap();
    assert_eq!(export.status, Status::Completed);
    assert!(export.artifacts.unwrap().iter().all(|artifact| artifact.download_url.is_some()));
    let link = client.download_link(id, None).await.unwrap();
    assert!(link.expires_at > export.created_at);
    assert_ne!(
        client.download_link(id, Some("manifest.json")).await.unwrap().download_url,
        link.download_url
    );
}

#[tokio::test]
async fn requests_with_every_member_arrive_as_they_are() {
    let world = World::idle().await;
    let body = r#"{"type":"vulnerability_report","format":"csv","scope":{"scan_ids":["scan-0"],
        "date_range":{"start":"-7d"}},"options":{"csv":{"delimiter":"tab","bom":true},"retention_days":3}}"#;
    let client = client(&world, &world.base);
    client.submit(&request(body), None).await.unwrap();
    let kept = world.jobs.all().remove(0);
    assert_eq!(kept.request, request(body).resolve(kept.created_at));
}

#[tokio::test]
async fn lists_are_narrowed_and_paged() {
    let world = World::working().await;
    for body in [JSON, FAILING, JSON] {
        world.ended(body).await;
        world.clock.advance(Duration::from_secs(3_600));
    }
    let client = client(&world, &world.base);
    let mut query = ListQuery { limit: Some(2), ..ListQuery::default() };
    let first = client.list(&query).await.unwrap();
    query.cursor.clone_from(&first.next_cursor);
    let second = client.list(&query).await.unwrap();
    assert_eq!((first.exports.len(), second.exports.len(), second.next_cursor), (2, 1, None));
    let narrow = ListQuery {
        kind: Some(ExportType::ScanReport),
        format: Some(Format::Sarif),
        status: Some(Status::Failed),
        created_after: Some("-5h".parse().unwrap()),
        created_before: Some("2027-01-01T00:00:00Z".parse().unwrap()),
        ..ListQuery::default()
    };
    assert_eq!(client.list(&narrow).await.unwrap().exports.len(), 1);
}
